package dev.bellows.backend.cuda;

import dev.bellows.memory.Block;
import dev.bellows.memory.DType;

/**
 * Matrix products on cuBLAS, with a fixed workspace, so that equal products give equal bits and can
 * be captured in a graph. Opened on first use.
 */
final class Blas {
  /**
   * Workspace size recommended for cuBLAS on Hopper; small devices use at most this share of all
   * memory.
   */
  private static final long WORKSPACE_BYTES = 32L << 20;

  private static final int SHARE = 64;

  private final CudaDevice device;
  private final boolean tf32;
  private long handle;
  private long capturing;

  /**
   * Creates the products of a device.
   *
   * @param tf32 whether FLOAT32 inputs may be rounded to 10 bits of precision
   */
  Blas(CudaDevice device, boolean tf32) {
    this.device = device;
    this.tf32 = tf32;
  }

  /**
   * Opens the handle used during capture, which cannot be created while a capture is in progress.
   */
  void prepareCapture() {
    if (capturing == 0) {
      device.bind();
      capturing = open(device.captureStream());
    }
  }

  private long open(long stream) {
    long bytes = Math.min(WORKSPACE_BYTES, device.properties().totalBytes() / SHARE);
    Block workspace = device.memory().allocate(bytes);
    return device.driver().createBlas(stream, workspace.address(), bytes);
  }

  /** A batch of column-major matrices, as BLAS expects them. */
  record Operand(long address, boolean turned, long leading, long batchStride) {}

  /**
   * Computes c [m, n] = op(a) [m, k] · op(b) [k, n] + beta · c for each matrix of a batch, all
   * column-major; see {@link Gemm}.
   */
  void gemm(
      DType type, long m, long n, long k, Operand a, Operand b, float beta, Operand c, long batch) {
    device.bind();
    boolean captures = device.isCapturing();
    if (handle == 0 && !captures) {
      handle = open(device.mainStream());
    }
    device
        .driver()
        .gemm(
            captures ? capturing : handle,
            new Gemm(
                type,
                tf32 && type == DType.FLOAT32,
                a.turned,
                b.turned,
                Math.toIntExact(m),
                Math.toIntExact(n),
                Math.toIntExact(k),
                a.address,
                Math.toIntExact(a.leading),
                a.batchStride,
                b.address,
                Math.toIntExact(b.leading),
                b.batchStride,
                beta,
                c.address,
                Math.toIntExact(c.leading),
                c.batchStride,
                Math.toIntExact(batch)));
  }
}
