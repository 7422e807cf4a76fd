package dev.bellows.nn;

import dev.bellows.errors.Messages;
import dev.bellows.ops.Accepted;
import dev.bellows.ops.ActivationFunctions;
import dev.bellows.ops.Default;
import dev.bellows.ops.Overwriting;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/** Activation functions. The names of those that overwrite their argument end in {@code _}. */
final class Activations {
  private static final double SELU_ALPHA = 1.6732632423543772848170429916717;
  private static final double SELU_SCALE = 1.0507009873554804934193349852946;

  private Activations() {}

  // ---- rectifiers

  /** Computes max(x, 0) element-wise. */
  public static Tensor relu(Tensor x) {
    return x.relu();
  }

  /** Overwrites x with {@link #relu} and returns it. */
  public static Tensor relu_(Tensor x) {
    return x.relu_();
  }

  /** Computes min(max(x, 0), 6) element-wise; the gradient is 0 at 0 and at 6. */
  public static Tensor relu6(Tensor x) {
    Inputs.requireFloating("relu6", x);
    return hardtanh(x, 0, 6);
  }

  /** Overwrites x with {@link #relu6} and returns it. */
  public static Tensor relu6_(Tensor x) {
    return Overwriting.with("relu6_", x, Activations::relu6);
  }

  /**
   * Computes x where x &gt; 0, else negativeSlope · x.
   *
   * @param negativeSlope default 0.01
   */
  public static Tensor leakyRelu(Tensor x, @Default("0.01") double negativeSlope) {
    Inputs.requireFloating("leakyRelu", x);
    return ActivationFunctions.LEAKY_RELU.of(x, negativeSlope);
  }

  /** Overwrites x with {@link #leakyRelu(Tensor, double)} and returns it. */
  public static Tensor leakyRelu_(Tensor x, @Default("0.01") double negativeSlope) {
    Inputs.requireFloating("leakyRelu_", x);
    return ActivationFunctions.LEAKY_RELU.inPlace(x, negativeSlope);
  }

  /**
   * Computes x where x &gt; 0, else weight · x.
   *
   * @param x [n, c, ..] with a weight for each channel, or any shape with one weight
   * @param weight [c], [1] or a scalar
   * @throws IllegalArgumentException if the number of weights is neither 1 nor that of channels
   */
  public static Tensor prelu(Tensor x, Tensor weight) {
    Inputs.requireFloating("prelu", x);
    if (weight.dim() > 1) {
      throw new IllegalArgumentException(
          Messages.message(
              "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = %s",
              weight.dim()));
    }
    if (x.dtype() != weight.dtype()) {
      throw new IllegalArgumentException(
          Messages.message(
              "prelu: Type promoting not supported. Got %s and %s", x.dtype(), weight.dtype()));
    }
    long channels = x.dim() < 2 ? 1 : x.size(1);
    if (weight.numel() != 1 && weight.numel() != channels) {
      throw new IllegalArgumentException(
          Messages.message(
              "prelu: Mismatch of parameter numbers and input channel size. Found parameter"
                  + " numbers = %s and channel size = %s",
              weight.numel(), channels));
    }
    Tensor slope = weight;
    if (x.dim() > 0) {
      long[] shape = Channels.shape(x.dim(), weight.numel());
      slope = weight.reshape(shape);
    } else {
      slope = weight.reshape();
    }
    return Tensor.where(x.gt(0), x, x.mul(slope));
  }

  /**
   * Computes x where x &gt; 0, else a · x, with a uniform in [lower, upper) for each element in
   * training, and (lower + upper) / 2 otherwise; with the thread's default generator.
   *
   * @throws IllegalArgumentException if lower exceeds upper
   */
  public static Tensor rrelu(
      Tensor x,
      @Default("1.0 / 8") double lower,
      @Default("1.0 / 3") double upper,
      @Default("false") boolean training) {
    return rrelu(x, lower, upper, training, Generator.current());
  }

  /**
   * Computes x where x &gt; 0, else a · x, with a uniform in [lower, upper) for each element in
   * training, and (lower + upper) / 2 otherwise.
   *
   * @throws IllegalArgumentException if lower exceeds upper
   */
  public static Tensor rrelu(
      Tensor x, double lower, double upper, boolean training, Generator generator) {
    if (!(lower <= upper)) {
      throw new IllegalArgumentException(
          Messages.message(
              "rrelu: Lower bound should be less than or equal to the upper bound; got %s and %s",
              lower, upper));
    }
    if (!training) {
      return leakyRelu(x, (lower + upper) / 2);
    }
    Tensor slope = Tensor.emptyLike(x.detach()).uniform_(generator, lower, upper);
    return Tensor.where(x.gt(0), x, x.mul(slope));
  }

  /** Overwrites x with {@link #rrelu(Tensor, double, double, boolean)} and returns it. */
  public static Tensor rrelu_(
      Tensor x,
      @Default("1.0 / 8") double lower,
      @Default("1.0 / 3") double upper,
      @Default("false") boolean training) {
    return Overwriting.with("rrelu_", x, y -> rrelu(y, lower, upper, training));
  }

  // ---- exponential units

  /**
   * Computes x where x &gt; 0, else alpha · (eˣ − 1).
   *
   * @param alpha default 1
   */
  public static Tensor elu(Tensor x, @Default("1") double alpha) {
    Inputs.requireFloating("elu", x);
    return ActivationFunctions.ELU.of(x, alpha);
  }

  /** Overwrites x with {@link #elu(Tensor, double)} and returns it. */
  public static Tensor elu_(Tensor x, @Default("1") double alpha) {
    Inputs.requireFloating("elu_", x);
    return ActivationFunctions.ELU.inPlace(x, alpha);
  }

  /**
   * Computes x where x &gt; 0, else alpha · (e^(x / alpha) − 1).
   *
   * @param alpha default 1
   * @throws ArithmeticException if alpha is 0
   */
  public static Tensor celu(Tensor x, @Default("1") double alpha) {
    Inputs.requireFloating("celu", x);
    if (alpha == 0) {
      throw new ArithmeticException("celu: alpha cannot be 0 for CELU");
    }
    return Widened.of(x, y -> Tensor.where(y.gt(0), y, elu(y.div(alpha), 1).mul(alpha)));
  }

  /** Overwrites x with {@link #celu(Tensor, double)} and returns it. */
  public static Tensor celu_(Tensor x, @Default("1") double alpha) {
    return Overwriting.with("celu_", x, y -> celu(y, alpha));
  }

  /**
   * Computes scale · elu(x, alpha) with the alpha and scale that keep mean 0 and variance 1.
   *
   * <p>Source: Klambauer et al., Self-Normalizing Neural Networks, 2017.
   */
  public static Tensor selu(Tensor x) {
    Inputs.requireFloating("selu", x);
    return Widened.of(x, y -> elu(y, SELU_ALPHA).mul(SELU_SCALE));
  }

  /** Overwrites x with {@link #selu} and returns it. */
  public static Tensor selu_(Tensor x) {
    return Overwriting.with("selu_", x, Activations::selu);
  }

  /** Computes x · sigmoid(x) element-wise. */
  public static Tensor silu(Tensor x) {
    return ActivationFunctions.SILU.of(x);
  }

  /** Overwrites x with {@link #silu} and returns it. */
  public static Tensor silu_(Tensor x) {
    return ActivationFunctions.SILU.inPlace(x);
  }

  /** Computes x · tanh(softplus(x)) element-wise. */
  public static Tensor mish(Tensor x) {
    return ActivationFunctions.MISH.of(x);
  }

  /** Overwrites x with {@link #mish} and returns it. */
  public static Tensor mish_(Tensor x) {
    return ActivationFunctions.MISH.inPlace(x);
  }

  /**
   * Computes x · Φ(x), with Φ the distribution function of the normal distribution.
   *
   * @param approximate TANH replaces Φ(x) by (1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2; default NONE
   */
  public static Tensor gelu(Tensor x, @Default("Approximate.NONE") Approximate approximate) {
    return (approximate == Approximate.NONE
            ? ActivationFunctions.GELU
            : ActivationFunctions.GELU_TANH)
        .of(x);
  }

  /**
   * Computes ln(1 + e^(beta·x)) / beta where beta · x ≤ threshold, else x.
   *
   * @param beta default 1
   * @param threshold default 20
   */
  public static Tensor softplus(
      Tensor x, @Default("1") double beta, @Default("20") double threshold) {
    Inputs.requireFloating("softplus", x);
    return Widened.of(
        x,
        y -> {
          Tensor scaled = y.mul(beta);
          Tensor isLinear = scaled.gt(threshold);
          // a large exponent must not reach exp, whose gradient would be infinite
          Tensor bounded = Tensor.where(isLinear, Tensor.zerosLike(scaled), scaled);
          return Tensor.where(isLinear, y, bounded.exp().log1p().div(beta));
        });
  }

  // ---- sigmoids

  /** Computes 1 / (1 + e⁻ˣ) element-wise. */
  public static Tensor sigmoid(Tensor x) {
    return x.sigmoid();
  }

  /** Computes the hyperbolic tangent element-wise. */
  public static Tensor tanh(Tensor x) {
    return x.tanh();
  }

  /** Computes ln(sigmoid(x)) element-wise, without overflow. */
  public static Tensor logSigmoid(Tensor x) {
    return ActivationFunctions.LOG_SIGMOID.of(x);
  }

  /** Computes relu6(x + 3) / 6 element-wise. */
  public static Tensor hardsigmoid(Tensor x) {
    Inputs.requireFloating("hardsigmoid", x);
    return Widened.of(x, y -> relu6(y.add(3)).div(6));
  }

  /** Overwrites x with {@link #hardsigmoid} and returns it. */
  public static Tensor hardsigmoid_(Tensor x) {
    return Overwriting.with("hardsigmoid_", x, Activations::hardsigmoid);
  }

  /** Computes x · relu6(x + 3) / 6 element-wise. */
  public static Tensor hardswish(Tensor x) {
    Inputs.requireFloating("hardswish", x);
    return Widened.of(x, y -> y.mul(relu6(y.add(3))).div(6));
  }

  /** Overwrites x with {@link #hardswish} and returns it. */
  public static Tensor hardswish_(Tensor x) {
    return Overwriting.with("hardswish_", x, Activations::hardswish);
  }

  /** Computes x / (1 + |x|) element-wise. */
  public static Tensor softsign(Tensor x) {
    return Widened.of(x, y -> y.div(y.abs().add(1)));
  }

  /** Computes x − tanh(x) element-wise. */
  public static Tensor tanhshrink(Tensor x) {
    return Widened.of(x, y -> y.sub(y.tanh()));
  }

  // ---- steps and bounds

  /**
   * Computes min(max(x, minVal), maxVal) element-wise; the gradient is 0 at both bounds.
   *
   * @param minVal default −1
   * @param maxVal default 1
   * @throws IllegalArgumentException if minVal exceeds maxVal
   */
  public static Tensor hardtanh(
      Tensor x, @Default("-1") double minVal, @Default("1") double maxVal) {
    Inputs.requireFloating("hardtanh", x);
    if (minVal > maxVal) {
      throw new IllegalArgumentException(
          Messages.message(
              "hardtanh: min_val cannot be greater than max_val; got %s and %s", minVal, maxVal));
    }
    Tensor inside = x.gt(minVal).logicalAnd(x.lt(maxVal));
    return Tensor.where(inside, x, x.detach().clamp(minVal, maxVal));
  }

  /** Overwrites x with {@link #hardtanh(Tensor, double, double)} and returns it. */
  public static Tensor hardtanh_(
      Tensor x, @Default("-1") double minVal, @Default("1") double maxVal) {
    return Overwriting.with("hardtanh_", x, y -> hardtanh(y, minVal, maxVal));
  }

  /** Computes x where x &gt; threshold, else value. */
  public static Tensor threshold(Tensor x, double threshold, double value) {
    Accepted.check("threshold", x.dtype());
    return threshold(x.le(threshold), value, x);
  }

  /** Overwrites x with {@link #threshold(Tensor, double, double)} and returns it. */
  public static Tensor threshold_(Tensor x, double threshold, double value) {
    return Overwriting.with("threshold_", x, y -> threshold(y, threshold, value));
  }

  private static Tensor threshold(Tensor condition, double value, Tensor x) {
    return Tensor.where(condition, x.newFull(value, x.dtype()), x);
  }

  /**
   * Computes x where |x| &gt; lambda, else 0.
   *
   * @param lambda default 0.5
   */
  public static Tensor hardshrink(Tensor x, @Default("0.5") double lambda) {
    Inputs.requireFloating("hardshrink", x);
    return threshold(x.ge(-lambda).logicalAnd(x.le(lambda)), 0, x);
  }

  /**
   * Computes x − lambda where x &gt; lambda, x + lambda where x &lt; −lambda, else 0.
   *
   * @param lambda default 0.5
   * @throws IllegalArgumentException if lambda is negative
   */
  public static Tensor softshrink(Tensor x, @Default("0.5") double lambda) {
    Inputs.requireFloating("softshrink", x);
    if (!(lambda >= 0)) {
      throw new IllegalArgumentException(
          Messages.message(
              "softshrink: lambda must be greater or equal to 0, but found to be %s.", lambda));
    }
    return Widened.of(
        x,
        y -> {
          Tensor inner = y.abs().le(lambda);
          Tensor shrunk = Tensor.where(y.gt(lambda), y.sub(lambda), y.add(lambda));
          return Tensor.where(inner, Tensor.zerosLike(y), shrunk);
        });
  }

  // ---- along a dimension

  /** Computes exp(x) / Σ exp(x) along a dimension. */
  public static Tensor softmax(Tensor x, int dim) {
    return x.softmax(dim);
  }

  /** Computes the logarithm of {@link #softmax} without overflow. */
  public static Tensor logSoftmax(Tensor x, int dim) {
    return x.logSoftmax(dim);
  }

  /** Computes {@link #softmax} of −x along a dimension. */
  public static Tensor softmin(Tensor x, int dim) {
    return x.neg().softmax(dim);
  }

  /**
   * Splits a dimension in two halves a and b and computes a · sigmoid(b).
   *
   * @param dim default −1
   * @return half as large along the dimension
   * @throws IllegalArgumentException if x is a scalar or the dimension's size is odd
   */
  public static Tensor glu(Tensor x, @Default("-1") int dim) {
    Inputs.requireFloating("glu", x);
    if (x.dim() == 0) {
      throw new IllegalArgumentException("glu: glu does not support 0-dimensional tensors");
    }
    long size = x.size(dim);
    if (size % 2 != 0) {
      throw new IllegalArgumentException(
          Messages.message(
              "glu: Halving dimension must be even, but dimension %s is size %s", dim, size));
    }
    return Widened.of(
        x, y -> y.narrow(dim, 0, size / 2).mul(y.narrow(dim, size / 2, size / 2).sigmoid()));
  }

  /**
   * Samples from the Gumbel-softmax distribution; see {@link #gumbelSoftmax(Tensor, double,
   * boolean, int, Generator)}, with the thread's default generator.
   */
  public static Tensor gumbelSoftmax(
      Tensor logits,
      @Default("1") double tau,
      @Default("false") boolean hard,
      @Default("-1") int dim) {
    return gumbelSoftmax(logits, tau, hard, dim, Generator.current());
  }

  /**
   * Computes softmax((logits + g) / tau) with noise g of the Gumbel distribution.
   *
   * @param tau temperature; default 1
   * @param hard whether the result is one-hot, with the gradient of the soft one; default false
   * @param dim default −1
   */
  public static Tensor gumbelSoftmax(
      Tensor logits, double tau, boolean hard, int dim, Generator generator) {
    Tensor noise = Tensor.emptyLike(logits.detach()).exponential_(1, generator).log().neg();
    Tensor soft = logits.add(noise).div(tau).softmax(dim);
    if (!hard) {
      return soft;
    }
    Tensor index = soft.detach().argmax(dim, true);
    Tensor oneHot = Tensor.zerosLike(soft.detach()).scatter(dim, index, 1);
    return oneHot.sub(soft.detach()).add(soft);
  }
}
