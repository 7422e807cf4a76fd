package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Linalg;
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

  /** Fills a matrix with the identity: 1 on its diagonal, else 0. */
  @SuppressWarnings("try")
  public static Tensor eye(Tensor tensor) {
    requireDims("eye", tensor, 2, 2, "Only tensors with 2 dimensions are supported");
    try (GradMode mode = GradMode.noGrad()) {
      tensor.zero_().diagonal().fill_(1);
    }
    return tensor;
  }

  /** Computes {@link #dirac(Tensor, int)} with one group. */
  public static Tensor dirac(Tensor tensor) {
    return dirac(tensor, 1);
  }

  /**
   * Fills the weight of a convolution with filters that pass their channel on: 1 in the middle of
   * filter i for channel i, in each group, else 0.
   *
   * @param tensor [outChannels, inChannels / groups, kernel…] of 1 to 3 spatial dimensions
   * @throws IllegalArgumentException if the tensor has not 3 to 5 dimensions, or groups do not
   *     divide the output channels
   */
  @SuppressWarnings("try")
  public static Tensor dirac(Tensor tensor, int groups) {
    requireDims("dirac", tensor, 3, 5, "Only tensors with 3, 4, or 5 dimensions are supported");
    if (groups < 1 || tensor.size(0) % groups != 0) {
      throw new IllegalArgumentException(
          message(
              "dirac: dim 0 must be divisible by groups; got %s and %s groups",
              tensor.shape(), groups));
    }
    try (GradMode mode = GradMode.noGrad()) {
      Tensor middle = tensor.zero_();
      for (int d = tensor.dim() - 1; d > 1; d--) {
        middle = middle.select(d, tensor.size(d) / 2);
      }
      for (Tensor group : middle.chunk(groups, 0)) {
        group.diagonal().fill_(1);
      }
    }
    return tensor;
  }

  /** Fills a tensor with uniform values in [0, 1) of the thread's default generator. */
  public static Tensor uniform(Tensor tensor) {
    return uniform(tensor, 0, 1);
  }

  /** Fills a tensor with uniform values in [low, high) of the thread's default generator. */
  public static Tensor uniform(Tensor tensor, double low, double high) {
    return uniform(tensor, low, high, Generator.current());
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

  /** Fills a tensor with normal values of mean 0 and standard deviation 1. */
  public static Tensor normal(Tensor tensor) {
    return normal(tensor, 0, 1);
  }

  /** Fills a tensor with normal values of the thread's default generator. */
  public static Tensor normal(Tensor tensor, double mean, double std) {
    return normal(tensor, mean, std, Generator.current());
  }

  /** Fills a tensor with normal values of the given mean and standard deviation. */
  @SuppressWarnings("try")
  public static Tensor normal(Tensor tensor, double mean, double std, Generator generator) {
    requireFloating("normal", tensor);
    if (!(std >= 0)) {
      throw new IllegalArgumentException(
          message("normal: expects std >= 0.0, but found std %s", std));
    }
    try (GradMode mode = GradMode.noGrad()) {
      return tensor.normal_(generator, mean, std);
    }
  }

  /** Fills a tensor with normal values of mean 0 and standard deviation 1 within [−2, 2]. */
  public static Tensor truncNormal(Tensor tensor) {
    return truncNormal(tensor, 0, 1, -2, 2);
  }

  /** Fills a tensor with normal values within [low, high] of the thread's default generator. */
  public static Tensor truncNormal(
      Tensor tensor, double mean, double std, double low, double high) {
    return truncNormal(tensor, mean, std, low, high, Generator.current());
  }

  /**
   * Fills a tensor with normal values of the given mean and standard deviation, before those
   * outside of [low, high] are left out. Works best if the mean is within two standard deviations
   * of this interval.
   *
   * @throws IllegalArgumentException if std is negative or low is above high
   */
  @SuppressWarnings("try")
  public static Tensor truncNormal(
      Tensor tensor, double mean, double std, double low, double high, Generator generator) {
    requireFloating("truncNormal", tensor);
    if (!(std >= 0) || !(low <= high)) {
      throw new IllegalArgumentException(
          message(
              "truncNormal: expects std >= 0 and low <= high; got std %s, low %s, high %s",
              std, low, high));
    }
    if (std == 0) {
      return constant(tensor, Math.max(low, Math.min(high, mean)));
    }
    double from = 2 * share((low - mean) / std) - 1;
    double to = 2 * share((high - mean) / std) - 1;
    try (GradMode mode = GradMode.noGrad()) {
      tensor.uniform_(generator, from, to).erfinv_();
      return tensor.mul_(std * Math.sqrt(2)).add_(mean).clamp_(low, high);
    }
  }

  /** Returns the share of normal values below x. */
  private static double share(double x) {
    return Tensor.scalar(x / Math.sqrt(2), DType.FLOAT64).erf().item() / 2 + 0.5;
  }

  /** The function behind a layer, which decides how large its weights should be. */
  public enum Nonlinearity {
    /** None. */
    LINEAR,
    SIGMOID,
    TANH,
    RELU,
    LEAKY_RELU,
    SELU
  }

  /**
   * Returns the recommended gain before a function; that of a leaky ReLU of negative slope 0.01.
   */
  public static double calculateGain(Nonlinearity nonlinearity) {
    return calculateGain(nonlinearity, 0.01);
  }

  /**
   * Returns the recommended gain before a function: 1 for LINEAR and SIGMOID, 5/3 for TANH, √2 for
   * RELU, √(2 / (1 + slope²)) for LEAKY_RELU, 3/4 for SELU.
   *
   * @param negativeSlope of a leaky ReLU
   */
  public static double calculateGain(Nonlinearity nonlinearity, double negativeSlope) {
    return switch (nonlinearity) {
      case LINEAR, SIGMOID -> 1;
      case TANH -> 5.0 / 3;
      case RELU -> Math.sqrt(2);
      case LEAKY_RELU -> Math.sqrt(2 / (1 + negativeSlope * negativeSlope));
      case SELU -> 0.75;
    };
  }

  /** Fills a tensor by {@link #kaimingUniform(Tensor, double, Fan, Nonlinearity, Generator)}. */
  public static Tensor kaimingUniform(Tensor tensor) {
    return kaimingUniform(tensor, Fan.IN, Nonlinearity.LEAKY_RELU);
  }

  /** Fills a tensor by {@link #kaimingUniform(Tensor, double, Fan, Nonlinearity, Generator)}. */
  public static Tensor kaimingUniform(Tensor tensor, Fan fan, Nonlinearity nonlinearity) {
    return kaimingUniform(tensor, 0, fan, nonlinearity, Generator.current());
  }

  /**
   * Fills a tensor by {@link #kaimingUniform(Tensor, double, Fan, Nonlinearity, Generator)} for a
   * leaky ReLU.
   */
  public static Tensor kaimingUniform(Tensor tensor, double a, Fan fan, Generator generator) {
    return kaimingUniform(tensor, a, fan, Nonlinearity.LEAKY_RELU, generator);
  }

  /**
   * Fills a tensor with uniform values in ±√3·gain/√fan; see {@link #calculateGain(Nonlinearity,
   * double)}. Source: He et al., Delving Deep into Rectifiers, 2015.
   *
   * @param a negative slope of a leaky ReLU; default 0
   * @param fan default IN
   * @param nonlinearity default LEAKY_RELU
   * @throws IllegalArgumentException if the tensor has fewer than two dimensions
   */
  public static Tensor kaimingUniform(
      Tensor tensor, double a, Fan fan, Nonlinearity nonlinearity, Generator generator) {
    double bound = kaimingStd("kaimingUniform", tensor, a, fan, nonlinearity) * Math.sqrt(3);
    return tensor.numel() == 0 ? tensor : uniform(tensor, -bound, bound, generator);
  }

  /** Fills a tensor by {@link #kaimingNormal(Tensor, double, Fan, Nonlinearity, Generator)}. */
  public static Tensor kaimingNormal(Tensor tensor) {
    return kaimingNormal(tensor, Fan.IN, Nonlinearity.LEAKY_RELU);
  }

  /** Fills a tensor by {@link #kaimingNormal(Tensor, double, Fan, Nonlinearity, Generator)}. */
  public static Tensor kaimingNormal(Tensor tensor, Fan fan, Nonlinearity nonlinearity) {
    return kaimingNormal(tensor, 0, fan, nonlinearity, Generator.current());
  }

  /**
   * Fills a tensor by {@link #kaimingNormal(Tensor, double, Fan, Nonlinearity, Generator)} for a
   * leaky ReLU.
   */
  public static Tensor kaimingNormal(Tensor tensor, double a, Fan fan, Generator generator) {
    return kaimingNormal(tensor, a, fan, Nonlinearity.LEAKY_RELU, generator);
  }

  /**
   * Fills a tensor with normal values of standard deviation gain/√fan, with the arguments of {@link
   * #kaimingUniform(Tensor, double, Fan, Nonlinearity, Generator)}.
   */
  public static Tensor kaimingNormal(
      Tensor tensor, double a, Fan fan, Nonlinearity nonlinearity, Generator generator) {
    double std = kaimingStd("kaimingNormal", tensor, a, fan, nonlinearity);
    return tensor.numel() == 0 ? tensor : normal(tensor, 0, std, generator);
  }

  /** Fills a tensor by {@link #xavierUniform(Tensor, double, Generator)} with a gain of 1. */
  public static Tensor xavierUniform(Tensor tensor) {
    return xavierUniform(tensor, 1);
  }

  /** Fills a tensor by {@link #xavierUniform(Tensor, double, Generator)}. */
  public static Tensor xavierUniform(Tensor tensor, double gain) {
    return xavierUniform(tensor, gain, Generator.current());
  }

  /**
   * Fills a tensor with uniform values in ±gain·√(6 / (fanIn + fanOut)). Source: Glorot and Bengio,
   * Understanding the difficulty of training deep feedforward neural networks, 2010.
   *
   * @throws IllegalArgumentException if the tensor has fewer than two dimensions
   */
  public static Tensor xavierUniform(Tensor tensor, double gain, Generator generator) {
    double bound = xavierStd("xavierUniform", tensor, gain) * Math.sqrt(3);
    return uniform(tensor, -bound, bound, generator);
  }

  /** Fills a tensor by {@link #xavierNormal(Tensor, double, Generator)} with a gain of 1. */
  public static Tensor xavierNormal(Tensor tensor) {
    return xavierNormal(tensor, 1);
  }

  /** Fills a tensor by {@link #xavierNormal(Tensor, double, Generator)}. */
  public static Tensor xavierNormal(Tensor tensor, double gain) {
    return xavierNormal(tensor, gain, Generator.current());
  }

  /**
   * Fills a tensor with normal values of standard deviation gain·√(2 / (fanIn + fanOut)).
   *
   * @throws IllegalArgumentException if the tensor has fewer than two dimensions
   */
  public static Tensor xavierNormal(Tensor tensor, double gain, Generator generator) {
    return normal(tensor, 0, xavierStd("xavierNormal", tensor, gain), generator);
  }

  /** Fills a tensor by {@link #orthogonal(Tensor, double, Generator)} with a gain of 1. */
  public static Tensor orthogonal(Tensor tensor) {
    return orthogonal(tensor, 1);
  }

  /** Fills a tensor by {@link #orthogonal(Tensor, double, Generator)}. */
  public static Tensor orthogonal(Tensor tensor, double gain) {
    return orthogonal(tensor, gain, Generator.current());
  }

  /**
   * Fills a tensor with {@code gain} times a matrix of orthonormal rows or columns, whichever are
   * fewer; all dimensions but the first count as columns. Source: Saxe et al., Exact solutions to
   * the nonlinear dynamics of learning in deep linear neural networks, 2013.
   *
   * @throws IllegalArgumentException if the tensor has fewer than two dimensions
   */
  @SuppressWarnings("try")
  public static Tensor orthogonal(Tensor tensor, double gain, Generator generator) {
    requireFloating("orthogonal", tensor);
    requireDims(
        "orthogonal",
        tensor,
        2,
        Integer.MAX_VALUE,
        "Only tensors with 2 or more dimensions are supported");
    if (tensor.numel() == 0) {
      return tensor;
    }
    long rows = tensor.size(0);
    boolean wide = rows < tensor.numel() / rows;
    try (GradMode mode = GradMode.noGrad()) {
      DType type = tensor.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
      Tensor values = Tensor.randn(generator, type, rows, tensor.numel() / rows);
      Linalg.QrResult qr = Linalg.qr(wide ? values.t() : values);
      Tensor q = qr.q().mul(qr.r().diagonal().sign());
      return tensor.copy_((wide ? q.t() : q).reshape(tensor.shape())).mul_(gain);
    }
  }

  /** Fills a matrix by {@link #sparse(Tensor, double, double, Generator)}. */
  public static Tensor sparse(Tensor tensor, double sparsity, double std) {
    return sparse(tensor, sparsity, std, Generator.current());
  }

  /**
   * Fills a matrix with normal values of mean 0, then a share of each column with 0. Takes one draw
   * more for each column. Source: Martens, Deep learning via Hessian-free optimization, 2010.
   *
   * @param sparsity share of zeros, in [0, 1], rounded up
   * @param std default in PyTorch: 0.01
   * @throws IllegalArgumentException if the tensor has not two dimensions
   */
  @SuppressWarnings("try")
  public static Tensor sparse(Tensor tensor, double sparsity, double std, Generator generator) {
    requireDims("sparse", tensor, 2, 2, "Only tensors with 2 dimensions are supported");
    if (!(sparsity >= 0 && sparsity <= 1)) {
      throw new IllegalArgumentException(
          message("sparse: sparsity must be in [0, 1]; got %s", sparsity));
    }
    long rows = tensor.size(0);
    long zeros = (long) Math.ceil(sparsity * rows);
    normal(tensor, 0, std, generator);
    try (GradMode mode = GradMode.noGrad()) {
      for (long column = 0; column < tensor.size(1); column++) {
        Tensor chosen = Tensor.randperm(generator, rows).narrow(0, 0, zeros);
        tensor.select(1, column).indexFill_(0, chosen.to(tensor.device()), 0);
      }
    }
    return tensor;
  }

  private static double kaimingStd(
      String name, Tensor tensor, double a, Fan fan, Nonlinearity nonlinearity) {
    return calculateGain(nonlinearity, a) / Math.sqrt(fan(name, tensor, fan));
  }

  private static double xavierStd(String name, Tensor tensor, double gain) {
    return gain * Math.sqrt(2 / (fan(name, tensor, Fan.IN) + fan(name, tensor, Fan.OUT)));
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

  private static void requireDims(String name, Tensor tensor, int least, int most, String rule) {
    if (tensor.dim() < least || tensor.dim() > most) {
      throw new IllegalArgumentException(message("%s: %s; got %s", name, rule, tensor.shape()));
    }
  }
}
