package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Initialises tensors in place and outside any graph. Each function returns the tensor it filled.
 * Random ones take one draw from the generator. Source: PyTorch's {@code torch.nn.init}.
 */
public final class Init {
  private Init() {}

  /** The side of a weight whose variance is preserved: inputs (forward) or outputs (backward). */
  public enum Fan {
    IN,
    OUT
  }

  /** Fills a tensor with 0. */
  public static Tensor zeros(Tensor tensor) {
    return constant(tensor, 0);
  }

  /** Fills a tensor with 1. */
  public static Tensor ones(Tensor tensor) {
    return constant(tensor, 1);
  }

  /** Fills a tensor with {@code value}. */
  @SuppressWarnings("try")
  public static Tensor constant(Tensor tensor, double value) {
    try (GradMode mode = GradMode.noGrad()) {
      tensor.fill_(value);
    }
    return tensor;
  }

  /** Fills a tensor with uniform values in [low, high). */
  @SuppressWarnings("try")
  public static Tensor uniform(Tensor tensor, double low, double high, Generator generator) {
    requireFloating("uniform", tensor);
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          message(
              "uniform: expects to return a [from, to) range, but found from=%s > to=%s",
              low, high));
    }
    try (GradMode mode = GradMode.noGrad()) {
      return tensor.uniform_(generator, low, high);
    }
  }

  /** Fills a tensor with normal values of the given mean and standard deviation. */
  @SuppressWarnings("try")
  public static Tensor normal(Tensor tensor, double mean, double std, Generator generator) {
    requireFloating("normal", tensor);
    if (!(std >= 0)) {
      throw new IllegalArgumentException("normal: expects std >= 0.0, but found std " + std);
    }
    try (GradMode mode = GradMode.noGrad()) {
      return tensor.normal_(generator, mean, std);
    }
  }

  /**
   * Fills a tensor with uniform values in ±√(3)·gain/√fan, with gain = √(2 / (1 + a²)), for layers
   * before a leaky ReLU of negative slope {@code a}. Source: He et al., Delving Deep into
   * Rectifiers, 2015.
   *
   * @throws IllegalArgumentException if the tensor has fewer than two dimensions
   */
  public static Tensor kaimingUniform(Tensor tensor, double a, Fan fan, Generator generator) {
    double bound = kaimingStd("kaimingUniform", tensor, a, fan) * Math.sqrt(3);
    return uniform(tensor, -bound, bound, generator);
  }

  /**
   * Fills a tensor with normal values of standard deviation gain/√fan, gain as in {@link
   * #kaimingUniform}.
   */
  public static Tensor kaimingNormal(Tensor tensor, double a, Fan fan, Generator generator) {
    return normal(tensor, 0, kaimingStd("kaimingNormal", tensor, a, fan), generator);
  }

  /**
   * Fills a tensor with uniform values in ±gain·√(6 / (fanIn + fanOut)). Source: Glorot and Bengio,
   * Understanding the difficulty of training deep feedforward neural networks, 2010.
   *
   * @throws IllegalArgumentException if the tensor has fewer than two dimensions
   */
  public static Tensor xavierUniform(Tensor tensor, double gain, Generator generator) {
    double bound =
        gain
            * Math.sqrt(
                6.0
                    / (fan("xavierUniform", tensor, Fan.IN)
                        + fan("xavierUniform", tensor, Fan.OUT)));
    return uniform(tensor, -bound, bound, generator);
  }

  private static double kaimingStd(String name, Tensor tensor, double a, Fan fan) {
    return Math.sqrt(2 / (1 + a * a)) / Math.sqrt(fan(name, tensor, fan));
  }

  /** Returns the fan-in or fan-out of a weight of shape [out, in, taps…]. */
  private static double fan(String name, Tensor tensor, Fan fan) {
    long[] shape = tensor.shape();
    if (shape.length < 2) {
      throw new IllegalArgumentException(
          message(
              "%s: Fan in and fan out can not be computed for tensor with fewer than 2 dimensions;"
                  + " got %s",
              name, shape));
    }
    double taps = 1;
    for (int d = 2; d < shape.length; d++) {
      taps *= shape[d];
    }
    return shape[fan == Fan.IN ? 1 : 0] * taps;
  }

  private static void requireFloating(String name, Tensor tensor) {
    DType type = tensor.dtype();
    if (!type.isFloatingPoint()) {
      throw new IllegalArgumentException(
          message("%s: tensor must be of a floating-point type; got %s", name, type));
    }
  }
}
