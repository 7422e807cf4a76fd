package dev.bellows.backend.cuda;

import dev.bellows.backend.ScatterOp;
import dev.bellows.memory.Strided;

/**
 * Gather and scatter at positions given by an index array. Scatter keeps the order of writes to a
 * position: a thread owns some positions of some lanes and iterates along the dimension.
 */
final class CudaIndexing {
  /** Number of indices of a lane from which a whole block scans them together. */
  static final int TOGETHER_SHARED = 32;

  static final int TOGETHER = 256;

  private static final int THREADS = CudaDevice.THREADS;
  private static final int WARP = 32;
  private static final long MANY_LANES = 1 << 16;
  private static final long FEW_LANES = 1 << 12;
  private static final int BLOCKS = 1024;
  private static final long ENOUGH = 1L << 17;
  private static final int MOST_SPREAD = 32;

  private final CudaDevice device;

  CudaIndexing(CudaDevice device) {
    this.device = device;
  }

  void gather(Strided a, int dim, Strided index, Strided out) {
    if (out.numel() == 0) {
      return;
    }
    int width = 16 / a.dtype().bytes();
    int side = sideBySide(index, dim, width, a, out);
    Strided from = standing(a, dim, index.sizes());
    CudaWalk walk =
        CudaWalk.over(
            "gather", packs(from, side, width), packs(index, side, width), packs(out, side, width));
    device.launch(
        device.kernel(KernelFile.INDEX, a.dtype(), "GATHER"),
        walk.numel,
        Launch.begin()
            .array(a)
            .array(index)
            .array(out)
            .address(device.fault())
            .whole(a.stride(dim))
            .whole(a.size(dim))
            .integer(Faults.gather(dim))
            .integer(side >= 0 ? 1 : 0)
            .walk(walk));
  }

  /** Returns the code of an operation in {@code index.cu}. */
  private static int code(ScatterOp op) {
    return switch (op) {
      case SET -> 0;
      case ADD -> 1;
      case MUL -> 2;
      case MAX -> 3;
      case MIN -> 4;
    };
  }

  void scatter(ScatterOp op, Strided src, int dim, Strided index, Strided out) {
    if (index.numel() == 0) {
      return;
    }
    long n = index.size(dim);
    long limit = out.size(dim);
    boolean shared = true;
    for (int d = 0; d < index.dim(); d++) {
      shared &= d == dim || index.size(d) == 1 || index.stride(d) == 0;
    }
    int width = 16 / out.dtype().bytes();
    int side = shared ? sideBySide(index, dim, width, src, out) : -1;
    long rows = index.numel() / n / (side >= 0 ? width : 1);
    boolean all = shared && n >= TOGETHER_SHARED && rows <= MANY_LANES;
    boolean together = all || rows <= FEW_LANES && n >= TOGETHER;
    side = together ? side : -1;
    CudaWalk lanes =
        CudaWalk.over(
            "scatter",
            lanes(src, dim, index, side, width),
            lanes(index, dim, index, side, width),
            lanes(out, dim, index, side, width));
    int wide = all ? (int) Math.min(WARP, CudaReductions.ceilingPowerOf2(lanes.numel)) : 1;
    int spread = together ? wide : spread(ENOUGH / lanes.numel, n / 4, limit);
    Launch params =
        Launch.begin()
            .array(src)
            .array(index)
            .array(out)
            .address(device.fault())
            .whole(n)
            .whole(src.stride(dim))
            .whole(index.stride(dim))
            .whole(out.stride(dim))
            .whole(limit)
            .integer(code(op))
            .integer(Faults.scatter(op, dim))
            .integer(side >= 0 ? 1 : 0)
            .integer(spread)
            .walk(lanes);
    if (!together) {
      device.launch(
          device.kernel(KernelFile.INDEX, out.dtype(), "SCATTER_EACH"),
          lanes.numel * spread,
          params);
      return;
    }
    long tiles = (lanes.numel + wide - 1) / wide;
    long rowsOfThreads = THREADS / wide;
    long buckets = Math.min((limit + rowsOfThreads - 1) / rowsOfThreads, (n + 15) / 16);
    device.launch(
        device.kernel(KernelFile.INDEX, out.dtype(), "SCATTER_TOGETHER"),
        Math.toIntExact(tiles),
        (int) floorPowerOf2(Math.min(BLOCKS / tiles, buckets)),
        THREADS,
        params);
  }

  /** Returns the number of threads among which the positions of a lane are divided. */
  private static int spread(long wanted, long indices, long places) {
    return (int) floorPowerOf2(Math.min(Math.min(wanted, MOST_SPREAD), Math.min(indices, places)));
  }

  private static long floorPowerOf2(long n) {
    return n <= 1 ? 1 : Long.highestOneBit(n);
  }

  /**
   * Returns the dimension along which both arrays have adjacent elements that share an index, with
   * all packs of {@code width} elements aligned; −1 if there is none.
   */
  private static int sideBySide(Strided index, int dim, int width, Strided a, Strided b) {
    int side = -1;
    for (int d = 0; d < index.dim(); d++) {
      if (index.size(d) == 1 && d != dim) {
        continue;
      }
      boolean fits =
          d != dim && index.stride(d) == 0 && a.stride(d) == 1 && index.size(d) % width == 0;
      if (fits && b.stride(d) == 1) {
        side = d;
      } else if (a.stride(d) % width != 0 || b.stride(d) % width != 0) {
        return -1;
      }
    }
    boolean aligned = a.deviceAddress() % 16 == 0 && b.deviceAddress() % 16 == 0;
    return aligned ? side : -1;
  }

  /** Returns a view with the given sizes that stays at the first position of a dimension. */
  private static Strided standing(Strided a, int dim, long[] sizes) {
    long[] strides = a.strides().clone();
    strides[dim] = 0;
    return a.with(sizes, strides, a.offset());
  }

  /**
   * Returns the first elements of an array's packs along a dimension; the array itself if that is
   * −1.
   */
  private static Strided packs(Strided a, int side, int width) {
    if (side < 0) {
      return a;
    }
    long[] sizes = a.sizes().clone();
    long[] strides = a.strides().clone();
    sizes[side] /= width;
    strides[side] *= width;
    return a.with(sizes, strides, a.offset());
  }

  private static Strided lanes(Strided a, int dim, Strided index, int side, int width) {
    return CudaWalk.without(
        packs(a.with(index.sizes(), a.strides(), a.offset()), side, width), dim);
  }
}
