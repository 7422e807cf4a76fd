package dev.bellows.backend.cpu;

import dev.bellows.backend.Pool2dArgs;
import dev.bellows.memory.Memory;
import java.util.Arrays;

/**
 * Max pooling of FLOAT32 images, channels-last, and its gradient: some windows of an output row at
 * a time, all their channels, one tap of the window after another. Numbers are compared by whole
 * numbers of the same order; see {@link FloatTile} for how such loops are written.
 */
final class MaxPoolLoops {
  private static final int TILE = 1024;
  private static final int INFINITE = 0x7F800000;

  private final int c;
  private final long h;
  private final long w;
  private final long images;
  private final long oh;
  private final long ow;
  private final Pool2dArgs args;

  /** Number of windows in a tile. */
  private final int most;

  /**
   * Creates the loops.
   *
   * @param sizes n, c, h, w, oh, ow
   */
  MaxPoolLoops(long[] sizes, Pool2dArgs args) {
    this.images = sizes[0];
    this.c = Math.toIntExact(sizes[1]);
    this.h = sizes[2];
    this.w = sizes[3];
    this.oh = sizes[4];
    this.ow = sizes[5];
    this.args = args;
    this.most = (int) Math.max(1, Math.min(ow, TILE / Math.max(1, c)));
  }

  /** Writes the largest element of each window, or its last NaN, and its position in the window. */
  void forward(long x, long out, long positions) {
    Forward tile = new Forward(most * c);
    for (long row = 0; row < images * oh; row++) {
      for (long first = 0; first < ow; first += most) {
        int windows = (int) Math.min(most, ow - first);
        int n = windows * c;
        Arrays.fill(tile.key, 0, n, Integer.MIN_VALUE);
        for (int t = 0; t < args.kernelH() * args.kernelW(); t++) {
          Tap tap = tap(row, first, windows, t);
          if (tap != null) {
            tap.load(x, tile.value);
            Forward.larger(tile.value, t, tile.key, tile.best, tile.winner, tap.from, tap.to);
          }
        }
        long at = (row * ow + first) * c;
        Memory.copyFromArray(tile.best, out + 4 * at, 4L * n);
        narrow(tile.winner, tile.bytes, n);
        Memory.copyFromArray(tile.bytes, positions + at, n);
      }
    }
  }

  /** Adds the gradient of each window to that of its largest element. */
  void backward(long gradOut, long positions, long gradX) {
    // Windows that do not overlap write each element once; overlapping ones accumulate into zeros.
    boolean apart = args.strideH() >= args.kernelH() && args.strideW() >= args.kernelW();
    boolean covers =
        apart
            && oh * args.kernelH() == h
            && ow * args.kernelW() == w
            && args.padH() == 0
            && args.padW() == 0;
    if (!covers) {
      Memory.set(gradX, 4 * images * c * h * w, (byte) 0);
    }
    Backward tile = new Backward(most * c);
    for (long row = 0; row < images * oh; row++) {
      for (long first = 0; first < ow; first += most) {
        int windows = (int) Math.min(most, ow - first);
        int n = windows * c;
        long at = (row * ow + first) * c;
        Memory.copyToArray(gradOut + 4 * at, tile.grad, 4L * n);
        Memory.copyToArray(positions + at, tile.bytes, n);
        widen(tile.bytes, tile.winner, n);
        // An element is a later tap of an earlier window: the order of additions is that of
        // windows.
        for (int t = args.kernelH() * args.kernelW() - 1; t >= 0; t--) {
          Tap tap = tap(row, first, windows, t);
          if (tap != null) {
            Backward.share(tile.grad, tile.winner, t, tile.share, tap.from, tap.to);
            if (!apart) {
              Memory.copyArray(tile.share, tile.sum, 4L * n);
              tap.load(gradX, tile.old);
              Backward.add(tile.sum, tile.old, tap.from, tap.to);
            }
            tap.store(apart ? tile.share : tile.sum, gradX);
          }
        }
      }
    }
  }

  /** Returns the elements of a tap in a tile, or null if they are all outside the image. */
  private Tap tap(long row, long first, int windows, int t) {
    long y = row % oh * args.strideH() - args.padH() + t / args.kernelW();
    long left = first * args.strideW() - args.padW() + t % args.kernelW();
    if (y < 0 || y >= h) {
      return null;
    }
    int step = args.strideW();
    int from = (int) Math.min(windows, left < 0 ? (-left + step - 1) / step : 0);
    int to = (int) Math.min(windows, left >= w ? 0 : (w - 1 - left) / step + 1);
    return from < to ? new Tap(((row / oh * h + y) * w + left) * c, from * c, to * c) : null;
  }

  /** The elements from..to of a tile as elements of the image. */
  private final class Tap {
    final int from;
    final int to;
    private final long at;

    /** {@code at}: where element 0 of the tile would be in the image. */
    Tap(long at, int from, int to) {
      this.at = at;
      this.from = from;
      this.to = to;
    }

    void load(long image, Object tile) {
      for (int i = from; i < to; i += run()) {
        Memory.copyToArray(image + 4 * place(i), tile, 4L * i, 4L * run());
      }
    }

    void store(Object tile, long image) {
      for (int i = from; i < to; i += run()) {
        Memory.copyFromArray(tile, 4L * i, image + 4 * place(i), 4L * run());
      }
    }

    /** Returns how many elements of the tile are neighbours in the image. */
    private int run() {
      return args.strideW() == 1 ? to - from : c;
    }

    private long place(int i) {
      return at + (long) i * args.strideW();
    }
  }

  private static void narrow(int[] x, byte[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (byte) x[i];
    }
  }

  private static void widen(byte[] x, int[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i] & 0xFF;
    }
  }

  private static final class Forward {
    final int[] value;
    final int[] key;
    final int[] best;
    final int[] winner;
    final byte[] bytes;

    Forward(int size) {
      value = new int[size];
      key = new int[size];
      best = new int[size];
      winner = new int[size];
      bytes = new byte[size];
    }

    /** Takes value, of tap t, where it is larger than the best so far, or NaN. */
    static void larger(int[] value, int t, int[] key, int[] best, int[] winner, int from, int to) {
      for (int i = from; i < to; i++) {
        int v = value[i];
        int magnitude = v & Integer.MAX_VALUE;
        int sign = v >> 31;
        int nan = INFINITE - magnitude >> 31;
        int k = ((magnitude ^ sign) - sign & ~nan) | (Integer.MAX_VALUE & nan);
        int a = key[i];
        int wins = ((a - k ^ (a ^ k) & (a - k ^ a)) >> 31) | nan;
        key[i] = a ^ (a ^ k) & wins;
        best[i] = best[i] ^ (best[i] ^ v) & wins;
        winner[i] = winner[i] ^ (winner[i] ^ t) & wins;
      }
    }
  }

  private static final class Backward {
    final int[] grad;
    final int[] winner;
    final int[] share;
    final float[] sum;
    final float[] old;
    final byte[] bytes;

    Backward(int size) {
      grad = new int[size];
      winner = new int[size];
      share = new int[size];
      sum = new float[size];
      old = new float[size];
      bytes = new byte[size];
    }

    static void share(int[] grad, int[] winner, int t, int[] share, int from, int to) {
      for (int i = from; i < to; i++) {
        int difference = winner[i] ^ t;
        share[i] = grad[i] & ~((difference | -difference) >> 31);
      }
    }

    static void add(float[] sum, float[] old, int from, int to) {
      for (int i = from; i < to; i++) {
        sum[i] = old[i] + sum[i];
      }
    }
  }
}
