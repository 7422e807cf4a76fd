package dev.bellows.backend.cuda;

import dev.bellows.backend.ScanOp;
import dev.bellows.memory.Strided;

/**
 * Cumulative operations. A lane is processed by a warp or a block, tile by tile, or by one thread
 * if adjacent lanes are adjacent in memory. If there are few long lanes, each is divided into
 * segments: first their totals are computed, then the prefix of each, then the results. The
 * division depends on sizes and strides only, so that results are the same on every device.
 */
final class Scans {
  /** Maximum number of elements of a lane that one thread processes. */
  static final int SHORT = 16;

  /** Minimum number of tiles per segment for a block, and of elements for a thread. */
  static final int SEGMENT_TILES = 4;

  static final int SEGMENT_ELEMENTS = 32;

  private static final int WARP = 32;
  private static final int THREADS = CudaDevice.THREADS;
  private static final int BLOCKS = 1024;
  private static final long ENOUGH = 1L << 17;

  private final CudaDevice device;

  Scans(CudaDevice device) {
    this.device = device;
  }

  void scan(ScanOp op, Strided a, int dim, boolean reverse, Strided out) {
    if (op == ScanOp.LOG_ADD_EXP && !a.dtype().isFloatingPoint()) {
      throw new UnsupportedOperationException(
          "scan LOG_ADD_EXP: element type must be floating; got " + a.dtype());
    }
    run(op.name(), 8, a, dim, reverse, out);
  }

  void argScan(boolean max, Strided a, int dim, Strided out) {
    run(max ? "ARG_MAX" : "ARG_MIN", 16, a, dim, false, out);
  }

  private void run(String name, int totalBytes, Strided a, int dim, boolean reverse, Strided out) {
    if (a.numel() == 0) {
      return;
    }
    Plan plan = new Plan(a, dim, reverse, out);
    String kernel = name + (plan.columns ? "_COLUMNS" : "_ROWS");
    if (plan.segments == 1) {
      launch(kernel, plan, plan.pack(0, false));
      return;
    }
    long bytes = plan.lanes.numel * plan.segments * totalBytes;
    try (Scratch totals = new Scratch(device, bytes)) {
      launch(kernel, plan, plan.pack(totals.address(), true));
      device.launch(
          device.kernel(KernelFile.SCAN, a.dtype(), name + "_CARRIES"),
          plan.lanes.numel * WARP,
          plan.pack(totals.address(), false));
      launch(kernel, plan, plan.pack(totals.address(), false));
    }
  }

  private void launch(String name, Plan plan, Launch params) {
    CudaModule.Function kernel = device.kernel(KernelFile.SCAN, plan.a.dtype(), name);
    device.launch(kernel, plan.lanes.numel * plan.segments * plan.group, params);
  }

  /** How a scan is divided among threads. */
  private static final class Plan {
    final Strided a;
    final CudaWalk lanes;
    final boolean columns;
    final long segments;
    final int group;
    private final Strided out;
    private final int dim;
    private final boolean reverse;
    private final long length;
    private final boolean packed;

    Plan(Strided a, int dim, boolean reverse, Strided out) {
      this.a = a;
      this.dim = dim;
      this.reverse = reverse;
      this.out = out;
      this.lanes = CudaWalk.over("scan", CudaWalk.without(a, dim), CudaWalk.without(out, dim));
      long n = a.size(dim);
      long step = a.stride(dim);
      int items = a.dtype().bytes() <= 2 ? 8 : 4; // ITEMS of scan.cu
      long side = lanes.dims == 0 ? step : lanes.strides[0][lanes.dims - 1];
      columns = n <= SHORT || lanes.numel >= WARP && side < step;
      if (columns) {
        group = 1;
        length = length(n, ENOUGH / lanes.numel, n / SEGMENT_ELEMENTS, 1);
        packed = false;
      } else {
        group = n > 2L * WARP * items ? THREADS : WARP;
        long tile = (long) group * items;
        length = length(n, BLOCKS / lanes.numel, n / (tile * SEGMENT_TILES), tile);
        packed = isPacked(n, items);
      }
      segments = (n + length - 1) / length;
    }

    private static long length(long n, long wanted, long most, long unit) {
      long segments = Math.max(1, Math.min(wanted, most));
      long each = (n + segments - 1) / segments;
      return (each + unit - 1) / unit * unit;
    }

    private boolean isPacked(long n, int items) {
      return n % items == 0
          && a.stride(dim) == 1
          && out.stride(dim) == 1
          && lanes.isAligned(0, lanes.dims, items)
          && lanes.isAligned(1, lanes.dims, items)
          && a.deviceAddress() % ((long) items * a.dtype().bytes()) == 0
          && out.deviceAddress() % ((long) items * out.dtype().bytes()) == 0;
    }

    Launch pack(long totals, boolean onlyTotals) {
      return Launch.begin()
          .array(a)
          .array(out)
          .address(totals)
          .whole(a.size(dim))
          .whole(a.stride(dim))
          .whole(out.stride(dim))
          .whole(length)
          .whole(segments)
          .integer(group)
          .integer(reverse ? 1 : 0)
          .integer(onlyTotals ? 1 : 0)
          .integer(packed ? 1 : 0)
          .walk(lanes);
    }
  }
}
