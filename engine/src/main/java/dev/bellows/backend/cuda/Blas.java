package dev.bellows.backend.cuda;

import dev.bellows.memory.Block;
import dev.bellows.memory.DType;

/**
 * Products of matrices by the driver's BLAS, with memory of its own to work in, so that the same
 * products give the same bits and can be part of a graph. Opened when first used.
 */
final class Blas {
  /** What cuBLAS wants on Hopper; on small devices at most this share of all memory. */
  private static final long WORKSPACE_BYTES = 32L << 20;

  private static final int SHARE = 64;

  private final CudaDevice device;
  private final boolean tf32;
  private long handle;
  private long capturing;

  /**
   * @param tf32 whether FLOAT32 may be multiplied with 10 bits of precision
   */
  Blas(CudaDevice device, boolean tf32) {
    this.device = device;
    this.tf32 = tf32;
  }

  /** Opens what graphs are captured with, which cannot be done while one is. */
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

  /** A batch of matrices as BLAS takes them, column by column. */
  record Operand(long address, boolean turned, long leading, long batchStride) {}

  /**
   * c [m, n] = op(a) [m, k] · op(b) [k, n] + beta · c for each of a batch, all column by column;
   * see {@link Gemm}.
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
