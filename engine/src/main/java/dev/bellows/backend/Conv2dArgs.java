package dev.bellows.backend;

/**
 * Geometry of a 2-d convolution.
 *
 * @param strideH distance of windows in rows, ≥ 1
 * @param strideW distance of windows in columns, ≥ 1
 * @param padH rows of zeros on each side, ≥ 0
 * @param padW columns of zeros on each side, ≥ 0
 * @param dilationH distance of taps in rows, ≥ 1
 * @param dilationW distance of taps in columns, ≥ 1
 * @param groups channel groups, ≥ 1
 */
public record Conv2dArgs(
    int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int groups) {
  /**
   * Returns the number of output rows or columns: {@code (in + 2·pad − dilation·(kernel − 1) − 1) /
   * stride + 1}.
   */
  public static long outSize(long in, long kernel, int stride, int pad, int dilation) {
    return Math.floorDiv(in + 2L * pad - (long) dilation * (kernel - 1) - 1, (long) stride) + 1;
  }
}
