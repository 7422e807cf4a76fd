package dev.bellows.backend.cuda;

import dev.bellows.backend.ReduceOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/**
 * Reductions and places of extremes. Results are made by rows (neighbouring threads take
 * neighbouring terms) or by columns (neighbouring results), whichever reads memory in order; where
 * results are few, their terms are cut into shares that meet in a second launch. How the work is
 * cut follows from sizes and strides alone, so that results are the same on every device.
 */
final class Reductions {
  /** Blocks that keep a large device busy, as constant as results must be. */
  static final int BLOCKS = 1024;

  /** Chunks of a row that a block takes at least. */
  static final int BLOCK_CHUNKS = 256;

  /** Chunks of a row, and terms of a column, that are worth a share of their own. */
  static final int SHARE_CHUNKS = 1024;

  static final int SHARE_TERMS = 8;

  private static final int THREADS = CudaDevice.THREADS;
  private static final int WARP = 32;

  private final CudaDevice device;
  private final Moves moves;

  Reductions(CudaDevice device, Moves moves) {
    this.device = device;
    this.moves = moves;
  }

  void reduce(ReduceOp op, Strided a, Strided out) {
    if (a.numel() == 0) {
      moves.fill(out, identity(op, out.dtype()));
      return;
    }
    boolean common = op == ReduceOp.SUM || op == ReduceOp.MAX;
    boolean[] reduced = new boolean[a.dim()];
    for (int d = 0; d < reduced.length; d++) {
      reduced[d] = out.size(d) == 1;
    }
    run(common ? KernelFile.REDUCE : KernelFile.REDUCE_RARE, op.name(), a, out, reduced);
  }

  void argReduce(boolean max, Strided a, int dim, Strided out) {
    if (a.numel() == 0) {
      return;
    }
    boolean[] reduced = new boolean[a.dim()];
    reduced[dim] = true;
    run(KernelFile.REDUCE_PLACES, max ? "ARG_MAX" : "ARG_MIN", a, out, reduced);
  }

  private static Number identity(ReduceOp op, DType type) {
    boolean real = type.isFloatingPoint();
    return switch (op) {
      case SUM, ANY -> 0;
      case PROD, ALL -> 1;
      case MAX -> real ? (Number) Double.NEGATIVE_INFINITY : (Number) type.minValue();
      case MIN -> real ? (Number) Double.POSITIVE_INFINITY : (Number) type.maxValue();
    };
  }

  private void run(KernelFile file, String name, Strided a, Strided out, boolean[] reduced) {
    Plan plan = new Plan(a, out, reduced, file == KernelFile.REDUCE_PLACES);
    long partBytes = file == KernelFile.REDUCE_PLACES ? 16 : 8;
    long bytes = plan.shares > 1 ? plan.results.numel * plan.shares * partBytes : 0;
    try (Scratch parts = new Scratch(device, bytes)) {
      device.launch(
          device.kernel(file, a.dtype(), name + (plan.columns ? "_COLUMNS" : "_ROWS")),
          plan.gridX,
          plan.shares,
          plan.threads,
          plan.pack(a, out, parts.address()));
      if (plan.shares > 1) {
        device.launch(
            device.kernel(file, a.dtype(), name + "_FINISH"),
            plan.results.numel * WARP,
            plan.pack(a, out, parts.address()));
      }
    }
  }

  /** How one reduction is cut into threads. */
  static final class Plan {
    final Walk results;
    final boolean columns;
    final Walk terms;
    final int threads;
    final int gridX;
    final int shares;
    private final long run;
    private final long step;
    private final long chunks;
    private final long share;
    private final int group;
    private final boolean wide;
    private final boolean packed;

    Plan(Strided a, Strided out, boolean[] reduced, boolean places) {
      boolean[] kept = new boolean[reduced.length];
      for (int d = 0; d < kept.length; d++) {
        kept[d] = !reduced[d];
      }
      results = Walk.over("reduce", Walk.only(out, kept), Walk.only(a, kept));
      Strided part = Walk.only(a, reduced);
      Walk all = Walk.over("reduce", part);
      int last = all.dims - 1;
      run = all.dims == 0 ? 1 : all.sizes[last];
      step = all.dims == 0 ? 1 : all.strides[0][last];
      long side = results.dims == 0 ? 0 : results.strides[1][results.dims - 1];
      columns = results.numel > 1 && all.dims > 0 && step > 1 && side < step;
      int widest = a.dtype().bytes() == 1 ? 8 : 16 / a.dtype().bytes();
      int width;
      long count;
      if (columns) {
        terms = all;
        wide =
            !places
                && side == 1
                && results.sizes[results.dims - 1] % widest == 0
                && results.isAligned(1, results.dims - 1, widest)
                && all.isAligned(0, all.dims, widest);
        width = wide ? widest : 1;
        chunks = all.numel;
        long lanes = results.numel / width;
        int x = (int) Math.min(WARP, ceilingPowerOf2(lanes));
        int y = THREADS / x;
        while (y > 1 && y * 4L > chunks) {
          y /= 2;
        }
        while (x * y < THREADS && x < lanes) {
          x *= 2;
        }
        group = x;
        threads = x * y;
        count = (lanes + x - 1) / x;
        shares = shares(BLOCKS / count, chunks / ((long) y * SHARE_TERMS));
      } else {
        terms = all.dims == 0 ? all : all.outer("reduce", part);
        wide =
            step == 1
                && run >= widest
                && results.isAligned(1, results.dims, widest)
                && terms.isAligned(0, terms.dims, widest);
        width = wide ? widest : 1;
        chunks = terms.numel * ((run + width - 1) / width);
        boolean block =
            chunks >= 16 * BLOCK_CHUNKS
                || chunks >= BLOCK_CHUNKS && results.numel < 4 * (long) BLOCKS;
        group = block ? THREADS : groupOf(chunks, results.numel);
        long needed = ceilingPowerOf2(results.numel) * group;
        threads = (int) Math.max(WARP, Math.min(THREADS, needed));
        count = (results.numel * group + threads - 1) / threads;
        shares = block ? shares(BLOCKS / count, chunks / SHARE_CHUNKS) : 1;
      }
      packed = a.deviceAddress() % ((long) width * a.dtype().bytes()) == 0;
      share = (chunks + shares - 1) / shares;
      gridX = (int) Math.min(count, Integer.MAX_VALUE);
    }

    private static int shares(long wanted, long most) {
      return (int) Math.max(1, Math.min(wanted, most));
    }

    /** Threads that share a short row: few chunks each, if that leaves enough threads. */
    private static int groupOf(long chunks, long results) {
      int group = (int) Math.min(WARP, ceilingPowerOf2(chunks));
      while (group > 1 && chunks < 4L * group && results * group >= 2L * BLOCKS * THREADS) {
        group /= 2;
      }
      return group;
    }

    Launch pack(Strided a, Strided out, long parts) {
      return Launch.begin()
          .array(a)
          .array(out)
          .address(parts)
          .whole(run)
          .whole(step)
          .whole(chunks)
          .whole(share)
          .integer(shares)
          .integer(group)
          .integer(wide ? 1 : 0)
          .integer(packed ? 1 : 0)
          .walk(results)
          .walk(terms);
    }
  }

  static long ceilingPowerOf2(long n) {
    return n <= 1 ? 1 : Long.highestOneBit(n - 1) << 1;
  }
}
