package dev.bellows.backend.cuda;

import dev.bellows.memory.Strided;

/**
 * Stable sorting and binary search. A block sorts several short rows at a time; for longer rows,
 * each block sorts a tile, and further launches merge the tiles to runs of increasing length.
 */
final class Sorts {
  /** Number of elements that a thread and a block sort: ITEMS and TILE of sort.cu. */
  private static final int ITEMS = 8;

  static final int TILE = CudaDevice.THREADS * ITEMS;
  private static final int WARP = 32;

  private final CudaDevice device;

  Sorts(CudaDevice device) {
    this.device = device;
  }

  void argSort(Strided a, int dim, boolean descending, Strided out) {
    if (a.numel() == 0) {
      return;
    }
    Math.toIntExact(a.size(dim));
    CudaWalk rows = CudaWalk.over("argSort", CudaWalk.without(a, dim), CudaWalk.without(out, dim));
    Job job = new Job(a, dim, descending, out, rows);
    if (job.n <= TILE) {
      long part = Math.max(ITEMS, CudaReductions.ceilingPowerOf2(job.n));
      long wanted = CudaReductions.ceilingPowerOf2(rows.numel) * part / ITEMS;
      int threads = (int) Math.max(WARP, Math.min(CudaDevice.THREADS, wanted));
      long each = threads * ITEMS / part;
      long blocks = (rows.numel + each - 1) / each;
      launch("SORT", job, blocks, threads, job.pack(null, null, 1, 0, (int) part));
      return;
    }
    long tiles = (job.n + TILE - 1) / TILE;
    long blocks = rows.numel * tiles;
    long more = job.n > 2L * TILE ? a.numel() : 0;
    try (Buffers first = new Buffers(a.numel());
        Buffers second = new Buffers(more)) {
      launch("SORT", job, blocks, CudaDevice.THREADS, job.pack(null, first, tiles, 0, TILE));
      Buffers from = first;
      for (long width = TILE; width < job.n; width *= 2) {
        Buffers to = 2 * width >= job.n ? null : from == first ? second : first;
        launch("MERGE", job, blocks, CudaDevice.THREADS, job.pack(from, to, tiles, width, TILE));
        from = to;
      }
    }
  }

  private void launch(String name, Job job, long blocks, int threads, Launch params) {
    CudaModule.Function kernel = device.kernel(KernelFile.SORT, job.a.dtype(), name);
    device.launch(kernel, Math.toIntExact(blocks), 1, threads, params);
  }

  void searchSorted(Strided sorted, Strided values, boolean right, Strided out) {
    if (values.numel() == 0) {
      return;
    }
    int dim = sorted.dim() - 1;
    long[] strides = sorted.strides().clone();
    strides[dim] = 0;
    Strided rows = sorted.with(values.sizes(), strides, sorted.offset());
    CudaWalk walk = CudaWalk.over("searchSorted", rows, values, out);
    device.launch(
        device.kernel(KernelFile.SORT, sorted.dtype(), "SEARCH"),
        walk.numel,
        Launch.begin()
            .array(sorted)
            .array(values)
            .array(out)
            .whole(sorted.size(dim))
            .whole(sorted.stride(dim))
            .integer(right ? 1 : 0)
            .integer(0)
            .walk(walk));
  }

  /** Keys (of up to 8 bytes) and positions between two launches. */
  private final class Buffers implements AutoCloseable {
    final long keys;
    final long places;
    private final Scratch scratch;

    Buffers(long n) {
      scratch = new Scratch(device, n * (Long.BYTES + Integer.BYTES));
      keys = scratch.address();
      places = keys + n * Long.BYTES;
    }

    @Override
    public void close() {
      scratch.close();
    }
  }

  /** The data of a sort. */
  private static final class Job {
    final Strided a;
    final long n;
    private final int dim;
    private final boolean descending;
    private final Strided out;
    private final CudaWalk rows;

    Job(Strided a, int dim, boolean descending, Strided out, CudaWalk rows) {
      this.a = a;
      this.n = a.size(dim);
      this.dim = dim;
      this.descending = descending;
      this.out = out;
      this.rows = rows;
    }

    /** Packs the parameters of a step from buffers (or a, if null) to buffers (or out). */
    Launch pack(Buffers from, Buffers to, long tiles, long width, int part) {
      return Launch.begin()
          .array(a)
          .array(out)
          .address(to == null ? 0 : to.keys)
          .address(to == null ? 0 : to.places)
          .address(from == null ? 0 : from.keys)
          .address(from == null ? 0 : from.places)
          .whole(n)
          .whole(a.stride(dim))
          .whole(out.stride(dim))
          .whole(tiles)
          .whole(width)
          .integer(part)
          .integer(descending ? 1 : 0)
          .integer(to == null ? 1 : 0)
          .integer(0)
          .walk(rows);
    }
  }
}
