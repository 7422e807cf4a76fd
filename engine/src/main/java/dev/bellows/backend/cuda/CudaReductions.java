package dev.bellows.backend.cuda;

import dev.bellows.backend.ReduceOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/**
 * Reductions and arg-reductions. Results are computed by rows (adjacent threads take adjacent
 * terms) or by columns (adjacent results), whichever reads memory in order; if there are few
 * results, their terms are divided into shares that a second launch combines. The division depends
 * on sizes and strides only, so that results are the same on every device.
 */
final class CudaReductions {
  /** Number of blocks that keeps a large device busy; constant, as results depend on it. */
  static final int BLOCKS = 1024;

  /** Minimum number of chunks of a row per block. */
  static final int BLOCK_CHUNKS = 256;

  /** Minimum number of chunks of a row, and of terms of a column, per share. */
  static final int SHARE_CHUNKS = 1024;

  static final int SHARE_TERMS = 8;

  private static final int THREADS = CudaDevice.THREADS;
  private static final int WARP = 32;

  private final CudaDevice device;
  private final Moves moves;

  CudaReductions(CudaDevice device, Moves moves) {
    this.device = device;
    this.moves = moves;
  }

  void reduce(ReduceOp op, Strided a, Strided out) {
    if (a.numel() == 0) {
      moves.fill(out, identity(op, out.dtype()));
      return;
    }
    boolean[] reduced = new boolean[a.dim()];
    for (int d = 0; d < reduced.length; d++) {
      reduced[d] = out.size(d) == 1;
    }
    run(file(op), op.name(), a, out, reduced);
  }

  void argReduce(boolean max, Strided a, int dim, Strided out) {
    if (a.numel() == 0) {
      return;
    }
    boolean[] reduced = new boolean[a.dim()];
    reduced[dim] = true;
    run(KernelFile.REDUCE_PLACES, max ? "ARG_MAX" : "ARG_MIN", a, out, reduced);
  }

  private static KernelFile file(ReduceOp op) {
    return switch (op) {
      case SUM, MAX -> KernelFile.REDUCE;
      case PROD, MIN -> KernelFile.REDUCE_RARE;
      case ANY, ALL -> KernelFile.REDUCE_LOGIC;
    };
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
    long bytes = plan.cut.shares > 1 ? plan.results.numel * plan.cut.shares * partBytes : 0;
    try (Scratch parts = new Scratch(device, bytes)) {
      device.launch(
          device.kernel(file, a.dtype(), name + (plan.columns ? "_COLUMNS" : "_ROWS")),
          plan.cut.blocks,
          plan.cut.shares,
          plan.cut.threads,
          plan.pack(a, out, parts.address()));
      if (plan.cut.shares > 1) {
        device.launch(
            device.kernel(file, a.dtype(), name + "_FINISH"),
            plan.results.numel * WARP,
            plan.pack(a, out, parts.address()));
      }
    }
  }

  /** A reduction: its results and terms, and their division. */
  private static final class Plan {
    final CudaWalk results;
    final boolean columns;
    final Cut cut;
    private final long run;
    private final long step;
    private final boolean packed;

    Plan(Strided a, Strided out, boolean[] reduced, boolean places) {
      boolean[] kept = new boolean[reduced.length];
      for (int d = 0; d < kept.length; d++) {
        kept[d] = !reduced[d];
      }
      results = CudaWalk.over("reduce", CudaWalk.only(out, kept), CudaWalk.only(a, kept));
      Strided part = CudaWalk.only(a, reduced);
      CudaWalk terms = CudaWalk.over("reduce", part);
      int last = terms.dims - 1;
      run = terms.dims == 0 ? 1 : terms.sizes[last];
      step = terms.dims == 0 ? 1 : terms.strides[0][last];
      long side = results.dims == 0 ? 0 : results.strides[1][results.dims - 1];
      columns = results.numel > 1 && step > 1 && side < step;
      int bytes = a.dtype().bytes();
      int width = bytes == 1 ? 8 : 16 / bytes; // WIDE of reducing.cu
      if (columns) {
        cut = Cut.columns(results, terms, places || side != 1 ? 1 : width);
      } else {
        CudaWalk runs = terms.dims == 0 ? terms : terms.outer("reduce", part);
        cut = Cut.rows(results, runs, run, step == 1 && run >= width ? width : 1);
      }
      packed = a.deviceAddress() % ((long) cut.width * bytes) == 0;
    }

    Launch pack(Strided a, Strided out, long parts) {
      return Launch.begin()
          .array(a)
          .array(out)
          .address(parts)
          .whole(run)
          .whole(step)
          .whole(cut.chunks)
          .whole((cut.chunks + cut.shares - 1) / cut.shares)
          .integer(cut.shares)
          .integer(cut.group)
          .integer(cut.width > 1 ? 1 : 0)
          .integer(packed ? 1 : 0)
          .walk(results)
          .walk(cut.terms);
    }
  }

  /**
   * How a reduction is divided among threads.
   *
   * @param terms rows: the contiguous runs of a's terms; columns: all of them
   * @param width elements of a chunk: adjacent in a row, or across columns
   * @param chunks chunks of a row, or terms of a column
   * @param group threads per row, or adjacent threads across columns
   * @param threads threads per block
   * @param blocks blocks per share
   * @param shares number of shares into which chunks are divided
   */
  private record Cut(
      CudaWalk terms, int width, long chunks, int group, int threads, int blocks, int shares) {

    static Cut rows(CudaWalk results, CudaWalk runs, long run, int widest) {
      boolean wide =
          results.isAligned(1, results.dims, widest) && runs.isAligned(0, runs.dims, widest);
      int width = wide ? widest : 1;
      long chunks = runs.numel * ((run + width - 1) / width);
      boolean block =
          chunks >= 16L * BLOCK_CHUNKS || chunks >= BLOCK_CHUNKS && results.numel < 4L * BLOCKS;
      int group = block ? THREADS : groupOf(chunks, results.numel);
      long needed = ceilingPowerOf2(results.numel) * group;
      int threads = (int) Math.max(WARP, Math.min(THREADS, needed));
      long blocks = (results.numel * group + threads - 1) / threads;
      int shares = block ? shares(BLOCKS / blocks, chunks / SHARE_CHUNKS) : 1;
      return new Cut(runs, width, chunks, group, threads, grid(blocks), shares);
    }

    static Cut columns(CudaWalk results, CudaWalk terms, int widest) {
      boolean wide =
          results.sizes[results.dims - 1] % widest == 0
              && results.isAligned(1, results.dims - 1, widest)
              && terms.isAligned(0, terms.dims, widest);
      int width = wide ? widest : 1;
      long lanes = results.numel / width;
      int across = (int) Math.min(WARP, ceilingPowerOf2(lanes));
      int high = THREADS / across;
      while (high > 1 && high * 4L > terms.numel) {
        high /= 2;
      }
      while (across * high < THREADS && across < lanes) {
        across *= 2;
      }
      long blocks = (lanes + across - 1) / across;
      int shares = shares(BLOCKS / blocks, terms.numel / ((long) high * SHARE_TERMS));
      return new Cut(terms, width, terms.numel, across, across * high, grid(blocks), shares);
    }

    /**
     * Returns the number of threads per short row: few chunks each, if that gives enough threads.
     */
    private static int groupOf(long chunks, long results) {
      int group = (int) Math.min(WARP, ceilingPowerOf2(chunks));
      while (group > 1 && chunks < 4L * group && results * group >= 2L * BLOCKS * THREADS) {
        group /= 2;
      }
      return group;
    }

    private static int shares(long wanted, long most) {
      return (int) Math.max(1, Math.min(wanted, most));
    }

    private static int grid(long blocks) {
      return (int) Math.min(blocks, Integer.MAX_VALUE);
    }
  }

  static long ceilingPowerOf2(long n) {
    return n <= 1 ? 1 : Long.highestOneBit(n - 1) << 1;
  }
}
