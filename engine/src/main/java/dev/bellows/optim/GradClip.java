package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
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

  /**
   * Returns the norm of all gradients together, (Σ |g|ᵖ)^(1/p), the largest |g| for ∞ and the
   * smallest for −∞; 0 if there is none. Parameters without a gradient are passed over.
   *
   * @param normType the order p; for 0, as in PyTorch, the number of gradients that are not all 0
   */
  public static double totalNorm(List<? extends Tensor> parameters, double normType) {
    if (normType == 2) {
      return totalNorm(parameters);
    }
    double[] norms =
        parameters.stream()
            .filter(parameter -> parameter.grad() != null)
            .mapToDouble(parameter -> norm(normType, values(parameter.grad())))
            .toArray();
    return norms.length == 0 ? 0 : norm(normType, norms);
  }

  private static double[] values(Tensor grad) {
    return grad.detach().toDoubleArray();
  }

  private static double norm(double order, double... values) {
    boolean least = order == Double.NEGATIVE_INFINITY;
    double total = least && values.length > 0 ? Double.POSITIVE_INFINITY : 0;
    for (double value : values) {
      double size = Math.abs(value);
      if (order == Double.POSITIVE_INFINITY) {
        total = Math.max(total, size);
      } else if (least) {
        total = Math.min(total, size);
      } else if (order == 0) {
        total += size == 0 ? 0 : 1;
      } else {
        total += order == 1 ? size : StrictMath.pow(size, order);
      }
    }
    return order == 0 || order == 1 || Double.isInfinite(order)
        ? total
        : StrictMath.pow(total, 1 / order);
  }

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
  public static double clipGradNorm(
      List<? extends Tensor> parameters, double maxNorm, boolean errorIfNonFinite) {
    return clipGradNorm(parameters, maxNorm, 2, errorIfNonFinite);
  }

  /**
   * Works like {@link #clipGradNorm(List, double, boolean)}, for a norm of any order.
   *
   * @param normType the order, as for {@link #totalNorm(List, double)}; PyTorch's default is 2
   */
  @SuppressWarnings("try")
  public static double clipGradNorm(
      List<? extends Tensor> parameters,
      double maxNorm,
      double normType,
      boolean errorIfNonFinite) {
    if (!(maxNorm >= 0)) {
      throw new IllegalArgumentException(
          "clipGradNorm: maxNorm must be at least 0; got " + maxNorm);
    }
    double total = totalNorm(parameters, normType);
    if (errorIfNonFinite && !Double.isFinite(total)) {
      throw new ArithmeticException(
          message(
              "clipGradNorm: The total norm of order %s for gradients is non-finite, so it cannot"
                  + " be clipped; got %s",
              normType, total));
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

  /**
   * Limits each element of all gradients to [−clipValue, clipValue].
   *
   * @throws IllegalArgumentException if clipValue is negative or NaN
   */
  @SuppressWarnings("try")
  public static void clipGradValue(List<? extends Tensor> parameters, double clipValue) {
    if (!(clipValue >= 0)) {
      throw new IllegalArgumentException(
          "clipGradValue: clipValue must be at least 0; got " + clipValue);
    }
    try (GradMode mode = GradMode.noGrad()) {
      for (Tensor parameter : parameters) {
        if (parameter.grad() != null) {
          parameter.grad().clamp_(-clipValue, clipValue);
        }
      }
    }
  }

  private static double sumOfSquares(Tensor grad) {
    Tensor dense = grad.isContiguous() ? grad : grad.detach().contiguous();
    Tensor host = TensorCopies.onHost(dense);
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
