package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * The norm of gradients, and its limit. Squares are added in double precision in one fixed order,
 * by parameters and in row-major order within each, on the host, so that the norm is the same on
 * every machine and device.
 */
public final class GradClip {
  private static final long CHUNK = 1 << 14;
  private static final int LANES = 8;

  private GradClip() {}

  /** √Σ g² over the gradients of all parameters; those without one count 0. */
  public static double totalNorm(List<? extends Tensor> parameters) {
    double sum = 0;
    for (Tensor parameter : parameters) {
      if (parameter.grad() != null) {
        sum += sumOfSquares(parameter.grad());
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * Scales all gradients by min(1, maxNorm / (total + 1e-6)).
   *
   * @return the total norm before
   * @throws IllegalArgumentException if maxNorm is negative or NaN
   */
  public static double clipGradNorm(List<? extends Tensor> parameters, double maxNorm) {
    return clipGradNorm(parameters, maxNorm, false);
  }

  /**
   * Scales all gradients by min(1, maxNorm / (total + 1e-6)). A total that is not finite scales as
   * the arithmetic says (to 0 or NaN), unless it is an error.
   *
   * @return the total norm before
   * @throws IllegalArgumentException if maxNorm is negative or NaN
   * @throws ArithmeticException if {@code errorIfNonFinite} and the total is NaN or infinite; no
   *     gradient is changed then
   */
  @SuppressWarnings("try")
  public static double clipGradNorm(
      List<? extends Tensor> parameters, double maxNorm, boolean errorIfNonFinite) {
    if (!(maxNorm >= 0)) {
      throw new IllegalArgumentException(
          "clipGradNorm: maxNorm must be at least 0; got " + maxNorm);
    }
    double total = totalNorm(parameters);
    if (errorIfNonFinite && !Double.isFinite(total)) {
      throw new ArithmeticException(
          message(
              "clipGradNorm: The total norm of order 2.0 for gradients is non-finite, so it cannot"
                  + " be clipped; got %s",
              total));
    }
    double scale = maxNorm / (total + 1e-6);
    if (!(scale >= 1)) {
      try (GradMode mode = GradMode.noGrad()) {
        for (Tensor parameter : parameters) {
          if (parameter.grad() != null) {
            parameter.grad().mul_(scale);
          }
        }
      }
    }
    return total;
  }

  private static double sumOfSquares(Tensor grad) {
    Tensor dense = grad.isContiguous() ? grad : grad.detach().contiguous();
    Tensor host = Internals.onHost(dense);
    try {
      double[] lanes = new double[LANES];
      if (host.dtype() == DType.FLOAT32) {
        addFloats(host.strided().address(), host.numel(), lanes);
      } else {
        addDoubles(host.strided().address(), host.numel(), lanes);
      }
      double sum = 0;
      for (double lane : lanes) {
        sum += lane;
      }
      return sum;
    } finally {
      if (host != dense) {
        host.close();
      }
      if (dense != grad) {
        dense.close();
      }
    }
  }

  /** Lane i mod 8 takes element i: eight independent sums hide the latency of an addition. */
  private static void addFloats(long address, long count, double... lanes) {
    float[] chunk = new float[(int) Math.min(CHUNK, count)];
    for (long at = 0; at < count; at += CHUNK) {
      int length = (int) Math.min(CHUNK, count - at);
      Memory.copyToArray(address + at * Float.BYTES, chunk, (long) length * Float.BYTES);
      int full = length - length % LANES;
      for (int i = 0; i < full; i += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          double value = chunk[i + lane];
          lanes[lane] += value * value;
        }
      }
      for (int i = full; i < length; i++) {
        lanes[i - full] += (double) chunk[i] * chunk[i];
      }
    }
  }

  private static void addDoubles(long address, long count, double... lanes) {
    for (long i = 0; i < count; i++) {
      double value = Memory.getDouble(address + i * Double.BYTES);
      lanes[(int) (i % LANES)] += value * value;
    }
  }
}
