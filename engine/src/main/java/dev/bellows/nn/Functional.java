package dev.bellows.nn;

import dev.bellows.autograd.Calls;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Stateless functions that layers compute. Source of names, defaults and meaning: PyTorch's {@code
 * torch.nn.functional}.
 *
 * <p>Do not edit: {@code -Dtest=FunctionalSourceTest -Dbellows.docs.write=true} writes this file
 * from the public methods of the package's other classes, where each method's Javadoc stands too.
 */
public final class Functional {
  private Functional() {}

  // ---- Activations

  /** Computes max(x, 0) element-wise. */
  public static Tensor relu(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.relu(Tensor)", x);
    }
    return Activations.relu(x);
  }

  /** Overwrites x with {@link #relu} and returns it. */
  public static Tensor relu_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.relu_(Tensor)", x);
    }
    return Activations.relu_(x);
  }

  /** Computes min(max(x, 0), 6) element-wise; the gradient is 0 at 0 and at 6. */
  public static Tensor relu6(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.relu6(Tensor)", x);
    }
    return Activations.relu6(x);
  }

  /** Overwrites x with {@link #relu6} and returns it. */
  public static Tensor relu6_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.relu6_(Tensor)", x);
    }
    return Activations.relu6_(x);
  }

  /** Works like {@link #leakyRelu(Tensor, double)} with {@code negativeSlope = 0.01}. */
  public static Tensor leakyRelu(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.leakyRelu(Tensor)", x);
    }
    return Activations.leakyRelu(x, 0.01);
  }

  /**
   * Computes x where x &gt; 0, else negativeSlope · x.
   *
   * @param negativeSlope default 0.01
   */
  public static Tensor leakyRelu(Tensor x, double negativeSlope) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.leakyRelu(Tensor,double)", x, negativeSlope);
    }
    return Activations.leakyRelu(x, negativeSlope);
  }

  /** Works like {@link #leakyRelu_(Tensor, double)} with {@code negativeSlope = 0.01}. */
  public static Tensor leakyRelu_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.leakyRelu_(Tensor)", x);
    }
    return Activations.leakyRelu_(x, 0.01);
  }

  /** Overwrites x with {@link #leakyRelu(Tensor, double)} and returns it. */
  public static Tensor leakyRelu_(Tensor x, double negativeSlope) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.leakyRelu_(Tensor,double)", x, negativeSlope);
    }
    return Activations.leakyRelu_(x, negativeSlope);
  }

  /**
   * Computes x where x &gt; 0, else weight · x.
   *
   * @param x [n, c, ..] with a weight for each channel, or any shape with one weight
   * @param weight [c], [1] or a scalar
   * @throws IllegalArgumentException if the number of weights is neither 1 nor that of channels
   */
  public static Tensor prelu(Tensor x, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.prelu(Tensor,Tensor)", x, weight);
    }
    return Activations.prelu(x, weight);
  }

  /**
   * Works like {@link #rrelu(Tensor, double, double, boolean)} with {@code lower = 1.0 / 8}, {@code
   * upper = 1.0 / 3}, {@code training = false}.
   */
  public static Tensor rrelu(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rrelu(Tensor)", x);
    }
    return Activations.rrelu(x, 1.0 / 8, 1.0 / 3, false);
  }

  /**
   * Works like {@link #rrelu(Tensor, double, double, boolean)} with {@code upper = 1.0 / 3}, {@code
   * training = false}.
   */
  public static Tensor rrelu(Tensor x, double lower) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rrelu(Tensor,double)", x, lower);
    }
    return Activations.rrelu(x, lower, 1.0 / 3, false);
  }

  /** Works like {@link #rrelu(Tensor, double, double, boolean)} with {@code training = false}. */
  public static Tensor rrelu(Tensor x, double lower, double upper) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rrelu(Tensor,double,double)", x, lower, upper);
    }
    return Activations.rrelu(x, lower, upper, false);
  }

  /**
   * Computes x where x &gt; 0, else a · x, with a uniform in [lower, upper) for each element in
   * training, and (lower + upper) / 2 otherwise; with the thread's default generator.
   *
   * @throws IllegalArgumentException if lower exceeds upper
   */
  public static Tensor rrelu(Tensor x, double lower, double upper, boolean training) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rrelu(Tensor,double,double,boolean)", x, lower, upper, training);
    }
    return Activations.rrelu(x, lower, upper, training);
  }

  /**
   * Computes x where x &gt; 0, else a · x, with a uniform in [lower, upper) for each element in
   * training, and (lower + upper) / 2 otherwise.
   *
   * @throws IllegalArgumentException if lower exceeds upper
   */
  public static Tensor rrelu(
      Tensor x, double lower, double upper, boolean training, Generator generator) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.rrelu(Tensor,double,double,boolean,Generator)", x, lower, upper, training, generator);
    }
    return Activations.rrelu(x, lower, upper, training, generator);
  }

  /**
   * Works like {@link #rrelu_(Tensor, double, double, boolean)} with {@code lower = 1.0 / 8},
   * {@code upper = 1.0 / 3}, {@code training = false}.
   */
  public static Tensor rrelu_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rrelu_(Tensor)", x);
    }
    return Activations.rrelu_(x, 1.0 / 8, 1.0 / 3, false);
  }

  /**
   * Works like {@link #rrelu_(Tensor, double, double, boolean)} with {@code upper = 1.0 / 3},
   * {@code training = false}.
   */
  public static Tensor rrelu_(Tensor x, double lower) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rrelu_(Tensor,double)", x, lower);
    }
    return Activations.rrelu_(x, lower, 1.0 / 3, false);
  }

  /** Works like {@link #rrelu_(Tensor, double, double, boolean)} with {@code training = false}. */
  public static Tensor rrelu_(Tensor x, double lower, double upper) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rrelu_(Tensor,double,double)", x, lower, upper);
    }
    return Activations.rrelu_(x, lower, upper, false);
  }

  /** Overwrites x with {@link #rrelu(Tensor, double, double, boolean)} and returns it. */
  public static Tensor rrelu_(Tensor x, double lower, double upper, boolean training) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rrelu_(Tensor,double,double,boolean)", x, lower, upper, training);
    }
    return Activations.rrelu_(x, lower, upper, training);
  }

  /** Works like {@link #elu(Tensor, double)} with {@code alpha = 1}. */
  public static Tensor elu(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.elu(Tensor)", x);
    }
    return Activations.elu(x, 1);
  }

  /**
   * Computes x where x &gt; 0, else alpha · (eˣ − 1).
   *
   * @param alpha default 1
   */
  public static Tensor elu(Tensor x, double alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.elu(Tensor,double)", x, alpha);
    }
    return Activations.elu(x, alpha);
  }

  /** Works like {@link #elu_(Tensor, double)} with {@code alpha = 1}. */
  public static Tensor elu_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.elu_(Tensor)", x);
    }
    return Activations.elu_(x, 1);
  }

  /** Overwrites x with {@link #elu(Tensor, double)} and returns it. */
  public static Tensor elu_(Tensor x, double alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.elu_(Tensor,double)", x, alpha);
    }
    return Activations.elu_(x, alpha);
  }

  /** Works like {@link #celu(Tensor, double)} with {@code alpha = 1}. */
  public static Tensor celu(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.celu(Tensor)", x);
    }
    return Activations.celu(x, 1);
  }

  /**
   * Computes x where x &gt; 0, else alpha · (e^(x / alpha) − 1).
   *
   * @param alpha default 1
   * @throws ArithmeticException if alpha is 0
   */
  public static Tensor celu(Tensor x, double alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.celu(Tensor,double)", x, alpha);
    }
    return Activations.celu(x, alpha);
  }

  /** Works like {@link #celu_(Tensor, double)} with {@code alpha = 1}. */
  public static Tensor celu_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.celu_(Tensor)", x);
    }
    return Activations.celu_(x, 1);
  }

  /** Overwrites x with {@link #celu(Tensor, double)} and returns it. */
  public static Tensor celu_(Tensor x, double alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.celu_(Tensor,double)", x, alpha);
    }
    return Activations.celu_(x, alpha);
  }

  /**
   * Computes scale · elu(x, alpha) with the alpha and scale that keep mean 0 and variance 1.
   *
   * <p>Source: Klambauer et al., Self-Normalizing Neural Networks, 2017.
   */
  public static Tensor selu(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.selu(Tensor)", x);
    }
    return Activations.selu(x);
  }

  /** Overwrites x with {@link #selu} and returns it. */
  public static Tensor selu_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.selu_(Tensor)", x);
    }
    return Activations.selu_(x);
  }

  /** Computes x · sigmoid(x) element-wise. */
  public static Tensor silu(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.silu(Tensor)", x);
    }
    return Activations.silu(x);
  }

  /** Overwrites x with {@link #silu} and returns it. */
  public static Tensor silu_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.silu_(Tensor)", x);
    }
    return Activations.silu_(x);
  }

  /** Computes x · tanh(softplus(x)) element-wise. */
  public static Tensor mish(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.mish(Tensor)", x);
    }
    return Activations.mish(x);
  }

  /** Overwrites x with {@link #mish} and returns it. */
  public static Tensor mish_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.mish_(Tensor)", x);
    }
    return Activations.mish_(x);
  }

  /** Works like {@link #gelu(Tensor, Approximate)} with {@code approximate = Approximate.NONE}. */
  public static Tensor gelu(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.gelu(Tensor)", x);
    }
    return Activations.gelu(x, Approximate.NONE);
  }

  /**
   * Computes x · Φ(x), with Φ the distribution function of the normal distribution.
   *
   * @param approximate TANH replaces Φ(x) by (1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2; default NONE
   */
  public static Tensor gelu(Tensor x, Approximate approximate) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.gelu(Tensor,Approximate)", x, approximate);
    }
    return Activations.gelu(x, approximate);
  }

  /**
   * Works like {@link #softplus(Tensor, double, double)} with {@code beta = 1}, {@code threshold =
   * 20}.
   */
  public static Tensor softplus(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softplus(Tensor)", x);
    }
    return Activations.softplus(x, 1, 20);
  }

  /** Works like {@link #softplus(Tensor, double, double)} with {@code threshold = 20}. */
  public static Tensor softplus(Tensor x, double beta) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softplus(Tensor,double)", x, beta);
    }
    return Activations.softplus(x, beta, 20);
  }

  /**
   * Computes ln(1 + e^(beta·x)) / beta where beta · x ≤ threshold, else x.
   *
   * @param beta default 1
   * @param threshold default 20
   */
  public static Tensor softplus(Tensor x, double beta, double threshold) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softplus(Tensor,double,double)", x, beta, threshold);
    }
    return Activations.softplus(x, beta, threshold);
  }

  /** Computes 1 / (1 + e⁻ˣ) element-wise. */
  public static Tensor sigmoid(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.sigmoid(Tensor)", x);
    }
    return Activations.sigmoid(x);
  }

  /** Computes the hyperbolic tangent element-wise. */
  public static Tensor tanh(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.tanh(Tensor)", x);
    }
    return Activations.tanh(x);
  }

  /** Computes ln(sigmoid(x)) element-wise, without overflow. */
  public static Tensor logSigmoid(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.logSigmoid(Tensor)", x);
    }
    return Activations.logSigmoid(x);
  }

  /** Computes relu6(x + 3) / 6 element-wise. */
  public static Tensor hardsigmoid(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardsigmoid(Tensor)", x);
    }
    return Activations.hardsigmoid(x);
  }

  /** Overwrites x with {@link #hardsigmoid} and returns it. */
  public static Tensor hardsigmoid_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardsigmoid_(Tensor)", x);
    }
    return Activations.hardsigmoid_(x);
  }

  /** Computes x · relu6(x + 3) / 6 element-wise. */
  public static Tensor hardswish(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardswish(Tensor)", x);
    }
    return Activations.hardswish(x);
  }

  /** Overwrites x with {@link #hardswish} and returns it. */
  public static Tensor hardswish_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardswish_(Tensor)", x);
    }
    return Activations.hardswish_(x);
  }

  /** Computes x / (1 + |x|) element-wise. */
  public static Tensor softsign(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softsign(Tensor)", x);
    }
    return Activations.softsign(x);
  }

  /** Computes x − tanh(x) element-wise. */
  public static Tensor tanhshrink(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.tanhshrink(Tensor)", x);
    }
    return Activations.tanhshrink(x);
  }

  /**
   * Works like {@link #hardtanh(Tensor, double, double)} with {@code minVal = -1}, {@code maxVal =
   * 1}.
   */
  public static Tensor hardtanh(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardtanh(Tensor)", x);
    }
    return Activations.hardtanh(x, -1, 1);
  }

  /** Works like {@link #hardtanh(Tensor, double, double)} with {@code maxVal = 1}. */
  public static Tensor hardtanh(Tensor x, double minVal) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardtanh(Tensor,double)", x, minVal);
    }
    return Activations.hardtanh(x, minVal, 1);
  }

  /**
   * Computes min(max(x, minVal), maxVal) element-wise; the gradient is 0 at both bounds.
   *
   * @param minVal default −1
   * @param maxVal default 1
   * @throws IllegalArgumentException if minVal exceeds maxVal
   */
  public static Tensor hardtanh(Tensor x, double minVal, double maxVal) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardtanh(Tensor,double,double)", x, minVal, maxVal);
    }
    return Activations.hardtanh(x, minVal, maxVal);
  }

  /**
   * Works like {@link #hardtanh_(Tensor, double, double)} with {@code minVal = -1}, {@code maxVal =
   * 1}.
   */
  public static Tensor hardtanh_(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardtanh_(Tensor)", x);
    }
    return Activations.hardtanh_(x, -1, 1);
  }

  /** Works like {@link #hardtanh_(Tensor, double, double)} with {@code maxVal = 1}. */
  public static Tensor hardtanh_(Tensor x, double minVal) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardtanh_(Tensor,double)", x, minVal);
    }
    return Activations.hardtanh_(x, minVal, 1);
  }

  /** Overwrites x with {@link #hardtanh(Tensor, double, double)} and returns it. */
  public static Tensor hardtanh_(Tensor x, double minVal, double maxVal) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardtanh_(Tensor,double,double)", x, minVal, maxVal);
    }
    return Activations.hardtanh_(x, minVal, maxVal);
  }

  /** Computes x where x &gt; threshold, else value. */
  public static Tensor threshold(Tensor x, double threshold, double value) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.threshold(Tensor,double,double)", x, threshold, value);
    }
    return Activations.threshold(x, threshold, value);
  }

  /** Overwrites x with {@link #threshold(Tensor, double, double)} and returns it. */
  public static Tensor threshold_(Tensor x, double threshold, double value) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.threshold_(Tensor,double,double)", x, threshold, value);
    }
    return Activations.threshold_(x, threshold, value);
  }

  /** Works like {@link #hardshrink(Tensor, double)} with {@code lambda = 0.5}. */
  public static Tensor hardshrink(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardshrink(Tensor)", x);
    }
    return Activations.hardshrink(x, 0.5);
  }

  /**
   * Computes x where |x| &gt; lambda, else 0.
   *
   * @param lambda default 0.5
   */
  public static Tensor hardshrink(Tensor x, double lambda) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hardshrink(Tensor,double)", x, lambda);
    }
    return Activations.hardshrink(x, lambda);
  }

  /** Works like {@link #softshrink(Tensor, double)} with {@code lambda = 0.5}. */
  public static Tensor softshrink(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softshrink(Tensor)", x);
    }
    return Activations.softshrink(x, 0.5);
  }

  /**
   * Computes x − lambda where x &gt; lambda, x + lambda where x &lt; −lambda, else 0.
   *
   * @param lambda default 0.5
   * @throws IllegalArgumentException if lambda is negative
   */
  public static Tensor softshrink(Tensor x, double lambda) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softshrink(Tensor,double)", x, lambda);
    }
    return Activations.softshrink(x, lambda);
  }

  /** Computes exp(x) / Σ exp(x) along a dimension. */
  public static Tensor softmax(Tensor x, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softmax(Tensor,int)", x, dim);
    }
    return Activations.softmax(x, dim);
  }

  /** Computes the logarithm of {@link #softmax} without overflow. */
  public static Tensor logSoftmax(Tensor x, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.logSoftmax(Tensor,int)", x, dim);
    }
    return Activations.logSoftmax(x, dim);
  }

  /** Computes {@link #softmax} of −x along a dimension. */
  public static Tensor softmin(Tensor x, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softmin(Tensor,int)", x, dim);
    }
    return Activations.softmin(x, dim);
  }

  /** Works like {@link #glu(Tensor, int)} with {@code dim = -1}. */
  public static Tensor glu(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.glu(Tensor)", x);
    }
    return Activations.glu(x, -1);
  }

  /**
   * Splits a dimension in two halves a and b and computes a · sigmoid(b).
   *
   * @param dim default −1
   * @return half as large along the dimension
   * @throws IllegalArgumentException if x is a scalar or the dimension's size is odd
   */
  public static Tensor glu(Tensor x, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.glu(Tensor,int)", x, dim);
    }
    return Activations.glu(x, dim);
  }

  /**
   * Works like {@link #gumbelSoftmax(Tensor, double, boolean, int)} with {@code tau = 1}, {@code
   * hard = false}, {@code dim = -1}.
   */
  public static Tensor gumbelSoftmax(Tensor logits) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.gumbelSoftmax(Tensor)", logits);
    }
    return Activations.gumbelSoftmax(logits, 1, false, -1);
  }

  /**
   * Works like {@link #gumbelSoftmax(Tensor, double, boolean, int)} with {@code hard = false},
   * {@code dim = -1}.
   */
  public static Tensor gumbelSoftmax(Tensor logits, double tau) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.gumbelSoftmax(Tensor,double)", logits, tau);
    }
    return Activations.gumbelSoftmax(logits, tau, false, -1);
  }

  /** Works like {@link #gumbelSoftmax(Tensor, double, boolean, int)} with {@code dim = -1}. */
  public static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.gumbelSoftmax(Tensor,double,boolean)", logits, tau, hard);
    }
    return Activations.gumbelSoftmax(logits, tau, hard, -1);
  }

  /**
   * Samples from the Gumbel-softmax distribution; see {@link #gumbelSoftmax(Tensor, double,
   * boolean, int, Generator)}, with the thread's default generator.
   */
  public static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.gumbelSoftmax(Tensor,double,boolean,int)", logits, tau, hard, dim);
    }
    return Activations.gumbelSoftmax(logits, tau, hard, dim);
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
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.gumbelSoftmax(Tensor,double,boolean,int,Generator)",
          logits,
          tau,
          hard,
          dim,
          generator);
    }
    return Activations.gumbelSoftmax(logits, tau, hard, dim, generator);
  }

  // ---- Affine

  /**
   * Computes x · weightᵀ + bias.
   *
   * @param x [.., inFeatures]
   * @param weight [outFeatures, inFeatures]
   * @param bias [outFeatures], or null for none
   * @return [.., outFeatures]
   */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.linear(Tensor,Tensor,Tensor)", x, weight, bias);
    }
    return Affine.linear(x, weight, bias);
  }

  /** Works like {@link #bilinear(Tensor, Tensor, Tensor, Tensor)} with {@code bias = null}. */
  public static Tensor bilinear(Tensor x1, Tensor x2, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.bilinear(Tensor,Tensor,Tensor)", x1, x2, weight);
    }
    return Affine.bilinear(x1, x2, weight, null);
  }

  /**
   * Computes x1ᵀ · weight(k) · x2 + bias(k) for each k.
   *
   * @param x1 [.., in1]
   * @param x2 [.., in2], with the same leading dimensions
   * @param weight [out, in1, in2]
   * @param bias [out], or null for none
   * @return [.., out]
   * @throws IllegalArgumentException if shapes do not fit
   */
  public static Tensor bilinear(Tensor x1, Tensor x2, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.bilinear(Tensor,Tensor,Tensor,Tensor)", x1, x2, weight, bias);
    }
    return Affine.bilinear(x1, x2, weight, bias);
  }

  // ---- Attention

  /** Computes {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, AttentionOptions)}. */
  public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.scaledDotProductAttention(Tensor,Tensor,Tensor)", query, key, value);
    }
    return Attention.scaledDotProductAttention(query, key, value);
  }

  /**
   * Computes softmax(query · keyᵀ · scale + mask) · value. Where a query attends to no key at all,
   * the result is 0.
   *
   * @param query [.., l, e]
   * @param key [.., s, e]
   * @param value [.., s, ev]
   * @return [.., l, ev]
   * @throws IllegalArgumentException if types differ, a tensor has fewer than 2 dimensions, the
   *     mask is of another type, or there is a mask and the attention is causal
   */
  public static Tensor scaledDotProductAttention(
      Tensor query, Tensor key, Tensor value, AttentionOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.scaledDotProductAttention(Tensor,Tensor,Tensor,AttentionOptions)",
          query,
          key,
          value,
          options);
    }
    return Attention.scaledDotProductAttention(query, key, value, options);
  }

  // ---- AveragePooling

  /** Returns the mean of each window of signals; the stride equals the window size. */
  public static Tensor avgPool1d(Tensor x, int kernel) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.avgPool1d(Tensor,int)", x, kernel);
    }
    return AveragePooling.avgPool1d(x, kernel);
  }

  /**
   * Returns the mean of each window of signals.
   *
   * @param x [n, c, l] or [c, l]
   * @return [n, c, outL] or [c, outL] with outL = (l + 2·padding − kernel) / stride + 1, rounded up
   *     in ceil mode
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor avgPool1d(Tensor x, int kernel, AvgPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.avgPool1d(Tensor,int,AvgPoolOptions)", x, kernel, options);
    }
    return AveragePooling.avgPool1d(x, kernel, options);
  }

  /** Returns the mean of each square window; the stride equals the window size. */
  public static Tensor avgPool2d(Tensor x, int kernel) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.avgPool2d(Tensor,int)", x, kernel);
    }
    return AveragePooling.avgPool2d(x, kernel);
  }

  /** Returns the mean of each square window. */
  public static Tensor avgPool2d(Tensor x, int kernel, AvgPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.avgPool2d(Tensor,int,AvgPoolOptions)", x, kernel, options);
    }
    return AveragePooling.avgPool2d(x, kernel, options);
  }

  /**
   * Returns the mean of each window.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param kernel rows and columns of the window, or one number for both
   * @return [n, c, outH, outW] or [c, outH, outW] with outH = (h + 2·padding − kernel) / stride +
   *     1, rounded up in ceil mode
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor avgPool2d(Tensor x, int[] kernel, AvgPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.avgPool2d(Tensor,int[],AvgPoolOptions)", x, kernel, options);
    }
    return AveragePooling.avgPool2d(x, kernel, options);
  }

  /** Returns the mean of each cubic window; the stride equals the window size. */
  public static Tensor avgPool3d(Tensor x, int kernel) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.avgPool3d(Tensor,int)", x, kernel);
    }
    return AveragePooling.avgPool3d(x, kernel);
  }

  /** Returns the mean of each cubic window. */
  public static Tensor avgPool3d(Tensor x, int kernel, AvgPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.avgPool3d(Tensor,int,AvgPoolOptions)", x, kernel, options);
    }
    return AveragePooling.avgPool3d(x, kernel, options);
  }

  /**
   * Returns the mean of each window of volumes.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param kernel depth, rows and columns of the window, or one number for all
   * @return [n, c, outD, outH, outW] or [c, outD, outH, outW], each as in {@link #avgPool2d(Tensor,
   *     int[], AvgPoolOptions)}
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor avgPool3d(Tensor x, int[] kernel, AvgPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.avgPool3d(Tensor,int[],AvgPoolOptions)", x, kernel, options);
    }
    return AveragePooling.avgPool3d(x, kernel, options);
  }

  /**
   * Returns the mean of each of {@code outputSize} parts of signals, of sizes as equal as possible.
   *
   * @param x [n, c, l] or [c, l]
   * @param outputSize null for l
   */
  public static Tensor adaptiveAvgPool1d(Tensor x, Integer outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.adaptiveAvgPool1d(Tensor,Integer)", x, outputSize);
    }
    return AveragePooling.adaptiveAvgPool1d(x, outputSize);
  }

  /**
   * Returns the mean of each of outH · outW parts of images, of sizes as equal as possible.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param outputSize rows and columns, or one number for both; null for the size of the input
   */
  public static Tensor adaptiveAvgPool2d(Tensor x, Integer... outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.adaptiveAvgPool2d(Tensor,Integer[])", x, outputSize);
    }
    return AveragePooling.adaptiveAvgPool2d(x, outputSize);
  }

  /**
   * Returns the mean of each of outD · outH · outW parts of volumes, of sizes as equal as possible.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param outputSize depth, rows and columns, or one number for all; null for the size of the
   *     input
   */
  public static Tensor adaptiveAvgPool3d(Tensor x, Integer... outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.adaptiveAvgPool3d(Tensor,Integer[])", x, outputSize);
    }
    return AveragePooling.adaptiveAvgPool3d(x, outputSize);
  }

  /**
   * Computes (Σ xᵖ)^(1/p) of each window of signals.
   *
   * @param stride null for the window size
   */
  public static Tensor lpPool1d(Tensor x, double p, int kernel, Integer stride, boolean ceilMode) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.lpPool1d(Tensor,double,int,Integer,boolean)", x, p, kernel, stride, ceilMode);
    }
    return AveragePooling.lpPool1d(x, p, kernel, stride, ceilMode);
  }

  /**
   * Computes (Σ xᵖ)^(1/p) of each window of images.
   *
   * @param kernel rows and columns, or one number for both
   * @param stride likewise; null for the window size
   */
  public static Tensor lpPool2d(Tensor x, double p, int[] kernel, int[] stride, boolean ceilMode) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.lpPool2d(Tensor,double,int[],int[],boolean)", x, p, kernel, stride, ceilMode);
    }
    return AveragePooling.lpPool2d(x, p, kernel, stride, ceilMode);
  }

  /**
   * Computes (Σ xᵖ)^(1/p) of each window of volumes.
   *
   * @param kernel depth, rows and columns, or one number for all
   * @param stride likewise; null for the window size
   */
  public static Tensor lpPool3d(Tensor x, double p, int[] kernel, int[] stride, boolean ceilMode) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.lpPool3d(Tensor,double,int[],int[],boolean)", x, p, kernel, stride, ceilMode);
    }
    return AveragePooling.lpPool3d(x, p, kernel, stride, ceilMode);
  }

  // ---- Convolutions

  /** Computes {@link #conv1d(Tensor, Tensor, Tensor, ConvOptions)} with the default options. */
  public static Tensor conv1d(Tensor x, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.conv1d(Tensor,Tensor,Tensor)", x, weight, bias);
    }
    return Convolutions.conv1d(x, weight, bias);
  }

  /**
   * Computes the cross-correlation of signals with filters.
   *
   * @param x [n, inChannels, l] or [inChannels, l]
   * @param weight [outChannels, inChannels / groups, kernel]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outL] or [outChannels, outL], outL by {@link Conv2dArgs#outSize}
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor conv1d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.conv1d(Tensor,Tensor,Tensor,ConvOptions)", x, weight, bias, options);
    }
    return Convolutions.conv1d(x, weight, bias, options);
  }

  /**
   * Computes the cross-correlation of images with filters, with stride 1, no padding and one group.
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.conv2d(Tensor,Tensor,Tensor)", x, weight, bias);
    }
    return Convolutions.conv2d(x, weight, bias);
  }

  /**
   * Computes the cross-correlation of images with filters.
   *
   * @param x [n, inChannels, h, w]
   * @param weight [outChannels, inChannels / groups, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outH, outW], each by {@link Conv2dArgs#outSize}
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, Conv2dArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.conv2d(Tensor,Tensor,Tensor,Conv2dArgs)", x, weight, bias, args);
    }
    return Convolutions.conv2d(x, weight, bias, args);
  }

  /**
   * Computes the cross-correlation of images with filters.
   *
   * @param x [n, inChannels, h, w] or [inChannels, h, w]
   * @param weight [outChannels, inChannels / groups, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outH, outW] or [outChannels, outH, outW], each by {@link
   *     Conv2dArgs#outSize}
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.conv2d(Tensor,Tensor,Tensor,ConvOptions)", x, weight, bias, options);
    }
    return Convolutions.conv2d(x, weight, bias, options);
  }

  /** Computes {@link #conv3d(Tensor, Tensor, Tensor, ConvOptions)} with the default options. */
  public static Tensor conv3d(Tensor x, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.conv3d(Tensor,Tensor,Tensor)", x, weight, bias);
    }
    return Convolutions.conv3d(x, weight, bias);
  }

  /**
   * Computes the cross-correlation of volumes with filters.
   *
   * @param x [n, inChannels, d, h, w] or [inChannels, d, h, w]
   * @param weight [outChannels, inChannels / groups, kernelD, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outD, outH, outW] or [outChannels, outD, outH, outW], each by {@link
   *     Conv2dArgs#outSize}
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor conv3d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.conv3d(Tensor,Tensor,Tensor,ConvOptions)", x, weight, bias, options);
    }
    return Convolutions.conv3d(x, weight, bias, options);
  }

  /**
   * Computes {@link #convTranspose1d(Tensor, Tensor, Tensor, ConvOptions)} with the default
   * options.
   */
  public static Tensor convTranspose1d(Tensor x, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.convTranspose1d(Tensor,Tensor,Tensor)", x, weight, bias);
    }
    return Convolutions.convTranspose1d(x, weight, bias);
  }

  /**
   * Computes the transposed convolution of signals: the gradient of {@link #conv1d(Tensor, Tensor,
   * Tensor, ConvOptions)} for its input, plus a bias.
   *
   * @param x [n, inChannels, l] or [inChannels, l]
   * @param weight [inChannels, outChannels / groups, kernel]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outL] or [outChannels, outL] with outL = (l − 1)·stride − 2·padding +
   *     dilation·(kernel − 1) + outputPadding + 1
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor convTranspose1d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.convTranspose1d(Tensor,Tensor,Tensor,ConvOptions)", x, weight, bias, options);
    }
    return Convolutions.convTranspose1d(x, weight, bias, options);
  }

  /**
   * Computes {@link #convTranspose2d(Tensor, Tensor, Tensor, ConvOptions)} with the default
   * options.
   */
  public static Tensor convTranspose2d(Tensor x, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.convTranspose2d(Tensor,Tensor,Tensor)", x, weight, bias);
    }
    return Convolutions.convTranspose2d(x, weight, bias);
  }

  /**
   * Computes the transposed convolution of images: the gradient of {@link #conv2d(Tensor, Tensor,
   * Tensor, ConvOptions)} for its input, plus a bias.
   *
   * @param x [n, inChannels, h, w] or [inChannels, h, w]
   * @param weight [inChannels, outChannels / groups, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outH, outW] or [outChannels, outH, outW] with outH = (h − 1)·stride −
   *     2·padding + dilation·(kernelH − 1) + outputPadding + 1
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor convTranspose2d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.convTranspose2d(Tensor,Tensor,Tensor,ConvOptions)", x, weight, bias, options);
    }
    return Convolutions.convTranspose2d(x, weight, bias, options);
  }

  /**
   * Computes {@link #convTranspose3d(Tensor, Tensor, Tensor, ConvOptions)} with the default
   * options.
   */
  public static Tensor convTranspose3d(Tensor x, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.convTranspose3d(Tensor,Tensor,Tensor)", x, weight, bias);
    }
    return Convolutions.convTranspose3d(x, weight, bias);
  }

  /**
   * Computes the transposed convolution of volumes: the gradient of {@link #conv3d(Tensor, Tensor,
   * Tensor, ConvOptions)} for its input, plus a bias.
   *
   * @param x [n, inChannels, d, h, w] or [inChannels, d, h, w]
   * @param weight [inChannels, outChannels / groups, kernelD, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outD, outH, outW] or [outChannels, outD, outH, outW] with outD = (d −
   *     1)·stride − 2·padding + dilation·(kernelD − 1) + outputPadding + 1
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor convTranspose3d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.convTranspose3d(Tensor,Tensor,Tensor,ConvOptions)", x, weight, bias, options);
    }
    return Convolutions.convTranspose3d(x, weight, bias, options);
  }

  // ---- CtcLosses

  /**
   * Computes {@link #ctcLoss(Tensor, Tensor, long[], long[], CtcArgs)} with the default arguments.
   */
  public static Tensor ctcLoss(
      Tensor logProbs, Tensor targets, long[] inputLengths, long[] targetLengths) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.ctcLoss(Tensor,Tensor,long[],long[])",
          logProbs,
          targets,
          inputLengths,
          targetLengths);
    }
    return CtcLosses.ctcLoss(logProbs, targets, inputLengths, targetLengths);
  }

  /**
   * Computes −ln of the probability of a sequence of labels, summed over all its alignments with
   * the input, in which labels may repeat and blanks stand between them. The mean is over the
   * batch, of each loss divided by its number of labels. A sequence that cannot be aligned has an
   * infinite loss, with gradient 0, or loss 0 if so set.
   *
   * @param logProbs [t, n, c], or [t, c] without a batch: logarithms of probabilities
   * @param targets [n, s], or the labels of all sequences in one dimension; of an integer type
   * @param inputLengths number of steps of each sequence, at most t
   * @param targetLengths number of labels of each sequence
   * @throws IllegalArgumentException if shapes, lengths or labels do not fit
   */
  public static Tensor ctcLoss(
      Tensor logProbs, Tensor targets, long[] inputLengths, long[] targetLengths, CtcArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.ctcLoss(Tensor,Tensor,long[],long[],CtcArgs)",
          logProbs,
          targets,
          inputLengths,
          targetLengths,
          args);
    }
    return CtcLosses.ctcLoss(logProbs, targets, inputLengths, targetLengths, args);
  }

  // ---- Distances

  /**
   * Works like {@link #pairwiseDistance(Tensor, Tensor, double, double, boolean)} with {@code p =
   * 2}, {@code eps = 1e-6}, {@code keepDim = false}.
   */
  public static Tensor pairwiseDistance(Tensor x1, Tensor x2) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pairwiseDistance(Tensor,Tensor)", x1, x2);
    }
    return Distances.pairwiseDistance(x1, x2, 2, 1e-6, false);
  }

  /**
   * Works like {@link #pairwiseDistance(Tensor, Tensor, double, double, boolean)} with {@code eps =
   * 1e-6}, {@code keepDim = false}.
   */
  public static Tensor pairwiseDistance(Tensor x1, Tensor x2, double p) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pairwiseDistance(Tensor,Tensor,double)", x1, x2, p);
    }
    return Distances.pairwiseDistance(x1, x2, p, 1e-6, false);
  }

  /**
   * Works like {@link #pairwiseDistance(Tensor, Tensor, double, double, boolean)} with {@code
   * keepDim = false}.
   */
  public static Tensor pairwiseDistance(Tensor x1, Tensor x2, double p, double eps) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pairwiseDistance(Tensor,Tensor,double,double)", x1, x2, p, eps);
    }
    return Distances.pairwiseDistance(x1, x2, p, eps, false);
  }

  /**
   * Computes the norm of x1 − x2 + eps over the last dimension.
   *
   * @param p of the norm; default 2
   * @param eps default 1e-6
   * @param keepDim whether the dimension is kept as size 1; default false
   */
  public static Tensor pairwiseDistance(
      Tensor x1, Tensor x2, double p, double eps, boolean keepDim) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.pairwiseDistance(Tensor,Tensor,double,double,boolean)", x1, x2, p, eps, keepDim);
    }
    return Distances.pairwiseDistance(x1, x2, p, eps, keepDim);
  }

  /**
   * Works like {@link #cosineSimilarity(Tensor, Tensor, int, double)} with {@code dim = 1}, {@code
   * eps = 1e-8}.
   */
  public static Tensor cosineSimilarity(Tensor x1, Tensor x2) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.cosineSimilarity(Tensor,Tensor)", x1, x2);
    }
    return Distances.cosineSimilarity(x1, x2, 1, 1e-8);
  }

  /** Works like {@link #cosineSimilarity(Tensor, Tensor, int, double)} with {@code eps = 1e-8}. */
  public static Tensor cosineSimilarity(Tensor x1, Tensor x2, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.cosineSimilarity(Tensor,Tensor,int)", x1, x2, dim);
    }
    return Distances.cosineSimilarity(x1, x2, dim, 1e-8);
  }

  /**
   * Computes Σ x1 · x2 / (max(‖x1‖, eps) · max(‖x2‖, eps)) along a dimension.
   *
   * @param dim default 1
   * @param eps default 1e-8
   */
  public static Tensor cosineSimilarity(Tensor x1, Tensor x2, int dim, double eps) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.cosineSimilarity(Tensor,Tensor,int,double)", x1, x2, dim, eps);
    }
    return Distances.cosineSimilarity(x1, x2, dim, eps);
  }

  /**
   * Works like {@link #normalize(Tensor, double, int, double)} with {@code p = 2}, {@code dim = 1},
   * {@code eps = 1e-12}.
   */
  public static Tensor normalize(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.normalize(Tensor)", x);
    }
    return Distances.normalize(x, 2, 1, 1e-12);
  }

  /**
   * Works like {@link #normalize(Tensor, double, int, double)} with {@code dim = 1}, {@code eps =
   * 1e-12}.
   */
  public static Tensor normalize(Tensor x, double p) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.normalize(Tensor,double)", x, p);
    }
    return Distances.normalize(x, p, 1, 1e-12);
  }

  /** Works like {@link #normalize(Tensor, double, int, double)} with {@code eps = 1e-12}. */
  public static Tensor normalize(Tensor x, double p, int dim) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.normalize(Tensor,double,int)", x, p, dim);
    }
    return Distances.normalize(x, p, dim, 1e-12);
  }

  /**
   * Divides x by the larger of its norm along a dimension and eps.
   *
   * @param p of the norm; default 2
   * @param dim default 1
   * @param eps default 1e-12
   */
  public static Tensor normalize(Tensor x, double p, int dim, double eps) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.normalize(Tensor,double,int,double)", x, p, dim, eps);
    }
    return Distances.normalize(x, p, dim, eps);
  }

  /** Works like {@link #pdist(Tensor, double)} with {@code p = 2}. */
  public static Tensor pdist(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pdist(Tensor)", x);
    }
    return Distances.pdist(x, 2);
  }

  /**
   * Computes the distances of norm p between all pairs of rows i &lt; j.
   *
   * @param x [n, d]
   * @param p not negative; default 2
   * @return [n · (n − 1) / 2]
   * @throws IllegalArgumentException if x is not a matrix
   */
  public static Tensor pdist(Tensor x, double p) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pdist(Tensor,double)", x, p);
    }
    return Distances.pdist(x, p);
  }

  // ---- Dropouts

  /**
   * Applies {@link #dropout(Tensor, double, boolean, Generator)} with the thread's default
   * generator.
   */
  public static Tensor dropout(Tensor x, double p, boolean training) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.dropout(Tensor,double,boolean)", x, p, training);
    }
    return Dropouts.dropout(x, p, training);
  }

  /**
   * Zeroes each element with probability p and divides the others by 1 − p; returns x itself unless
   * {@code training}.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public static Tensor dropout(Tensor x, double p, boolean training, Generator generator) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.dropout(Tensor,double,boolean,Generator)", x, p, training, generator);
    }
    return Dropouts.dropout(x, p, training, generator);
  }

  /**
   * Works like {@link #dropout1d(Tensor, double, boolean, Generator)} with {@code generator =
   * Generator.current()}.
   */
  public static Tensor dropout1d(Tensor x, double p, boolean training) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.dropout1d(Tensor,double,boolean)", x, p, training);
    }
    return Dropouts.dropout1d(x, p, training, Generator.current());
  }

  /**
   * Zeroes whole channels with probability p and divides the others by 1 − p; returns x itself
   * unless {@code training}.
   *
   * @param x [n, c, l] or [c, l]
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1] or x has another number of dimensions
   */
  public static Tensor dropout1d(Tensor x, double p, boolean training, Generator generator) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.dropout1d(Tensor,double,boolean,Generator)", x, p, training, generator);
    }
    return Dropouts.dropout1d(x, p, training, generator);
  }

  /**
   * Works like {@link #dropout2d(Tensor, double, boolean, Generator)} with {@code generator =
   * Generator.current()}.
   */
  public static Tensor dropout2d(Tensor x, double p, boolean training) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.dropout2d(Tensor,double,boolean)", x, p, training);
    }
    return Dropouts.dropout2d(x, p, training, Generator.current());
  }

  /**
   * Zeroes whole channels with probability p and divides the others by 1 − p; returns x itself
   * unless {@code training}.
   *
   * @param x [n, c, h, w], or [n, c, l] as PyTorch takes three dimensions
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1] or x has another number of dimensions
   */
  public static Tensor dropout2d(Tensor x, double p, boolean training, Generator generator) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.dropout2d(Tensor,double,boolean,Generator)", x, p, training, generator);
    }
    return Dropouts.dropout2d(x, p, training, generator);
  }

  /**
   * Works like {@link #dropout3d(Tensor, double, boolean, Generator)} with {@code generator =
   * Generator.current()}.
   */
  public static Tensor dropout3d(Tensor x, double p, boolean training) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.dropout3d(Tensor,double,boolean)", x, p, training);
    }
    return Dropouts.dropout3d(x, p, training, Generator.current());
  }

  /**
   * Zeroes whole channels with probability p and divides the others by 1 − p; returns x itself
   * unless {@code training}.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1] or x has another number of dimensions
   */
  public static Tensor dropout3d(Tensor x, double p, boolean training, Generator generator) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.dropout3d(Tensor,double,boolean,Generator)", x, p, training, generator);
    }
    return Dropouts.dropout3d(x, p, training, generator);
  }

  /**
   * Works like {@link #alphaDropout(Tensor, double, boolean, Generator)} with {@code generator =
   * Generator.current()}.
   */
  public static Tensor alphaDropout(Tensor x, double p, boolean training) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.alphaDropout(Tensor,double,boolean)", x, p, training);
    }
    return Dropouts.alphaDropout(x, p, training, Generator.current());
  }

  /**
   * Sets each element with probability p to the limit of {@link Functional#selu} and scales all so
   * that mean 0 and variance 1 stay; returns x itself unless {@code training}.
   *
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public static Tensor alphaDropout(Tensor x, double p, boolean training, Generator generator) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.alphaDropout(Tensor,double,boolean,Generator)", x, p, training, generator);
    }
    return Dropouts.alphaDropout(x, p, training, generator);
  }

  /**
   * Works like {@link #featureAlphaDropout(Tensor, double, boolean, Generator)} with {@code
   * generator = Generator.current()}.
   */
  public static Tensor featureAlphaDropout(Tensor x, double p, boolean training) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.featureAlphaDropout(Tensor,double,boolean)", x, p, training);
    }
    return Dropouts.featureAlphaDropout(x, p, training, Generator.current());
  }

  /**
   * Computes {@link #alphaDropout(Tensor, double, boolean, Generator)} of whole channels.
   *
   * @param x [n, c, ..]
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1] or x has fewer than 2 dimensions
   */
  public static Tensor featureAlphaDropout(
      Tensor x, double p, boolean training, Generator generator) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.featureAlphaDropout(Tensor,double,boolean,Generator)", x, p, training, generator);
    }
    return Dropouts.featureAlphaDropout(x, p, training, generator);
  }

  /**
   * Checks a dropout probability.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public static void checkDropout(double p) {
    Dropouts.checkDropout(p);
  }

  // ---- Embeddings

  /**
   * Works like {@link #embedding(Tensor, Tensor, EmbeddingArgs)} with {@code args =
   * EmbeddingArgs.create()}.
   */
  public static Tensor embedding(Tensor input, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.embedding(Tensor,Tensor)", input, weight);
    }
    return Embeddings.embedding(input, weight, EmbeddingArgs.create());
  }

  /**
   * Returns rows of a table.
   *
   * @param input numbers of rows, of any shape and of an integer type
   * @param weight the table [rows, d]
   * @return [input.., d]
   * @throws IllegalArgumentException if a shape or type does not fit, or a number is out of range
   */
  public static Tensor embedding(Tensor input, Tensor weight, EmbeddingArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.embedding(Tensor,Tensor,EmbeddingArgs)", input, weight, args);
    }
    return Embeddings.embedding(input, weight, args);
  }

  /**
   * Works like {@link #embeddingBag(Tensor, Tensor, Tensor, EmbeddingBagArgs)} with {@code offsets
   * = null}, {@code args = EmbeddingBagArgs.create()}.
   */
  public static Tensor embeddingBag(Tensor input, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.embeddingBag(Tensor,Tensor)", input, weight);
    }
    return Embeddings.embeddingBag(input, weight, null, EmbeddingBagArgs.create());
  }

  /**
   * Works like {@link #embeddingBag(Tensor, Tensor, Tensor, EmbeddingBagArgs)} with {@code args =
   * EmbeddingBagArgs.create()}.
   */
  public static Tensor embeddingBag(Tensor input, Tensor weight, Tensor offsets) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.embeddingBag(Tensor,Tensor,Tensor)", input, weight, offsets);
    }
    return Embeddings.embeddingBag(input, weight, offsets, EmbeddingBagArgs.create());
  }

  /**
   * Returns the sum, mean or maximum of the rows of each bag, 0 for an empty one.
   *
   * @param input [bags, n], or the numbers of all bags in one dimension, with offsets
   * @param weight the table [rows, d]
   * @param offsets [bags], where each bag starts in {@code input} of one dimension; null for two
   * @return [bags, d]
   * @throws IllegalArgumentException if a shape, an offset or a number does not fit
   */
  public static Tensor embeddingBag(
      Tensor input, Tensor weight, Tensor offsets, EmbeddingBagArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.embeddingBag(Tensor,Tensor,Tensor,EmbeddingBagArgs)", input, weight, offsets, args);
    }
    return Embeddings.embeddingBag(input, weight, offsets, args);
  }

  // ---- FractionalPooling

  /**
   * Returns the maximum of each window of images; see {@link #fractionalMaxPool2dWithIndices}.
   *
   * @param kernel size of the windows: one number or one for each dimension
   */
  public static Tensor fractionalMaxPool2d(Tensor x, int[] kernel, FractionalPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.fractionalMaxPool2d(Tensor,int[],FractionalPoolOptions)", x, kernel, options);
    }
    return FractionalPooling.fractionalMaxPool2d(x, kernel, options);
  }

  /**
   * Returns the maximum of each window of images, and its place in h · w (INT64).
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param kernel size of the windows: one number or one for each dimension
   * @return [n, c, outH, outW] or [c, outH, outW]
   * @throws IllegalArgumentException if shapes or options do not agree
   */
  public static ValuesAndIndices fractionalMaxPool2dWithIndices(
      Tensor x, int[] kernel, FractionalPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.fractionalMaxPool2dWithIndices(Tensor,int[],FractionalPoolOptions)",
          x,
          kernel,
          options);
    }
    return FractionalPooling.fractionalMaxPool2dWithIndices(x, kernel, options);
  }

  /**
   * Returns the maximum of each window of volumes; see {@link #fractionalMaxPool3dWithIndices}.
   *
   * @param kernel size of the windows: one number or one for each dimension
   */
  public static Tensor fractionalMaxPool3d(Tensor x, int[] kernel, FractionalPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.fractionalMaxPool3d(Tensor,int[],FractionalPoolOptions)", x, kernel, options);
    }
    return FractionalPooling.fractionalMaxPool3d(x, kernel, options);
  }

  /**
   * Returns the maximum of each window of volumes, and its place in d · h · w (INT64).
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param kernel size of the windows: one number or one for each dimension
   * @return [n, c, outD, outH, outW] or [c, outD, outH, outW]
   * @throws IllegalArgumentException if shapes or options do not agree
   */
  public static ValuesAndIndices fractionalMaxPool3dWithIndices(
      Tensor x, int[] kernel, FractionalPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.fractionalMaxPool3dWithIndices(Tensor,int[],FractionalPoolOptions)",
          x,
          kernel,
          options);
    }
    return FractionalPooling.fractionalMaxPool3dWithIndices(x, kernel, options);
  }

  // ---- GridSampling

  /**
   * Samples images or volumes at the places of a grid, with linear interpolation, zeros outside and
   * corners that are not aligned.
   */
  public static Tensor gridSample(Tensor x, Tensor grid) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.gridSample(Tensor,Tensor)", x, grid);
    }
    return GridSampling.gridSample(x, grid);
  }

  /**
   * Samples images or volumes at the places of a grid: −1 is the first and 1 the last element of a
   * dimension.
   *
   * @param x [n, c, h, w] or [n, c, d, h, w]
   * @param grid [n, outH, outW, 2] of (x, y), or [n, outD, outH, outW, 3] of (x, y, z)
   * @return [n, c, outH, outW] or [n, c, outD, outH, outW]; with NEAREST the grid has no gradient
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor gridSample(Tensor x, Tensor grid, GridSampleOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.gridSample(Tensor,Tensor,GridSampleOptions)", x, grid, options);
    }
    return GridSampling.gridSample(x, grid, options);
  }

  /** Works like {@link #affineGrid(Tensor, long[], boolean)} with {@code alignCorners = false}. */
  public static Tensor affineGrid(Tensor theta, long[] size) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.affineGrid(Tensor,long[])", theta, size);
    }
    return GridSampling.affineGrid(theta, size, false);
  }

  /**
   * Computes a grid for {@link #gridSample(Tensor, Tensor)} from affine maps.
   *
   * @param theta [n, 2, 3], or [n, 3, 4] for volumes
   * @param size of the sampled result: [n, c, h, w], or [n, c, d, h, w]
   * @param alignCorners whether −1 and 1 are the centers of the corner elements, else their edges
   * @return [n, h, w, 2], or [n, d, h, w, 3]
   * @throws IllegalArgumentException if shapes or types do not agree
   */
  public static Tensor affineGrid(Tensor theta, long[] size, boolean alignCorners) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.affineGrid(Tensor,long[],boolean)", theta, size, alignCorners);
    }
    return GridSampling.affineGrid(theta, size, alignCorners);
  }

  // ---- Losses

  /** Label that {@link #crossEntropy} ignores by default. */
  public static final long IGNORE_INDEX = Losses.IGNORE_INDEX;

  /**
   * Computes the mean cross-entropy; see {@link #crossEntropy(Tensor, Tensor, CrossEntropyArgs)}.
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.crossEntropy(Tensor,Tensor)", logits, target);
    }
    return Losses.crossEntropy(logits, target);
  }

  /** Computes the cross-entropy; see {@link #crossEntropy(Tensor, Tensor, CrossEntropyArgs)}. */
  public static Tensor crossEntropy(Tensor logits, Tensor target, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.crossEntropy(Tensor,Tensor,Reduction)", logits, target, reduction);
    }
    return Losses.crossEntropy(logits, target, reduction);
  }

  /** Computes the cross-entropy; see {@link #crossEntropy(Tensor, Tensor, CrossEntropyArgs)}. */
  public static Tensor crossEntropy(
      Tensor logits, Tensor target, Reduction reduction, long ignoreIndex, double labelSmoothing) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.crossEntropy(Tensor,Tensor,Reduction,long,double)",
          logits,
          target,
          reduction,
          ignoreIndex,
          labelSmoothing);
    }
    return Losses.crossEntropy(logits, target, reduction, ignoreIndex, labelSmoothing);
  }

  /**
   * Computes −Σ q(k) · weight(k) · logSoftmax(logits)(k) for each row, with q(k) = (1 −
   * labelSmoothing)·[k = target] + labelSmoothing / c. The mean is over the rows that are not
   * ignored, weighted by their labels' weights, and NaN if there are none. A target of a
   * floating-point type holds the probabilities themselves; then no row is ignored, and the mean is
   * over all rows.
   *
   * @param logits [n, c], [n, c, ..] or [c], of a floating-point type
   * @param target [n], [n, ..] or a scalar, of an integer type, each in [0, c) or {@code
   *     ignoreIndex}; or probabilities of the shape of the logits
   * @return a scalar, or one value for each row for {@link Reduction#NONE}
   * @throws IllegalArgumentException if shapes or types differ from these, or a label is out of
   *     range, naming the label, its row and the number of classes
   * @throws IndexOutOfBoundsException if a label on another device than the CPU is out of range, at
   *     the next synchronisation with the device
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target, CrossEntropyArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.crossEntropy(Tensor,Tensor,CrossEntropyArgs)", logits, target, args);
    }
    return Losses.crossEntropy(logits, target, args);
  }

  /**
   * Works like {@link #nllLoss(Tensor, Tensor, Tensor, Reduction, long)} with {@code weight =
   * null}, {@code reduction = Reduction.MEAN}, {@code ignoreIndex = IGNORE_INDEX}.
   */
  public static Tensor nllLoss(Tensor logProbs, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.nllLoss(Tensor,Tensor)", logProbs, target);
    }
    return Losses.nllLoss(logProbs, target, null, Reduction.MEAN, IGNORE_INDEX);
  }

  /**
   * Works like {@link #nllLoss(Tensor, Tensor, Tensor, Reduction, long)} with {@code reduction =
   * Reduction.MEAN}, {@code ignoreIndex = IGNORE_INDEX}.
   */
  public static Tensor nllLoss(Tensor logProbs, Tensor target, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.nllLoss(Tensor,Tensor,Tensor)", logProbs, target, weight);
    }
    return Losses.nllLoss(logProbs, target, weight, Reduction.MEAN, IGNORE_INDEX);
  }

  /**
   * Works like {@link #nllLoss(Tensor, Tensor, Tensor, Reduction, long)} with {@code ignoreIndex =
   * IGNORE_INDEX}.
   */
  public static Tensor nllLoss(Tensor logProbs, Tensor target, Tensor weight, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.nllLoss(Tensor,Tensor,Tensor,Reduction)", logProbs, target, weight, reduction);
    }
    return Losses.nllLoss(logProbs, target, weight, reduction, IGNORE_INDEX);
  }

  /**
   * Computes −weight(target) · logProbs(target) for each row. The mean is over the rows that are
   * not ignored, weighted by their labels' weights.
   *
   * @param logProbs [n, c], [n, c, ..] or [c]
   * @param target [n], [n, ..] or a scalar, of an integer type
   * @param weight of each class [c], or null
   * @param reduction default MEAN
   * @param ignoreIndex rows with this label contribute 0; default −100
   */
  public static Tensor nllLoss(
      Tensor logProbs, Tensor target, Tensor weight, Reduction reduction, long ignoreIndex) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.nllLoss(Tensor,Tensor,Tensor,Reduction,long)",
          logProbs,
          target,
          weight,
          reduction,
          ignoreIndex);
    }
    return Losses.nllLoss(logProbs, target, weight, reduction, ignoreIndex);
  }

  // ---- MarginLosses

  /**
   * Works like {@link #hingeEmbeddingLoss(Tensor, Tensor, double, Reduction)} with {@code margin =
   * 1}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hingeEmbeddingLoss(Tensor,Tensor)", x, target);
    }
    return MarginLosses.hingeEmbeddingLoss(x, target, 1, Reduction.MEAN);
  }

  /**
   * Works like {@link #hingeEmbeddingLoss(Tensor, Tensor, double, Reduction)} with {@code reduction
   * = Reduction.MEAN}.
   */
  public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target, double margin) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.hingeEmbeddingLoss(Tensor,Tensor,double)", x, target, margin);
    }
    return MarginLosses.hingeEmbeddingLoss(x, target, margin, Reduction.MEAN);
  }

  /**
   * Computes x where target is 1 and max(0, margin − x) where it is −1.
   *
   * @param margin default 1
   * @param reduction default MEAN
   */
  public static Tensor hingeEmbeddingLoss(
      Tensor x, Tensor target, double margin, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.hingeEmbeddingLoss(Tensor,Tensor,double,Reduction)", x, target, margin, reduction);
    }
    return MarginLosses.hingeEmbeddingLoss(x, target, margin, reduction);
  }

  /**
   * Works like {@link #softMarginLoss(Tensor, Tensor, Reduction)} with {@code reduction =
   * Reduction.MEAN}.
   */
  public static Tensor softMarginLoss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softMarginLoss(Tensor,Tensor)", x, target);
    }
    return MarginLosses.softMarginLoss(x, target, Reduction.MEAN);
  }

  /**
   * Computes ln(1 + e^(−target · x)), for targets of 1 and −1.
   *
   * @param reduction default MEAN
   */
  public static Tensor softMarginLoss(Tensor x, Tensor target, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.softMarginLoss(Tensor,Tensor,Reduction)", x, target, reduction);
    }
    return MarginLosses.softMarginLoss(x, target, reduction);
  }

  /**
   * Works like {@link #marginRankingLoss(Tensor, Tensor, Tensor, double, Reduction)} with {@code
   * margin = 0}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor marginRankingLoss(Tensor x1, Tensor x2, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.marginRankingLoss(Tensor,Tensor,Tensor)", x1, x2, target);
    }
    return MarginLosses.marginRankingLoss(x1, x2, target, 0, Reduction.MEAN);
  }

  /**
   * Works like {@link #marginRankingLoss(Tensor, Tensor, Tensor, double, Reduction)} with {@code
   * reduction = Reduction.MEAN}.
   */
  public static Tensor marginRankingLoss(Tensor x1, Tensor x2, Tensor target, double margin) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.marginRankingLoss(Tensor,Tensor,Tensor,double)", x1, x2, target, margin);
    }
    return MarginLosses.marginRankingLoss(x1, x2, target, margin, Reduction.MEAN);
  }

  /**
   * Computes max(0, −target · (x1 − x2) + margin): target 1 asks for a larger x1, −1 for a larger
   * x2.
   *
   * @param margin default 0
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the numbers of dimensions differ
   */
  public static Tensor marginRankingLoss(
      Tensor x1, Tensor x2, Tensor target, double margin, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.marginRankingLoss(Tensor,Tensor,Tensor,double,Reduction)",
          x1,
          x2,
          target,
          margin,
          reduction);
    }
    return MarginLosses.marginRankingLoss(x1, x2, target, margin, reduction);
  }

  /**
   * Works like {@link #multiMarginLoss(Tensor, Tensor, int, double, Tensor, Reduction)} with {@code
   * p = 1}, {@code margin = 1}, {@code weight = null}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor multiMarginLoss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.multiMarginLoss(Tensor,Tensor)", x, target);
    }
    return MarginLosses.multiMarginLoss(x, target, 1, 1, null, Reduction.MEAN);
  }

  /**
   * Works like {@link #multiMarginLoss(Tensor, Tensor, int, double, Tensor, Reduction)} with {@code
   * margin = 1}, {@code weight = null}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor multiMarginLoss(Tensor x, Tensor target, int p) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.multiMarginLoss(Tensor,Tensor,int)", x, target, p);
    }
    return MarginLosses.multiMarginLoss(x, target, p, 1, null, Reduction.MEAN);
  }

  /**
   * Works like {@link #multiMarginLoss(Tensor, Tensor, int, double, Tensor, Reduction)} with {@code
   * weight = null}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor multiMarginLoss(Tensor x, Tensor target, int p, double margin) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.multiMarginLoss(Tensor,Tensor,int,double)", x, target, p, margin);
    }
    return MarginLosses.multiMarginLoss(x, target, p, margin, null, Reduction.MEAN);
  }

  /**
   * Works like {@link #multiMarginLoss(Tensor, Tensor, int, double, Tensor, Reduction)} with {@code
   * reduction = Reduction.MEAN}.
   */
  public static Tensor multiMarginLoss(
      Tensor x, Tensor target, int p, double margin, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.multiMarginLoss(Tensor,Tensor,int,double,Tensor)", x, target, p, margin, weight);
    }
    return MarginLosses.multiMarginLoss(x, target, p, margin, weight, Reduction.MEAN);
  }

  /**
   * Computes Σ max(0, margin − x(target) + x(i))ᵖ / c over the classes i other than the target.
   *
   * @param x [n, c] or [c]
   * @param target [n] or a scalar, INT64
   * @param p 1 or 2; default 1
   * @param margin default 1
   * @param weight of each class [c], or null
   * @param reduction default MEAN
   */
  public static Tensor multiMarginLoss(
      Tensor x, Tensor target, int p, double margin, Tensor weight, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.multiMarginLoss(Tensor,Tensor,int,double,Tensor,Reduction)",
          x,
          target,
          p,
          margin,
          weight,
          reduction);
    }
    return MarginLosses.multiMarginLoss(x, target, p, margin, weight, reduction);
  }

  /**
   * Works like {@link #multilabelMarginLoss(Tensor, Tensor, Reduction)} with {@code reduction =
   * Reduction.MEAN}.
   */
  public static Tensor multilabelMarginLoss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.multilabelMarginLoss(Tensor,Tensor)", x, target);
    }
    return MarginLosses.multilabelMarginLoss(x, target, Reduction.MEAN);
  }

  /**
   * Computes Σ max(0, 1 − (x(j) − x(i))) / c over the labels j of a row and the classes i that are
   * no labels of it.
   *
   * @param x [n, c] or [c]
   * @param target of x's shape, INT64: the labels of a row, up to the first −1
   * @param reduction default MEAN
   */
  public static Tensor multilabelMarginLoss(Tensor x, Tensor target, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.multilabelMarginLoss(Tensor,Tensor,Reduction)", x, target, reduction);
    }
    return MarginLosses.multilabelMarginLoss(x, target, reduction);
  }

  /**
   * Works like {@link #multilabelSoftMarginLoss(Tensor, Tensor, Tensor, Reduction)} with {@code
   * weight = null}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor multilabelSoftMarginLoss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.multilabelSoftMarginLoss(Tensor,Tensor)", x, target);
    }
    return MarginLosses.multilabelSoftMarginLoss(x, target, null, Reduction.MEAN);
  }

  /**
   * Works like {@link #multilabelSoftMarginLoss(Tensor, Tensor, Tensor, Reduction)} with {@code
   * reduction = Reduction.MEAN}.
   */
  public static Tensor multilabelSoftMarginLoss(Tensor x, Tensor target, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.multilabelSoftMarginLoss(Tensor,Tensor,Tensor)", x, target, weight);
    }
    return MarginLosses.multilabelSoftMarginLoss(x, target, weight, Reduction.MEAN);
  }

  /**
   * Computes the mean over the classes of −weight · (target · ln σ(x) + (1 − target) · ln σ(−x)).
   *
   * @param x [.., c]
   * @param target of x's shape, in [0, 1]
   * @param weight [c], or null
   * @param reduction default MEAN
   */
  public static Tensor multilabelSoftMarginLoss(
      Tensor x, Tensor target, Tensor weight, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.multilabelSoftMarginLoss(Tensor,Tensor,Tensor,Reduction)",
          x,
          target,
          weight,
          reduction);
    }
    return MarginLosses.multilabelSoftMarginLoss(x, target, weight, reduction);
  }

  /**
   * Works like {@link #cosineEmbeddingLoss(Tensor, Tensor, Tensor, double, Reduction)} with {@code
   * margin = 0}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor cosineEmbeddingLoss(Tensor x1, Tensor x2, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.cosineEmbeddingLoss(Tensor,Tensor,Tensor)", x1, x2, target);
    }
    return MarginLosses.cosineEmbeddingLoss(x1, x2, target, 0, Reduction.MEAN);
  }

  /**
   * Works like {@link #cosineEmbeddingLoss(Tensor, Tensor, Tensor, double, Reduction)} with {@code
   * reduction = Reduction.MEAN}.
   */
  public static Tensor cosineEmbeddingLoss(Tensor x1, Tensor x2, Tensor target, double margin) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.cosineEmbeddingLoss(Tensor,Tensor,Tensor,double)", x1, x2, target, margin);
    }
    return MarginLosses.cosineEmbeddingLoss(x1, x2, target, margin, Reduction.MEAN);
  }

  /**
   * Computes 1 − cos(x1, x2) where target is 1, and max(0, cos(x1, x2) − margin) where it is −1.
   *
   * @param x1 [n, d] or [d]
   * @param x2 of x1's shape
   * @param target [n] or a scalar
   * @param margin default 0
   * @param reduction default MEAN
   */
  public static Tensor cosineEmbeddingLoss(
      Tensor x1, Tensor x2, Tensor target, double margin, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.cosineEmbeddingLoss(Tensor,Tensor,Tensor,double,Reduction)",
          x1,
          x2,
          target,
          margin,
          reduction);
    }
    return MarginLosses.cosineEmbeddingLoss(x1, x2, target, margin, reduction);
  }

  /**
   * Works like {@link #tripletMarginLoss(Tensor, Tensor, Tensor, double)} with {@code margin = 1}.
   */
  public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.tripletMarginLoss(Tensor,Tensor,Tensor)", anchor, positive, negative);
    }
    return MarginLosses.tripletMarginLoss(anchor, positive, negative, 1);
  }

  /** Computes the mean of {@link #tripletMarginLoss(Tensor, Tensor, Tensor, TripletMarginArgs)}. */
  public static Tensor tripletMarginLoss(
      Tensor anchor, Tensor positive, Tensor negative, double margin) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.tripletMarginLoss(Tensor,Tensor,Tensor,double)", anchor, positive, negative, margin);
    }
    return MarginLosses.tripletMarginLoss(anchor, positive, negative, margin);
  }

  /**
   * Computes max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin) with distances of norm p
   * over the last dimension.
   *
   * @throws IllegalArgumentException if the margin is not positive or the dimensions differ
   */
  public static Tensor tripletMarginLoss(
      Tensor anchor, Tensor positive, Tensor negative, TripletMarginArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.tripletMarginLoss(Tensor,Tensor,Tensor,TripletMarginArgs)",
          anchor,
          positive,
          negative,
          args);
    }
    return MarginLosses.tripletMarginLoss(anchor, positive, negative, args);
  }

  /**
   * Works like {@link #tripletMarginWithDistanceLoss(Tensor, Tensor, Tensor, BinaryOperator,
   * double, boolean, Reduction)} with {@code margin = 1}, {@code swap = false}, {@code reduction =
   * Reduction.MEAN}.
   */
  public static Tensor tripletMarginWithDistanceLoss(
      Tensor anchor, Tensor positive, Tensor negative, BinaryOperator<Tensor> distance) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.tripletMarginWithDistanceLoss(Tensor,Tensor,Tensor,BinaryOperator)",
          anchor,
          positive,
          negative,
          distance);
    }
    return MarginLosses.tripletMarginWithDistanceLoss(
        anchor, positive, negative, distance, 1, false, Reduction.MEAN);
  }

  /**
   * Works like {@link #tripletMarginWithDistanceLoss(Tensor, Tensor, Tensor, BinaryOperator,
   * double, boolean, Reduction)} with {@code swap = false}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor tripletMarginWithDistanceLoss(
      Tensor anchor,
      Tensor positive,
      Tensor negative,
      BinaryOperator<Tensor> distance,
      double margin) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.tripletMarginWithDistanceLoss(Tensor,Tensor,Tensor,BinaryOperator,double)",
          anchor,
          positive,
          negative,
          distance,
          margin);
    }
    return MarginLosses.tripletMarginWithDistanceLoss(
        anchor, positive, negative, distance, margin, false, Reduction.MEAN);
  }

  /**
   * Works like {@link #tripletMarginWithDistanceLoss(Tensor, Tensor, Tensor, BinaryOperator,
   * double, boolean, Reduction)} with {@code reduction = Reduction.MEAN}.
   */
  public static Tensor tripletMarginWithDistanceLoss(
      Tensor anchor,
      Tensor positive,
      Tensor negative,
      BinaryOperator<Tensor> distance,
      double margin,
      boolean swap) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.tripletMarginWithDistanceLoss(Tensor,Tensor,Tensor,BinaryOperator,double,boolean)",
          anchor,
          positive,
          negative,
          distance,
          margin,
          swap);
    }
    return MarginLosses.tripletMarginWithDistanceLoss(
        anchor, positive, negative, distance, margin, swap, Reduction.MEAN);
  }

  /**
   * Computes max(0, d(anchor, positive) − d(anchor, negative) + margin).
   *
   * @param distance d; must not return null
   * @param margin positive; default 1
   * @param swap whether the distance of positive and negative counts, if it is the smaller one;
   *     default false
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the margin is not positive or the dimensions differ
   */
  public static Tensor tripletMarginWithDistanceLoss(
      Tensor anchor,
      Tensor positive,
      Tensor negative,
      BinaryOperator<Tensor> distance,
      double margin,
      boolean swap,
      Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.tripletMarginWithDistanceLoss(Tensor,Tensor,Tensor,BinaryOperator,double,boolean,Reduction)",
          anchor,
          positive,
          negative,
          distance,
          margin,
          swap,
          reduction);
    }
    return MarginLosses.tripletMarginWithDistanceLoss(
        anchor, positive, negative, distance, margin, swap, reduction);
  }

  // ---- Normalization

  /**
   * Works like {@link #batchNorm(Tensor, Tensor, Tensor, BatchNormArgs)} with {@code args =
   * BatchNormArgs.create()}.
   */
  public static Tensor batchNorm(Tensor x, Tensor runningMean, Tensor runningVar) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.batchNorm(Tensor,Tensor,Tensor)", x, runningMean, runningVar);
    }
    return Normalization.batchNorm(x, runningMean, runningVar, BatchNormArgs.create());
  }

  /**
   * Computes (x − mean) / √(var + eps) · weight + bias for each channel. The statistics are those
   * of the input over all dimensions but the second if {@code training} or both running ones are
   * null; else the running ones. In training, the running ones become (1 − momentum) · running +
   * momentum · those of the input, with the unbiased variance.
   *
   * @param x [n, c, ..]
   * @param runningMean [c], or null
   * @param runningVar [c], or null
   * @return of x's shape and type
   * @throws IllegalArgumentException if a shape or type does not fit, or there is only one value
   *     per channel to take the statistics of
   */
  public static Tensor batchNorm(
      Tensor x, Tensor runningMean, Tensor runningVar, BatchNormArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.batchNorm(Tensor,Tensor,Tensor,BatchNormArgs)", x, runningMean, runningVar, args);
    }
    return Normalization.batchNorm(x, runningMean, runningVar, args);
  }

  /**
   * Works like {@link #instanceNorm(Tensor, Tensor, Tensor, BatchNormArgs)} with {@code runningMean
   * = null}, {@code runningVar = null}, {@code args = BatchNormArgs.create()}.
   */
  public static Tensor instanceNorm(Tensor x) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.instanceNorm(Tensor)", x);
    }
    return Normalization.instanceNorm(x, null, null, BatchNormArgs.create());
  }

  /**
   * Works like {@link #instanceNorm(Tensor, Tensor, Tensor, BatchNormArgs)} with {@code runningVar
   * = null}, {@code args = BatchNormArgs.create()}.
   */
  public static Tensor instanceNorm(Tensor x, Tensor runningMean) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.instanceNorm(Tensor,Tensor)", x, runningMean);
    }
    return Normalization.instanceNorm(x, runningMean, null, BatchNormArgs.create());
  }

  /**
   * Works like {@link #instanceNorm(Tensor, Tensor, Tensor, BatchNormArgs)} with {@code args =
   * BatchNormArgs.create()}.
   */
  public static Tensor instanceNorm(Tensor x, Tensor runningMean, Tensor runningVar) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.instanceNorm(Tensor,Tensor,Tensor)", x, runningMean, runningVar);
    }
    return Normalization.instanceNorm(x, runningMean, runningVar, BatchNormArgs.create());
  }

  /**
   * Normalises each channel of each instance: {@link #batchNorm} with each instance as its own
   * batch. The statistics are those of the input if {@code training} or both running ones are null,
   * else the running ones; in training the running ones follow the mean over the instances.
   *
   * @param x [n, c, ..] with at least one dimension after the channels
   * @param runningMean [c], or null
   * @param runningVar [c], or null
   * @return of x's shape and type
   * @throws IllegalArgumentException if a shape or type does not fit, or there is only one value
   *     per channel to take the statistics of
   */
  public static Tensor instanceNorm(
      Tensor x, Tensor runningMean, Tensor runningVar, BatchNormArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.instanceNorm(Tensor,Tensor,Tensor,BatchNormArgs)", x, runningMean, runningVar, args);
    }
    return Normalization.instanceNorm(x, runningMean, runningVar, args);
  }

  /**
   * Works like {@link #layerNorm(Tensor, long[], Tensor, Tensor, double)} with {@code weight =
   * null}, {@code bias = null}, {@code eps = 1e-5}.
   */
  public static Tensor layerNorm(Tensor x, long[] normalizedShape) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.layerNorm(Tensor,long[])", x, normalizedShape);
    }
    return Normalization.layerNorm(x, normalizedShape, null, null, 1e-5);
  }

  /**
   * Works like {@link #layerNorm(Tensor, long[], Tensor, Tensor, double)} with {@code bias = null},
   * {@code eps = 1e-5}.
   */
  public static Tensor layerNorm(Tensor x, long[] normalizedShape, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.layerNorm(Tensor,long[],Tensor)", x, normalizedShape, weight);
    }
    return Normalization.layerNorm(x, normalizedShape, weight, null, 1e-5);
  }

  /**
   * Works like {@link #layerNorm(Tensor, long[], Tensor, Tensor, double)} with {@code eps = 1e-5}.
   */
  public static Tensor layerNorm(Tensor x, long[] normalizedShape, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.layerNorm(Tensor,long[],Tensor,Tensor)", x, normalizedShape, weight, bias);
    }
    return Normalization.layerNorm(x, normalizedShape, weight, bias, 1e-5);
  }

  /**
   * Computes (x − mean) / √(var + eps) · weight + bias with the statistics of the last dimensions.
   *
   * @param x [.., normalizedShape]
   * @param weight of normalizedShape, or null for 1
   * @param bias of normalizedShape, or null for 0
   * @param eps default 1e-5
   * @throws IllegalArgumentException if the last dimensions differ from normalizedShape
   */
  public static Tensor layerNorm(
      Tensor x, long[] normalizedShape, Tensor weight, Tensor bias, double eps) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.layerNorm(Tensor,long[],Tensor,Tensor,double)",
          x,
          normalizedShape,
          weight,
          bias,
          eps);
    }
    return Normalization.layerNorm(x, normalizedShape, weight, bias, eps);
  }

  /**
   * Works like {@link #rmsNorm(Tensor, long[], Tensor, Double)} with {@code weight = null}, {@code
   * eps = null}.
   */
  public static Tensor rmsNorm(Tensor x, long[] normalizedShape) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rmsNorm(Tensor,long[])", x, normalizedShape);
    }
    return Normalization.rmsNorm(x, normalizedShape, null, null);
  }

  /** Works like {@link #rmsNorm(Tensor, long[], Tensor, Double)} with {@code eps = null}. */
  public static Tensor rmsNorm(Tensor x, long[] normalizedShape, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.rmsNorm(Tensor,long[],Tensor)", x, normalizedShape, weight);
    }
    return Normalization.rmsNorm(x, normalizedShape, weight, null);
  }

  /**
   * Computes x / √(mean(x²) + eps) · weight with the mean over the last dimensions.
   *
   * @param x [.., normalizedShape]
   * @param weight of normalizedShape, or null for 1
   * @param eps null stands for the distance from 1 to the next number of x's type
   * @throws IllegalArgumentException if the last dimensions differ from normalizedShape
   */
  public static Tensor rmsNorm(Tensor x, long[] normalizedShape, Tensor weight, Double eps) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.rmsNorm(Tensor,long[],Tensor,Double)", x, normalizedShape, weight, eps);
    }
    return Normalization.rmsNorm(x, normalizedShape, weight, eps);
  }

  /**
   * Works like {@link #groupNorm(Tensor, int, Tensor, Tensor, double)} with {@code weight = null},
   * {@code bias = null}, {@code eps = 1e-5}.
   */
  public static Tensor groupNorm(Tensor x, int groups) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.groupNorm(Tensor,int)", x, groups);
    }
    return Normalization.groupNorm(x, groups, null, null, 1e-5);
  }

  /**
   * Works like {@link #groupNorm(Tensor, int, Tensor, Tensor, double)} with {@code bias = null},
   * {@code eps = 1e-5}.
   */
  public static Tensor groupNorm(Tensor x, int groups, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.groupNorm(Tensor,int,Tensor)", x, groups, weight);
    }
    return Normalization.groupNorm(x, groups, weight, null, 1e-5);
  }

  /** Works like {@link #groupNorm(Tensor, int, Tensor, Tensor, double)} with {@code eps = 1e-5}. */
  public static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.groupNorm(Tensor,int,Tensor,Tensor)", x, groups, weight, bias);
    }
    return Normalization.groupNorm(x, groups, weight, bias, 1e-5);
  }

  /**
   * Splits the channels in groups and normalises each group of each instance by its statistics.
   *
   * @param x [n, c, ..]
   * @param groups number of groups, which divides c
   * @param weight [c], or null for 1
   * @param bias [c], or null for 0
   * @param eps default 1e-5
   * @throws IllegalArgumentException if groups do not divide the channels, a shape does not fit, or
   *     there is only one value per group
   */
  public static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, double eps) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.groupNorm(Tensor,int,Tensor,Tensor,double)", x, groups, weight, bias, eps);
    }
    return Normalization.groupNorm(x, groups, weight, bias, eps);
  }

  /**
   * Works like {@link #localResponseNorm(Tensor, int, double, double, double)} with {@code alpha =
   * 1e-4}, {@code beta = 0.75}, {@code k = 1}.
   */
  public static Tensor localResponseNorm(Tensor x, int size) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.localResponseNorm(Tensor,int)", x, size);
    }
    return Normalization.localResponseNorm(x, size, 1e-4, 0.75, 1);
  }

  /**
   * Works like {@link #localResponseNorm(Tensor, int, double, double, double)} with {@code beta =
   * 0.75}, {@code k = 1}.
   */
  public static Tensor localResponseNorm(Tensor x, int size, double alpha) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.localResponseNorm(Tensor,int,double)", x, size, alpha);
    }
    return Normalization.localResponseNorm(x, size, alpha, 0.75, 1);
  }

  /**
   * Works like {@link #localResponseNorm(Tensor, int, double, double, double)} with {@code k = 1}.
   */
  public static Tensor localResponseNorm(Tensor x, int size, double alpha, double beta) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.localResponseNorm(Tensor,int,double,double)", x, size, alpha, beta);
    }
    return Normalization.localResponseNorm(x, size, alpha, beta, 1);
  }

  /**
   * Divides each element by (k + alpha · the mean of the squares of {@code size} neighbouring
   * channels)^beta; channels outside count as 0.
   *
   * @param x [n, c, ..] with at least one dimension after the channels
   * @param alpha default 1e-4
   * @param beta default 0.75
   * @param k default 1
   * @throws IllegalArgumentException if x has fewer than 3 dimensions or size is below 1
   */
  public static Tensor localResponseNorm(Tensor x, int size, double alpha, double beta, double k) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.localResponseNorm(Tensor,int,double,double,double)", x, size, alpha, beta, k);
    }
    return Normalization.localResponseNorm(x, size, alpha, beta, k);
  }

  // ---- Packing

  /**
   * Packs padded sequences [t, n, ..] that are sorted by length, the longest first.
   *
   * @param lengths the length of each sequence, from 1
   * @throws IllegalArgumentException if there are not as many lengths as sequences, or one is out
   *     of range or greater than the one before
   */
  public static PackedSequence packPaddedSequence(Tensor input, long... lengths) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.packPaddedSequence(Tensor,long[])", input, lengths);
    }
    return Packing.packPaddedSequence(input, lengths);
  }

  /**
   * Packs padded sequences.
   *
   * @param input [t, n, ..], or [n, t, ..] if {@code batchFirst}
   * @param lengths the length of each sequence, from 1
   * @param enforceSorted whether the sequences must be sorted by length, the longest first; if not,
   *     they are sorted here, and {@link #padPackedSequence} returns them in their order
   * @throws IllegalArgumentException if there are not as many lengths as sequences, or one is out
   *     of range or, where it must not be, greater than the one before
   */
  public static PackedSequence packPaddedSequence(
      Tensor input, long[] lengths, boolean batchFirst, boolean enforceSorted) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.packPaddedSequence(Tensor,long[],boolean,boolean)",
          input,
          lengths,
          batchFirst,
          enforceSorted);
    }
    return Packing.packPaddedSequence(input, lengths, batchFirst, enforceSorted);
  }

  /** Pads packed sequences with zeros to the length of the longest, as [t, n, ..]. */
  public static PaddedSequence padPackedSequence(PackedSequence sequence) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.padPackedSequence(PackedSequence)", sequence);
    }
    return Packing.padPackedSequence(sequence);
  }

  /**
   * Pads packed sequences with zeros to the length of the longest, as [t, n, ..] or, if {@code
   * batchFirst}, [n, t, ..].
   */
  public static PaddedSequence padPackedSequence(PackedSequence sequence, boolean batchFirst) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.padPackedSequence(PackedSequence,boolean)", sequence, batchFirst);
    }
    return Packing.padPackedSequence(sequence, batchFirst);
  }

  /**
   * Pads packed sequences with a value.
   *
   * @param totalLength what they are padded to, at least the length of the longest
   * @return [totalLength, n, ..], or [n, totalLength, ..] if {@code batchFirst}, in the user's
   *     order
   * @throws IllegalArgumentException if a sequence is longer than {@code totalLength}
   */
  public static PaddedSequence padPackedSequence(
      PackedSequence sequence, boolean batchFirst, double paddingValue, long totalLength) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.padPackedSequence(PackedSequence,boolean,double,long)",
          sequence,
          batchFirst,
          paddingValue,
          totalLength);
    }
    return Packing.padPackedSequence(sequence, batchFirst, paddingValue, totalLength);
  }

  /** Pads sequences [tᵢ, ..] with zeros to the length of the longest, as [t, n, ..]. */
  public static Tensor padSequence(List<Tensor> sequences) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.padSequence(List)", sequences);
    }
    return Packing.padSequence(sequences);
  }

  /**
   * Pads sequences [tᵢ, ..] with a value to the length of the longest.
   *
   * @return [t, n, ..], or [n, t, ..] if {@code batchFirst}
   * @throws IllegalArgumentException if there are none, or their other sizes differ
   */
  public static Tensor padSequence(
      List<Tensor> sequences, boolean batchFirst, double paddingValue) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.padSequence(List,boolean,double)", sequences, batchFirst, paddingValue);
    }
    return Packing.padSequence(sequences, batchFirst, paddingValue);
  }

  /**
   * Returns padded sequences without their padding.
   *
   * @param padded [t, n, ..], or [n, t, ..] if {@code batchFirst}
   */
  public static List<Tensor> unpadSequence(Tensor padded, long[] lengths, boolean batchFirst) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.unpadSequence(Tensor,long[],boolean)", padded, lengths, batchFirst);
    }
    return Packing.unpadSequence(padded, lengths, batchFirst);
  }

  /**
   * Packs sequences [tᵢ, ..].
   *
   * @param enforceSorted whether they must be sorted by length, the longest first
   * @throws IllegalArgumentException as {@link #packPaddedSequence(Tensor, long[], boolean,
   *     boolean)}
   */
  public static PackedSequence packSequence(List<Tensor> sequences, boolean enforceSorted) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.packSequence(List,boolean)", sequences, enforceSorted);
    }
    return Packing.packSequence(sequences, enforceSorted);
  }

  /** Returns the sequences of a packed sequence, in the user's order. */
  public static List<Tensor> unpackSequence(PackedSequence sequence) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.unpackSequence(PackedSequence)", sequence);
    }
    return Packing.unpackSequence(sequence);
  }

  // ---- Padding

  /** Computes {@link #pad(Tensor, int[], double)} with zeros. */
  public static Tensor pad(Tensor x, int... padding) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pad(Tensor,int[])", x, padding);
    }
    return Padding.pad(x, padding);
  }

  /**
   * Adds elements of one value around a tensor.
   *
   * @param x [..]
   * @param padding for the last dimension, the one before it and so on: how many elements are added
   *     in front and behind; negative numbers remove elements
   * @throws IllegalArgumentException if padding has an odd length or is longer than twice the
   *     number of dimensions, or a size would be negative
   */
  public static Tensor pad(Tensor x, int[] padding, double value) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pad(Tensor,int[],double)", x, padding, value);
    }
    return Padding.pad(x, padding, value);
  }

  /**
   * Adds elements around the last one, two or three dimensions of a tensor.
   *
   * @param x [.., l], [.., h, w] or [.., d, h, w] with one or two dimensions in front, for padding
   *     of length 2, 4 or 6; any shape for zeros
   * @param padding as {@link #pad(Tensor, int[], double)}
   * @throws IllegalArgumentException if x has another number of dimensions, padding is not less
   *     than a reflected dimension or is more than a circular one, or nothing would be left
   */
  public static Tensor pad(Tensor x, int[] padding, PaddingMode mode) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pad(Tensor,int[],PaddingMode)", x, padding, mode);
    }
    return Padding.pad(x, padding, mode);
  }

  // ---- Pooling

  /** Returns the maximum of each window of signals; the stride equals the window size. */
  public static Tensor maxPool1d(Tensor x, int kernel) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool1d(Tensor,int)", x, kernel);
    }
    return Pooling.maxPool1d(x, kernel);
  }

  /**
   * Returns the maximum of each window of signals; padding never wins, and among equal maxima the
   * gradient goes to the first.
   *
   * @param x [n, c, l] or [c, l]
   * @return [n, c, outL] or [c, outL] with outL = (l + 2·padding − dilation·(kernel − 1) − 1) /
   *     stride + 1, rounded up in ceil mode
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor maxPool1d(Tensor x, int kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool1d(Tensor,int,MaxPoolOptions)", x, kernel, options);
    }
    return Pooling.maxPool1d(x, kernel, options);
  }

  /**
   * Computes {@link #maxPool1d(Tensor, int, MaxPoolOptions)} and where the maxima were.
   *
   * @return the maxima, and their places in [0, l)
   */
  public static ValuesAndIndices maxPool1dWithIndices(
      Tensor x, int kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool1dWithIndices(Tensor,int,MaxPoolOptions)", x, kernel, options);
    }
    return Pooling.maxPool1dWithIndices(x, kernel, options);
  }

  /** Returns the maximum of each square window; the stride equals the window size. */
  public static Tensor maxPool2d(Tensor x, int kernel) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool2d(Tensor,int)", x, kernel);
    }
    return Pooling.maxPool2d(x, kernel);
  }

  /** Returns the maximum of each square window. */
  public static Tensor maxPool2d(Tensor x, int kernel, int stride, int padding) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool2d(Tensor,int,int,int)", x, kernel, stride, padding);
    }
    return Pooling.maxPool2d(x, kernel, stride, padding);
  }

  /** Returns the maximum of each square window. */
  public static Tensor maxPool2d(Tensor x, int kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool2d(Tensor,int,MaxPoolOptions)", x, kernel, options);
    }
    return Pooling.maxPool2d(x, kernel, options);
  }

  /**
   * Returns the maximum of each window; padding never wins, and among equal maxima the gradient
   * goes to the first.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param kernel rows and columns of the window, or one number for both
   * @return [n, c, outH, outW] or [c, outH, outW] with outH = (h + 2·padding − dilation·(kernel −
   *     1) − 1) / stride + 1, rounded up in ceil mode
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor maxPool2d(Tensor x, int[] kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool2d(Tensor,int[],MaxPoolOptions)", x, kernel, options);
    }
    return Pooling.maxPool2d(x, kernel, options);
  }

  /**
   * Returns the maximum of each window; among equal maxima the gradient goes to the first.
   *
   * @param x [n, c, h, w]
   * @return [n, c, (h + 2·padH − kernelH) / strideH + 1, (w + 2·padW − kernelW) / strideW + 1]
   */
  public static Tensor maxPool2d(Tensor x, Pool2dArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool2d(Tensor,Pool2dArgs)", x, args);
    }
    return Pooling.maxPool2d(x, args);
  }

  /**
   * Computes {@link #maxPool2d(Tensor, int[], MaxPoolOptions)} and where the maxima were.
   *
   * @return the maxima, and their places in an image, row · w + column
   */
  public static ValuesAndIndices maxPool2dWithIndices(
      Tensor x, int[] kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.maxPool2dWithIndices(Tensor,int[],MaxPoolOptions)", x, kernel, options);
    }
    return Pooling.maxPool2dWithIndices(x, kernel, options);
  }

  /** Returns the maximum of each cubic window; the stride equals the window size. */
  public static Tensor maxPool3d(Tensor x, int kernel) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool3d(Tensor,int)", x, kernel);
    }
    return Pooling.maxPool3d(x, kernel);
  }

  /** Returns the maximum of each cubic window. */
  public static Tensor maxPool3d(Tensor x, int kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool3d(Tensor,int,MaxPoolOptions)", x, kernel, options);
    }
    return Pooling.maxPool3d(x, kernel, options);
  }

  /**
   * Returns the maximum of each window of volumes; padding never wins, and among equal maxima the
   * gradient goes to the first.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param kernel depth, rows and columns of the window, or one number for all
   * @return [n, c, outD, outH, outW] or [c, outD, outH, outW], each as in {@link #maxPool2d(Tensor,
   *     int[], MaxPoolOptions)}
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor maxPool3d(Tensor x, int[] kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxPool3d(Tensor,int[],MaxPoolOptions)", x, kernel, options);
    }
    return Pooling.maxPool3d(x, kernel, options);
  }

  /**
   * Computes {@link #maxPool3d(Tensor, int[], MaxPoolOptions)} and where the maxima were.
   *
   * @return the maxima, and their places in a volume, (depth · h + row) · w + column
   */
  public static ValuesAndIndices maxPool3dWithIndices(
      Tensor x, int[] kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.maxPool3dWithIndices(Tensor,int[],MaxPoolOptions)", x, kernel, options);
    }
    return Pooling.maxPool3dWithIndices(x, kernel, options);
  }

  /**
   * Returns the maximum of each of {@code outputSize} parts of signals, of sizes as equal as
   * possible.
   *
   * @param x [n, c, l] or [c, l]
   * @param outputSize null for l
   */
  public static Tensor adaptiveMaxPool1d(Tensor x, Integer outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.adaptiveMaxPool1d(Tensor,Integer)", x, outputSize);
    }
    return Pooling.adaptiveMaxPool1d(x, outputSize);
  }

  /** Computes {@link #adaptiveMaxPool1d} and where the maxima were. */
  public static ValuesAndIndices adaptiveMaxPool1dWithIndices(Tensor x, Integer outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.adaptiveMaxPool1dWithIndices(Tensor,Integer)", x, outputSize);
    }
    return Pooling.adaptiveMaxPool1dWithIndices(x, outputSize);
  }

  /**
   * Returns the maximum of each of outH · outW parts of images, of sizes as equal as possible.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param outputSize rows and columns, or one number for both; null for the size of the input
   */
  public static Tensor adaptiveMaxPool2d(Tensor x, Integer... outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.adaptiveMaxPool2d(Tensor,Integer[])", x, outputSize);
    }
    return Pooling.adaptiveMaxPool2d(x, outputSize);
  }

  /** Computes {@link #adaptiveMaxPool2d} and where the maxima were. */
  public static ValuesAndIndices adaptiveMaxPool2dWithIndices(Tensor x, Integer... outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.adaptiveMaxPool2dWithIndices(Tensor,Integer[])", x, outputSize);
    }
    return Pooling.adaptiveMaxPool2dWithIndices(x, outputSize);
  }

  /**
   * Returns the maximum of each of outD · outH · outW parts of volumes, of sizes as equal as
   * possible.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param outputSize depth, rows and columns, or one number for all; null for the size of the
   *     input
   */
  public static Tensor adaptiveMaxPool3d(Tensor x, Integer... outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.adaptiveMaxPool3d(Tensor,Integer[])", x, outputSize);
    }
    return Pooling.adaptiveMaxPool3d(x, outputSize);
  }

  /** Computes {@link #adaptiveMaxPool3d} and where the maxima were. */
  public static ValuesAndIndices adaptiveMaxPool3dWithIndices(Tensor x, Integer... outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.adaptiveMaxPool3dWithIndices(Tensor,Integer[])", x, outputSize);
    }
    return Pooling.adaptiveMaxPool3dWithIndices(x, outputSize);
  }

  /** Computes {@link #maxUnpool2d(Tensor, Tensor, int[], MaxPoolOptions)} of signals. */
  public static Tensor maxUnpool1d(Tensor x, Tensor indices, int[] kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.maxUnpool1d(Tensor,Tensor,int[],MaxPoolOptions)", x, indices, kernel, options);
    }
    return Pooling.maxUnpool1d(x, indices, kernel, options);
  }

  /** Computes {@link #maxUnpool2d(Tensor, Tensor, long...)} of signals. */
  public static Tensor maxUnpool1d(Tensor x, Tensor indices, long... outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxUnpool1d(Tensor,Tensor,long[])", x, indices, outputSize);
    }
    return Pooling.maxUnpool1d(x, indices, outputSize);
  }

  /**
   * Puts maxima back where they were, into zeros of size (h − 1)·stride − 2·padding + kernel.
   *
   * @param indices as {@link #maxPool2dWithIndices} returns them
   */
  public static Tensor maxUnpool2d(Tensor x, Tensor indices, int[] kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.maxUnpool2d(Tensor,Tensor,int[],MaxPoolOptions)", x, indices, kernel, options);
    }
    return Pooling.maxUnpool2d(x, indices, kernel, options);
  }

  /**
   * Puts maxima back where they were, into zeros.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param indices INT64 of x's shape, as {@link #maxPool2dWithIndices} returns them; if a place
   *     comes twice, the last value counts
   * @param outputSize sizes of the images
   * @throws IllegalArgumentException if shapes or types do not agree
   * @throws IndexOutOfBoundsException if an index is outside of the image
   */
  public static Tensor maxUnpool2d(Tensor x, Tensor indices, long... outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxUnpool2d(Tensor,Tensor,long[])", x, indices, outputSize);
    }
    return Pooling.maxUnpool2d(x, indices, outputSize);
  }

  /** Computes {@link #maxUnpool2d(Tensor, Tensor, int[], MaxPoolOptions)} of volumes. */
  public static Tensor maxUnpool3d(Tensor x, Tensor indices, int[] kernel, MaxPoolOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.maxUnpool3d(Tensor,Tensor,int[],MaxPoolOptions)", x, indices, kernel, options);
    }
    return Pooling.maxUnpool3d(x, indices, kernel, options);
  }

  /** Computes {@link #maxUnpool2d(Tensor, Tensor, long...)} of volumes. */
  public static Tensor maxUnpool3d(Tensor x, Tensor indices, long... outputSize) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.maxUnpool3d(Tensor,Tensor,long[])", x, indices, outputSize);
    }
    return Pooling.maxUnpool3d(x, indices, outputSize);
  }

  // ---- Rearranging

  /**
   * Moves channels into blocks of r · r pixels.
   *
   * @param x [.., c·r², h, w]
   * @return [.., c, h·r, w·r]
   * @throws IllegalArgumentException if x has fewer than three dimensions, or r² does not divide
   *     the channels
   */
  public static Tensor pixelShuffle(Tensor x, int r) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pixelShuffle(Tensor,int)", x, r);
    }
    return Rearranging.pixelShuffle(x, r);
  }

  /**
   * Moves blocks of r · r pixels into channels: the inverse of {@link #pixelShuffle}.
   *
   * @param x [.., c, h·r, w·r]
   * @return [.., c·r², h, w]
   * @throws IllegalArgumentException if x has fewer than three dimensions, or r does not divide its
   *     rows and columns
   */
  public static Tensor pixelUnshuffle(Tensor x, int r) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.pixelUnshuffle(Tensor,int)", x, r);
    }
    return Rearranging.pixelUnshuffle(x, r);
  }

  /**
   * Interleaves groups of channels.
   *
   * @param x [n, c, ..] with at least one dimension after c
   * @throws IllegalArgumentException if x has fewer than three dimensions, or groups do not divide
   *     the channels
   */
  public static Tensor channelShuffle(Tensor x, int groups) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.channelShuffle(Tensor,int)", x, groups);
    }
    return Rearranging.channelShuffle(x, groups);
  }

  /**
   * Copies each patch of images into a column.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param kernel rows and columns of a patch, or one number for both
   * @param options stride, padding with zeros and dilation; default 1, 0 and 1
   * @return [n, c·kernelH·kernelW, l] or [c·kernelH·kernelW, l] with one column for each of l
   *     patches
   * @throws IllegalArgumentException if shapes or numbers do not fit
   */
  public static Tensor unfold(Tensor x, int[] kernel, ConvOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.unfold(Tensor,int[],ConvOptions)", x, kernel, options);
    }
    return Rearranging.unfold(x, kernel, options);
  }

  /**
   * Adds up columns of patches to images: the transpose of {@link #unfold}.
   *
   * @param x [n, c·kernelH·kernelW, l] or [c·kernelH·kernelW, l]
   * @param outputSize rows and columns of the images, or one number for both
   * @return [n, c, h, w] or [c, h, w]
   * @throws IllegalArgumentException if shapes or numbers do not fit
   */
  public static Tensor fold(Tensor x, int[] outputSize, int[] kernel, ConvOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.fold(Tensor,int[],int[],ConvOptions)", x, outputSize, kernel, options);
    }
    return Rearranging.fold(x, outputSize, kernel, options);
  }

  // ---- RegressionLosses

  /**
   * Works like {@link #mseLoss(Tensor, Tensor, Reduction)} with {@code reduction = Reduction.MEAN}.
   */
  public static Tensor mseLoss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.mseLoss(Tensor,Tensor)", x, target);
    }
    return RegressionLosses.mseLoss(x, target, Reduction.MEAN);
  }

  /**
   * Computes (x − target)².
   *
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor mseLoss(Tensor x, Tensor target, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.mseLoss(Tensor,Tensor,Reduction)", x, target, reduction);
    }
    return RegressionLosses.mseLoss(x, target, reduction);
  }

  /**
   * Works like {@link #l1Loss(Tensor, Tensor, Reduction)} with {@code reduction = Reduction.MEAN}.
   */
  public static Tensor l1Loss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.l1Loss(Tensor,Tensor)", x, target);
    }
    return RegressionLosses.l1Loss(x, target, Reduction.MEAN);
  }

  /**
   * Computes |x − target|.
   *
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor l1Loss(Tensor x, Tensor target, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.l1Loss(Tensor,Tensor,Reduction)", x, target, reduction);
    }
    return RegressionLosses.l1Loss(x, target, reduction);
  }

  /**
   * Works like {@link #smoothL1Loss(Tensor, Tensor, Reduction, double)} with {@code reduction =
   * Reduction.MEAN}, {@code beta = 1}.
   */
  public static Tensor smoothL1Loss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.smoothL1Loss(Tensor,Tensor)", x, target);
    }
    return RegressionLosses.smoothL1Loss(x, target, Reduction.MEAN, 1);
  }

  /** Works like {@link #smoothL1Loss(Tensor, Tensor, Reduction, double)} with {@code beta = 1}. */
  public static Tensor smoothL1Loss(Tensor x, Tensor target, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.smoothL1Loss(Tensor,Tensor,Reduction)", x, target, reduction);
    }
    return RegressionLosses.smoothL1Loss(x, target, reduction, 1);
  }

  /**
   * Computes d²/(2·beta) where |d| &lt; beta, else |d| − beta/2, with d = x − target.
   *
   * @param beta not negative; default 1
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ or beta is negative
   */
  public static Tensor smoothL1Loss(Tensor x, Tensor target, Reduction reduction, double beta) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.smoothL1Loss(Tensor,Tensor,Reduction,double)", x, target, reduction, beta);
    }
    return RegressionLosses.smoothL1Loss(x, target, reduction, beta);
  }

  /**
   * Works like {@link #huberLoss(Tensor, Tensor, Reduction, double)} with {@code reduction =
   * Reduction.MEAN}, {@code delta = 1}.
   */
  public static Tensor huberLoss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.huberLoss(Tensor,Tensor)", x, target);
    }
    return RegressionLosses.huberLoss(x, target, Reduction.MEAN, 1);
  }

  /** Works like {@link #huberLoss(Tensor, Tensor, Reduction, double)} with {@code delta = 1}. */
  public static Tensor huberLoss(Tensor x, Tensor target, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.huberLoss(Tensor,Tensor,Reduction)", x, target, reduction);
    }
    return RegressionLosses.huberLoss(x, target, reduction, 1);
  }

  /**
   * Computes d²/2 where |d| ≤ delta, else delta · (|d| − delta/2), with d = x − target.
   *
   * @param delta positive; default 1
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ or delta is not positive
   */
  public static Tensor huberLoss(Tensor x, Tensor target, Reduction reduction, double delta) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.huberLoss(Tensor,Tensor,Reduction,double)", x, target, reduction, delta);
    }
    return RegressionLosses.huberLoss(x, target, reduction, delta);
  }

  /**
   * Works like {@link #binaryCrossEntropy(Tensor, Tensor, Tensor, Reduction)} with {@code weight =
   * null}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor binaryCrossEntropy(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.binaryCrossEntropy(Tensor,Tensor)", x, target);
    }
    return RegressionLosses.binaryCrossEntropy(x, target, null, Reduction.MEAN);
  }

  /**
   * Works like {@link #binaryCrossEntropy(Tensor, Tensor, Tensor, Reduction)} with {@code reduction
   * = Reduction.MEAN}.
   */
  public static Tensor binaryCrossEntropy(Tensor x, Tensor target, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.binaryCrossEntropy(Tensor,Tensor,Tensor)", x, target, weight);
    }
    return RegressionLosses.binaryCrossEntropy(x, target, weight, Reduction.MEAN);
  }

  /**
   * Computes −weight · (target · ln x + (1 − target) · ln(1 − x)), with logarithms of at least
   * −100.
   *
   * @param x probabilities in [0, 1]
   * @param target of x's shape, in [0, 1]
   * @param weight broadcast to x, or null
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ, or x on the CPU has values outside [0,
   *     1]
   */
  public static Tensor binaryCrossEntropy(
      Tensor x, Tensor target, Tensor weight, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.binaryCrossEntropy(Tensor,Tensor,Tensor,Reduction)", x, target, weight, reduction);
    }
    return RegressionLosses.binaryCrossEntropy(x, target, weight, reduction);
  }

  /**
   * Works like {@link #binaryCrossEntropyWithLogits(Tensor, Tensor, Tensor, Tensor, Reduction)}
   * with {@code weight = null}, {@code posWeight = null}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.binaryCrossEntropyWithLogits(Tensor,Tensor)", x, target);
    }
    return RegressionLosses.binaryCrossEntropyWithLogits(x, target, null, null, Reduction.MEAN);
  }

  /**
   * Works like {@link #binaryCrossEntropyWithLogits(Tensor, Tensor, Tensor, Tensor, Reduction)}
   * with {@code posWeight = null}, {@code reduction = Reduction.MEAN}.
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor x, Tensor target, Tensor weight) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.binaryCrossEntropyWithLogits(Tensor,Tensor,Tensor)", x, target, weight);
    }
    return RegressionLosses.binaryCrossEntropyWithLogits(x, target, weight, null, Reduction.MEAN);
  }

  /**
   * Works like {@link #binaryCrossEntropyWithLogits(Tensor, Tensor, Tensor, Tensor, Reduction)}
   * with {@code reduction = Reduction.MEAN}.
   */
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor x, Tensor target, Tensor weight, Tensor posWeight) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.binaryCrossEntropyWithLogits(Tensor,Tensor,Tensor,Tensor)",
          x,
          target,
          weight,
          posWeight);
    }
    return RegressionLosses.binaryCrossEntropyWithLogits(
        x, target, weight, posWeight, Reduction.MEAN);
  }

  /**
   * Computes the binary cross-entropy of sigmoid(x), without overflow; the part of positive targets
   * is multiplied by posWeight.
   *
   * @param x logits
   * @param target of x's shape, in [0, 1]
   * @param weight broadcast to x, or null
   * @param posWeight broadcast to x, or null
   * @param reduction default MEAN
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor x, Tensor target, Tensor weight, Tensor posWeight, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.binaryCrossEntropyWithLogits(Tensor,Tensor,Tensor,Tensor,Reduction)",
          x,
          target,
          weight,
          posWeight,
          reduction);
    }
    return RegressionLosses.binaryCrossEntropyWithLogits(x, target, weight, posWeight, reduction);
  }

  /**
   * Works like {@link #klDiv(Tensor, Tensor, Reduction, boolean)} with {@code reduction =
   * Reduction.MEAN}, {@code logTarget = false}.
   */
  public static Tensor klDiv(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.klDiv(Tensor,Tensor)", x, target);
    }
    return RegressionLosses.klDiv(x, target, Reduction.MEAN, false);
  }

  /**
   * Works like {@link #klDiv(Tensor, Tensor, Reduction, boolean)} with {@code logTarget = false}.
   */
  public static Tensor klDiv(Tensor x, Tensor target, Reduction reduction) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.klDiv(Tensor,Tensor,Reduction)", x, target, reduction);
    }
    return RegressionLosses.klDiv(x, target, reduction, false);
  }

  /**
   * Computes target · (ln target − x), the Kullback-Leibler divergence of x, the logarithms of
   * probabilities, from the target.
   *
   * @param target probabilities, or their logarithms if {@code logTarget}
   * @param reduction default MEAN, of all elements; BATCH_MEAN is the definition's
   * @param logTarget default false
   */
  public static Tensor klDiv(Tensor x, Tensor target, Reduction reduction, boolean logTarget) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.klDiv(Tensor,Tensor,Reduction,boolean)", x, target, reduction, logTarget);
    }
    return RegressionLosses.klDiv(x, target, reduction, logTarget);
  }

  /**
   * Works like {@link #poissonNllLoss(Tensor, Tensor, PoissonNllArgs)} with {@code args =
   * PoissonNllArgs.create()}.
   */
  public static Tensor poissonNllLoss(Tensor x, Tensor target) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.poissonNllLoss(Tensor,Tensor)", x, target);
    }
    return RegressionLosses.poissonNllLoss(x, target, PoissonNllArgs.create());
  }

  /**
   * Computes the negative logarithm of the Poisson probability of the target: eˣ − target · x if
   * {@code logInput}, else x − target · ln(x + eps); {@code full} adds Stirling's approximation of
   * ln(target!) where target &gt; 1.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor poissonNllLoss(Tensor x, Tensor target, PoissonNllArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.poissonNllLoss(Tensor,Tensor,PoissonNllArgs)", x, target, args);
    }
    return RegressionLosses.poissonNllLoss(x, target, args);
  }

  /**
   * Works like {@link #gaussianNllLoss(Tensor, Tensor, Tensor, GaussianNllArgs)} with {@code args =
   * GaussianNllArgs.create()}.
   */
  public static Tensor gaussianNllLoss(Tensor x, Tensor target, Tensor var) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.gaussianNllLoss(Tensor,Tensor,Tensor)", x, target, var);
    }
    return RegressionLosses.gaussianNllLoss(x, target, var, GaussianNllArgs.create());
  }

  /**
   * Computes (ln max(var, eps) + (x − target)²/max(var, eps)) / 2, the negative logarithm of the
   * Gaussian density of the target up to a constant, which {@code full} adds. No gradient flows
   * through the maximum.
   *
   * @param var of x's shape, or without its last dimension, or with size 1 there; not negative
   * @throws IllegalArgumentException if shapes differ, eps is not positive, or a variance on the
   *     CPU is negative
   */
  public static Tensor gaussianNllLoss(Tensor x, Tensor target, Tensor var, GaussianNllArgs args) {
    if (Calls.areRecorded()) {
      return Calls.record(
          "nn.gaussianNllLoss(Tensor,Tensor,Tensor,GaussianNllArgs)", x, target, var, args);
    }
    return RegressionLosses.gaussianNllLoss(x, target, var, args);
  }

  // ---- Resampling

  /** Computes {@link #interpolate(Tensor, InterpolateOptions)} by the nearest elements. */
  public static Tensor interpolate(Tensor x, long... size) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.interpolate(Tensor,long[])", x, size);
    }
    return Resampling.interpolate(x, size);
  }

  /**
   * Resizes signals, images or volumes.
   *
   * @param x [n, c, l], [n, c, h, w] or [n, c, d, h, w]
   * @return [n, c, …] of the size or scale factor of the options
   * @throws IllegalArgumentException if options contradict each other or the input's number of
   *     dimensions, or a size other than n is 0
   */
  public static Tensor interpolate(Tensor x, InterpolateOptions options) {
    if (Calls.areRecorded()) {
      return Calls.record("nn.interpolate(Tensor,InterpolateOptions)", x, options);
    }
    return Resampling.interpolate(x, options);
  }
}
