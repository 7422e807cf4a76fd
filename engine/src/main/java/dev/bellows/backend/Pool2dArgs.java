package dev.bellows.backend;

/**
 * Geometry of a 2-d pooling.
 *
 * @param kernelH window rows
 * @param kernelW window columns; {@code kernelH · kernelW ≤ 256}, so that a position fits in a byte
 * @param strideH distance of windows in rows
 * @param strideW distance of windows in columns
 * @param padH rows of −∞ on each side, at most half the window
 * @param padW columns of −∞ on each side, at most half the window
 */
public record Pool2dArgs(int kernelH, int kernelW, int strideH, int strideW, int padH, int padW) {}
