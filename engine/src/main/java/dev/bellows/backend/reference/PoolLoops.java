package dev.bellows.backend.reference;

import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.Scalars;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import java.util.Arrays;

/** Max pooling, one plane (image and channel) at a time, unpacked to doubles. */
final class PoolLoops {
  private final Pool2dArgs args;
  private final int h;
  private final int w;
  private final int oh;
  private final int ow;
  private final double[] plane;
  private final double[] row;
  private final long[] places;

  private PoolLoops(Strided large, Pool2dArgs args, Strided small) {
    Scalars.requireFloating("maxPool2d", large.dtype());
    this.args = args;
    this.h = (int) large.size(2);
    this.w = (int) large.size(3);
    this.oh = (int) small.size(2);
    this.ow = (int) small.size(3);
    this.plane = new double[Math.multiplyExact(h, w)];
    this.row = new double[ow];
    this.places = new long[ow];
  }

  static void forward(Strided x, Pool2dArgs args, Strided out, Strided positions) {
    PoolLoops pool = new PoolLoops(x, args, out);
    for (int n = 0; n < out.size(0); n++) {
      for (int c = 0; c < out.size(1); c++) {
        pool.loadPlane(x, n, c);
        for (int y = 0; y < pool.oh; y++) {
          for (int i = 0; i < pool.ow; i++) {
            pool.window(y, i);
          }
          Access.store(out.dtype(), at(out, n, c, y), step(out), pool.ow, pool.row);
          DType byteType = positions.dtype();
          Access.store(byteType, at(positions, n, c, y), step(positions), pool.ow, pool.places);
        }
      }
    }
  }

  /**
   * Finds the winner of a window. Padding never wins: a window of −∞ selects its first element
   * inside the plane, NaN the last.
   */
  private void window(int y, int i) {
    int top = y * args.strideH() - args.padH();
    int left = i * args.strideW() - args.padW();
    int firstRow = Math.max(0, -top);
    int firstColumn = Math.max(0, -left);
    int endRow = Math.min(args.kernelH(), h - top);
    int endColumn = Math.min(args.kernelW(), w - left);
    double best = Double.NEGATIVE_INFINITY;
    int place = firstRow * args.kernelW() + firstColumn;
    for (int r = firstRow; r < endRow; r++) {
      for (int s = firstColumn; s < endColumn; s++) {
        double value = plane[(top + r) * w + left + s];
        if (value > best || Double.isNaN(value)) {
          best = value;
          place = r * args.kernelW() + s;
        }
      }
    }
    row[i] = best;
    places[i] = place;
  }

  static void grad(Strided gradOut, Strided positions, Pool2dArgs args, Strided gradX) {
    PoolLoops pool = new PoolLoops(gradX, args, gradOut);
    for (int n = 0; n < gradX.size(0); n++) {
      for (int c = 0; c < gradX.size(1); c++) {
        Arrays.fill(pool.plane, 0);
        for (int y = 0; y < pool.oh; y++) {
          Access.load(gradOut.dtype(), at(gradOut, n, c, y), step(gradOut), pool.ow, pool.row);
          pool.loadPlaces(positions, n, c, y);
          for (int i = 0; i < pool.ow; i++) {
            pool.plane[pool.winner(y, i)] += pool.row[i];
          }
        }
        pool.storePlane(gradX, n, c);
      }
    }
  }

  static void gather(Strided a, Strided positions, Pool2dArgs args, Strided out) {
    PoolLoops pool = new PoolLoops(a, args, out);
    for (int n = 0; n < out.size(0); n++) {
      for (int c = 0; c < out.size(1); c++) {
        pool.loadPlane(a, n, c);
        for (int y = 0; y < pool.oh; y++) {
          pool.loadPlaces(positions, n, c, y);
          for (int i = 0; i < pool.ow; i++) {
            pool.row[i] = pool.plane[pool.winner(y, i)];
          }
          Access.store(out.dtype(), at(out, n, c, y), step(out), pool.ow, pool.row);
        }
      }
    }
  }

  /** Returns the position in the plane of the winner of output (y, i). */
  private int winner(int y, int i) {
    int place = (int) places[i];
    int row = y * args.strideH() - args.padH() + place / args.kernelW();
    int column = i * args.strideW() - args.padW() + place % args.kernelW();
    return row * w + column;
  }

  private static long at(Strided a, int n, int c, int y) {
    long elements = n * a.stride(0) + c * a.stride(1) + y * a.stride(2);
    return a.address() + elements * a.dtype().bytes();
  }

  private static long step(Strided a) {
    return a.stride(3) * a.dtype().bytes();
  }

  private void loadPlaces(Strided positions, int n, int c, int y) {
    Access.load(positions.dtype(), at(positions, n, c, y), step(positions), ow, places);
  }

  private void loadPlane(Strided x, int n, int c) {
    for (int y = 0; y < h; y++) {
      Access.load(x.dtype(), at(x, n, c, y), step(x), w, plane, y * w);
    }
  }

  private void storePlane(Strided x, int n, int c) {
    for (int y = 0; y < h; y++) {
      Access.store(x.dtype(), at(x, n, c, y), step(x), w, plane, y * w);
    }
  }
}
