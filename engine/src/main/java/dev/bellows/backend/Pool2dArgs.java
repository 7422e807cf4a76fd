package dev.bellows.backend;

/**
 * Geometry of a 2-d pooling.
 *
 * @param kernelH window rows
 * @param kernelW window columns; {@code kernelH · kernelW ≤ 256}, since a position fits a byte
 * @param strideH rows between windows
 * @param strideW columns between windows
 * @param padH rows of −∞ on either side, at most half the window
 * @param padW columns of −∞ on either side, at most half the window
 */
public record Pool2dArgs(int kernelH, int kernelW, int strideH, int strideW, int padH, int padW) {}
