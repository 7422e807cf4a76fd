package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Strided;

/**
 * Softmax, its logarithm, and the gradient of both. A group of threads processes a contiguous row,
 * and keeps a short one in registers; all other lanes are processed as columns, by adjacent
 * threads. The division depends on sizes and strides only, so that results are the same on every
 * device.
 */
final class Softmaxes {
  /**
   * Number of chunks of a row that a thread keeps, for softmax and for its gradient: wide chunks
   * and others.
   */
  static final int KEPT_WIDE = 4;

  static final int KEPT = 8;

  /** Maximum number of threads per row. */
  static final int MOST_THREADS = 512;

  private static final int WARP = 32;
  private static final int THREADS = CudaDevice.THREADS;

  /** Number of threads that keeps a large device busy; constant, as results depend on it. */
  private static final long ENOUGH = 1L << 17;

  private final CudaDevice device;

  Softmaxes(CudaDevice device) {
    this.device = device;
  }

  void softmax(Strided a, int dim, boolean log, Strided out) {
    if (a.numel() > 0) {
      run("softmax", false, a, a, dim, log, out);
    }
  }

  void softmaxGrad(Strided gradOut, Strided out, int dim, boolean log, Strided gradA) {
    if (out.numel() > 0) {
      run("softmaxGrad", true, gradOut, out, dim, log, gradA);
    }
  }

  private void run(
      String operation, boolean grad, Strided a, Strided b, int dim, boolean log, Strided out) {
    if (!a.dtype().isFloatingPoint()) {
      throw new UnsupportedOperationException(
          message("%s: element type must be floating; got %s", operation, a.dtype()));
    }
    Strided[] arrays = {a, b, out};
    CudaWalk lanes =
        CudaWalk.over(
            operation,
            CudaWalk.without(a, dim),
            CudaWalk.without(b, dim),
            CudaWalk.without(out, dim));
    boolean rows = true;
    for (Strided array : arrays) {
      rows &= array.stride(dim) == 1;
    }
    if (rows) {
      rows(grad, arrays, lanes, a.size(dim), log);
    } else {
      columns(grad, arrays, lanes, dim, log);
    }
  }

  private void rows(boolean grad, Strided[] arrays, CudaWalk lanes, long n, boolean log) {
    int width = 16 / arrays[0].dtype().bytes();
    boolean wide = n % width == 0;
    boolean packed = true;
    for (int k = 0; k < arrays.length; k++) {
      wide &= lanes.isAligned(k, lanes.dims, width);
      packed &= arrays[k].deviceAddress() % 16 == 0;
    }
    long chunks = wide ? n / width : n;
    long kept = (wide ? KEPT_WIDE : KEPT) / (grad ? 2 : 1);
    long needed = CudaReductions.ceilingPowerOf2((chunks + kept - 1) / kept);
    int group = (int) Math.min(MOST_THREADS, needed);
    while (group < MOST_THREADS && group < chunks && lanes.numel * group < ENOUGH) {
      group *= 2;
    }
    long wanted = CudaReductions.ceilingPowerOf2(lanes.numel) * group;
    int threads = group > WARP ? group : (int) Math.max(WARP, Math.min(THREADS, wanted));
    String name = (grad ? "GRAD_ROWS" : "ROWS") + (needed <= group ? "_KEPT" : "");
    long[] steps = {1, 1, 1};
    launch(name, arrays, lanes, n, steps, group, threads, log, wide, packed);
  }

  private void columns(boolean grad, Strided[] arrays, CudaWalk lanes, int dim, boolean log) {
    long n = arrays[0].size(dim);
    int wide = (int) Math.min(WARP, CudaReductions.ceilingPowerOf2(lanes.numel));
    int high = THREADS / wide;
    while (high > 1 && (high * 8L > n || lanes.numel * high > 2 * ENOUGH)) {
      high /= 2;
    }
    while (wide * high < THREADS && wide < lanes.numel) {
      wide *= 2;
    }
    long[] steps = new long[arrays.length];
    for (int k = 0; k < steps.length; k++) {
      steps[k] = arrays[k].stride(dim);
    }
    String name = grad ? "GRAD_COLUMNS" : "COLUMNS";
    launch(name, arrays, lanes, n, steps, wide, wide * high, log, false, false);
  }

  private void launch(
      String name,
      Strided[] arrays,
      CudaWalk lanes,
      long n,
      long[] steps,
      int group,
      int threads,
      boolean log,
      boolean wide,
      boolean packed) {
    Launch params = Launch.begin();
    for (Strided array : arrays) {
      params.array(array);
    }
    params.whole(n);
    for (long step : steps) {
      params.whole(step);
    }
    params
        .integer(group)
        .integer(log ? 1 : 0)
        .integer(wide ? 1 : 0)
        .integer(packed ? 1 : 0)
        .walk(lanes);
    long each = name.endsWith("COLUMNS") ? group : threads / group;
    long blocks = Math.min(Integer.MAX_VALUE, (lanes.numel + each - 1) / each);
    device.launch(
        device.kernel(KernelFile.SOFTMAX, arrays[0].dtype(), name),
        (int) blocks,
        1,
        threads,
        params);
  }
}
