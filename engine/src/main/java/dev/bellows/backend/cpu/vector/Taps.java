package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.Pool2dArgs;

/**
 * The elements of a pooling window in a channels-last image: those inside the image, row by row.
 * One object is reused for all windows of a call.
 */
final class Taps {
  final long channels;
  final long windows;

  /** Byte offset of each tap of the window from the first element of the image. */
  final long[] offset;

  /** Position of each tap in its window: row · kernelW + column, exact in a float. */
  final float[] position;

  /** Number of taps in this window. */
  int count;

  private final long h;
  private final long w;
  private final long oh;
  private final long ow;
  private final Pool2dArgs args;

  /** Creates the taps; {@code sizes} are n, c, h, w, oh, ow. */
  Taps(long[] sizes, Pool2dArgs args) {
    this.channels = sizes[1];
    this.h = sizes[2];
    this.w = sizes[3];
    this.oh = sizes[4];
    this.ow = sizes[5];
    this.windows = sizes[0] * oh * ow;
    this.args = args;
    this.offset = new long[args.kernelH() * args.kernelW()];
    this.position = new float[offset.length];
  }

  /** Moves to window number {@code window} of the output, counted row-major over n, oh, ow. */
  void move(long window) {
    long column = window % ow;
    long row = window / ow % oh;
    long n = window / ow / oh;
    long top = row * args.strideH() - args.padH();
    long left = column * args.strideW() - args.padW();
    long corner = (n * h + top) * w + left;
    count = 0;
    for (int i = 0; i < args.kernelH(); i++) {
      if (top + i < 0 || top + i >= h) {
        continue;
      }
      for (int j = 0; j < args.kernelW(); j++) {
        if (left + j >= 0 && left + j < w) {
          offset[count] = 4 * channels * (corner + i * w + j);
          position[count++] = i * args.kernelW() + j;
        }
      }
    }
  }
}
