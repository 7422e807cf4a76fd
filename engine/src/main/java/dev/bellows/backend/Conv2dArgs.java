package dev.bellows.backend;

/**
 * Geometry of a 2-d convolution.
 *
 * @param strideH rows between windows, ≥ 1
 * @param strideW columns between windows, ≥ 1
 * @param padH rows of zeros on either side, ≥ 0
 * @param padW columns of zeros on either side, ≥ 0
 * @param dilationH rows between taps, ≥ 1
 * @param dilationW columns between taps, ≥ 1
 * @param groups channel groups, ≥ 1
 */
public record Conv2dArgs(
    int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int groups) {
  /** Output rows or columns: {@code (in + 2·pad − dilation·(kernel − 1) − 1) / stride + 1}. */
  public static long outSize(long in, long kernel, int stride, int pad, int dilation) {
    return Math.floorDiv(in + 2L * pad - (long) dilation * (kernel - 1) - 1, (long) stride) + 1;
  }
}
