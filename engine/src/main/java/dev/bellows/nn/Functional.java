package dev.bellows.nn;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.List;

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
    return Activations.relu(x);
  }

  /** Overwrites x with {@link #relu} and returns it. */
  public static Tensor relu_(Tensor x) {
    return Activations.relu_(x);
  }

  /** Computes min(max(x, 0), 6) element-wise; the gradient is 0 at 0 and at 6. */
  public static Tensor relu6(Tensor x) {
    return Activations.relu6(x);
  }

  /** Overwrites x with {@link #relu6} and returns it. */
  public static Tensor relu6_(Tensor x) {
    return Activations.relu6_(x);
  }

  /** Works like {@link #leakyRelu(Tensor, double)} with {@code negativeSlope = 0.01}. */
  public static Tensor leakyRelu(Tensor x) {
    return Activations.leakyRelu(x, 0.01);
  }

  /**
   * Computes x where x &gt; 0, else negativeSlope · x.
   *
   * @param negativeSlope default 0.01
   */
  public static Tensor leakyRelu(Tensor x, double negativeSlope) {
    return Activations.leakyRelu(x, negativeSlope);
  }

  /** Works like {@link #leakyRelu_(Tensor, double)} with {@code negativeSlope = 0.01}. */
  public static Tensor leakyRelu_(Tensor x) {
    return Activations.leakyRelu_(x, 0.01);
  }

  /** Overwrites x with {@link #leakyRelu(Tensor, double)} and returns it. */
  public static Tensor leakyRelu_(Tensor x, double negativeSlope) {
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
    return Activations.prelu(x, weight);
  }

  /**
   * Works like {@link #rrelu(Tensor, double, double, boolean)} with {@code lower = 1.0 / 8}, {@code
   * upper = 1.0 / 3}, {@code training = false}.
   */
  public static Tensor rrelu(Tensor x) {
    return Activations.rrelu(x, 1.0 / 8, 1.0 / 3, false);
  }

  /**
   * Works like {@link #rrelu(Tensor, double, double, boolean)} with {@code upper = 1.0 / 3}, {@code
   * training = false}.
   */
  public static Tensor rrelu(Tensor x, double lower) {
    return Activations.rrelu(x, lower, 1.0 / 3, false);
  }

  /** Works like {@link #rrelu(Tensor, double, double, boolean)} with {@code training = false}. */
  public static Tensor rrelu(Tensor x, double lower, double upper) {
    return Activations.rrelu(x, lower, upper, false);
  }

  /**
   * Computes x where x &gt; 0, else a · x, with a uniform in [lower, upper) for each element in
   * training, and (lower + upper) / 2 otherwise; with the thread's default generator.
   *
   * @throws IllegalArgumentException if lower exceeds upper
   */
  public static Tensor rrelu(Tensor x, double lower, double upper, boolean training) {
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
    return Activations.rrelu(x, lower, upper, training, generator);
  }

  /**
   * Works like {@link #rrelu_(Tensor, double, double, boolean)} with {@code lower = 1.0 / 8},
   * {@code upper = 1.0 / 3}, {@code training = false}.
   */
  public static Tensor rrelu_(Tensor x) {
    return Activations.rrelu_(x, 1.0 / 8, 1.0 / 3, false);
  }

  /**
   * Works like {@link #rrelu_(Tensor, double, double, boolean)} with {@code upper = 1.0 / 3},
   * {@code training = false}.
   */
  public static Tensor rrelu_(Tensor x, double lower) {
    return Activations.rrelu_(x, lower, 1.0 / 3, false);
  }

  /** Works like {@link #rrelu_(Tensor, double, double, boolean)} with {@code training = false}. */
  public static Tensor rrelu_(Tensor x, double lower, double upper) {
    return Activations.rrelu_(x, lower, upper, false);
  }

  /** Overwrites x with {@link #rrelu(Tensor, double, double, boolean)} and returns it. */
  public static Tensor rrelu_(Tensor x, double lower, double upper, boolean training) {
    return Activations.rrelu_(x, lower, upper, training);
  }

  /** Works like {@link #elu(Tensor, double)} with {@code alpha = 1}. */
  public static Tensor elu(Tensor x) {
    return Activations.elu(x, 1);
  }

  /**
   * Computes x where x &gt; 0, else alpha · (eˣ − 1).
   *
   * @param alpha default 1
   */
  public static Tensor elu(Tensor x, double alpha) {
    return Activations.elu(x, alpha);
  }

  /** Works like {@link #elu_(Tensor, double)} with {@code alpha = 1}. */
  public static Tensor elu_(Tensor x) {
    return Activations.elu_(x, 1);
  }

  /** Overwrites x with {@link #elu(Tensor, double)} and returns it. */
  public static Tensor elu_(Tensor x, double alpha) {
    return Activations.elu_(x, alpha);
  }

  /** Works like {@link #celu(Tensor, double)} with {@code alpha = 1}. */
  public static Tensor celu(Tensor x) {
    return Activations.celu(x, 1);
  }

  /**
   * Computes x where x &gt; 0, else alpha · (e^(x / alpha) − 1).
   *
   * @param alpha default 1
   * @throws ArithmeticException if alpha is 0
   */
  public static Tensor celu(Tensor x, double alpha) {
    return Activations.celu(x, alpha);
  }

  /** Works like {@link #celu_(Tensor, double)} with {@code alpha = 1}. */
  public static Tensor celu_(Tensor x) {
    return Activations.celu_(x, 1);
  }

  /** Overwrites x with {@link #celu(Tensor, double)} and returns it. */
  public static Tensor celu_(Tensor x, double alpha) {
    return Activations.celu_(x, alpha);
  }

  /**
   * Computes scale · elu(x, alpha) with the alpha and scale that keep mean 0 and variance 1.
   *
   * <p>Source: Klambauer et al., Self-Normalizing Neural Networks, 2017.
   */
  public static Tensor selu(Tensor x) {
    return Activations.selu(x);
  }

  /** Overwrites x with {@link #selu} and returns it. */
  public static Tensor selu_(Tensor x) {
    return Activations.selu_(x);
  }

  /** Computes x · sigmoid(x) element-wise. */
  public static Tensor silu(Tensor x) {
    return Activations.silu(x);
  }

  /** Overwrites x with {@link #silu} and returns it. */
  public static Tensor silu_(Tensor x) {
    return Activations.silu_(x);
  }

  /** Computes x · tanh(softplus(x)) element-wise. */
  public static Tensor mish(Tensor x) {
    return Activations.mish(x);
  }

  /** Overwrites x with {@link #mish} and returns it. */
  public static Tensor mish_(Tensor x) {
    return Activations.mish_(x);
  }

  /** Works like {@link #gelu(Tensor, Approximate)} with {@code approximate = Approximate.NONE}. */
  public static Tensor gelu(Tensor x) {
    return Activations.gelu(x, Approximate.NONE);
  }

  /**
   * Computes x · Φ(x), with Φ the distribution function of the normal distribution.
   *
   * @param approximate TANH replaces Φ(x) by (1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2; default NONE
   */
  public static Tensor gelu(Tensor x, Approximate approximate) {
    return Activations.gelu(x, approximate);
  }

  /**
   * Works like {@link #softplus(Tensor, double, double)} with {@code beta = 1}, {@code threshold =
   * 20}.
   */
  public static Tensor softplus(Tensor x) {
    return Activations.softplus(x, 1, 20);
  }

  /** Works like {@link #softplus(Tensor, double, double)} with {@code threshold = 20}. */
  public static Tensor softplus(Tensor x, double beta) {
    return Activations.softplus(x, beta, 20);
  }

  /**
   * Computes ln(1 + e^(beta·x)) / beta where beta · x ≤ threshold, else x.
   *
   * @param beta default 1
   * @param threshold default 20
   */
  public static Tensor softplus(Tensor x, double beta, double threshold) {
    return Activations.softplus(x, beta, threshold);
  }

  /** Computes 1 / (1 + e⁻ˣ) element-wise. */
  public static Tensor sigmoid(Tensor x) {
    return Activations.sigmoid(x);
  }

  /** Computes the hyperbolic tangent element-wise. */
  public static Tensor tanh(Tensor x) {
    return Activations.tanh(x);
  }

  /** Computes ln(sigmoid(x)) element-wise, without overflow. */
  public static Tensor logSigmoid(Tensor x) {
    return Activations.logSigmoid(x);
  }

  /** Computes relu6(x + 3) / 6 element-wise. */
  public static Tensor hardsigmoid(Tensor x) {
    return Activations.hardsigmoid(x);
  }

  /** Overwrites x with {@link #hardsigmoid} and returns it. */
  public static Tensor hardsigmoid_(Tensor x) {
    return Activations.hardsigmoid_(x);
  }

  /** Computes x · relu6(x + 3) / 6 element-wise. */
  public static Tensor hardswish(Tensor x) {
    return Activations.hardswish(x);
  }

  /** Overwrites x with {@link #hardswish} and returns it. */
  public static Tensor hardswish_(Tensor x) {
    return Activations.hardswish_(x);
  }

  /** Computes x / (1 + |x|) element-wise. */
  public static Tensor softsign(Tensor x) {
    return Activations.softsign(x);
  }

  /** Computes x − tanh(x) element-wise. */
  public static Tensor tanhshrink(Tensor x) {
    return Activations.tanhshrink(x);
  }

  /**
   * Works like {@link #hardtanh(Tensor, double, double)} with {@code minVal = -1}, {@code maxVal =
   * 1}.
   */
  public static Tensor hardtanh(Tensor x) {
    return Activations.hardtanh(x, -1, 1);
  }

  /** Works like {@link #hardtanh(Tensor, double, double)} with {@code maxVal = 1}. */
  public static Tensor hardtanh(Tensor x, double minVal) {
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
    return Activations.hardtanh(x, minVal, maxVal);
  }

  /**
   * Works like {@link #hardtanh_(Tensor, double, double)} with {@code minVal = -1}, {@code maxVal =
   * 1}.
   */
  public static Tensor hardtanh_(Tensor x) {
    return Activations.hardtanh_(x, -1, 1);
  }

  /** Works like {@link #hardtanh_(Tensor, double, double)} with {@code maxVal = 1}. */
  public static Tensor hardtanh_(Tensor x, double minVal) {
    return Activations.hardtanh_(x, minVal, 1);
  }

  /** Overwrites x with {@link #hardtanh(Tensor, double, double)} and returns it. */
  public static Tensor hardtanh_(Tensor x, double minVal, double maxVal) {
    return Activations.hardtanh_(x, minVal, maxVal);
  }

  /** Computes x where x &gt; threshold, else value. */
  public static Tensor threshold(Tensor x, double threshold, double value) {
    return Activations.threshold(x, threshold, value);
  }

  /** Overwrites x with {@link #threshold(Tensor, double, double)} and returns it. */
  public static Tensor threshold_(Tensor x, double threshold, double value) {
    return Activations.threshold_(x, threshold, value);
  }

  /** Works like {@link #hardshrink(Tensor, double)} with {@code lambda = 0.5}. */
  public static Tensor hardshrink(Tensor x) {
    return Activations.hardshrink(x, 0.5);
  }

  /**
   * Computes x where |x| &gt; lambda, else 0.
   *
   * @param lambda default 0.5
   */
  public static Tensor hardshrink(Tensor x, double lambda) {
    return Activations.hardshrink(x, lambda);
  }

  /** Works like {@link #softshrink(Tensor, double)} with {@code lambda = 0.5}. */
  public static Tensor softshrink(Tensor x) {
    return Activations.softshrink(x, 0.5);
  }

  /**
   * Computes x − lambda where x &gt; lambda, x + lambda where x &lt; −lambda, else 0.
   *
   * @param lambda default 0.5
   * @throws IllegalArgumentException if lambda is negative
   */
  public static Tensor softshrink(Tensor x, double lambda) {
    return Activations.softshrink(x, lambda);
  }

  /** Computes exp(x) / Σ exp(x) along a dimension. */
  public static Tensor softmax(Tensor x, int dim) {
    return Activations.softmax(x, dim);
  }

  /** Computes the logarithm of {@link #softmax} without overflow. */
  public static Tensor logSoftmax(Tensor x, int dim) {
    return Activations.logSoftmax(x, dim);
  }

  /** Computes {@link #softmax} of −x along a dimension. */
  public static Tensor softmin(Tensor x, int dim) {
    return Activations.softmin(x, dim);
  }

  /** Works like {@link #glu(Tensor, int)} with {@code dim = -1}. */
  public static Tensor glu(Tensor x) {
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
    return Activations.glu(x, dim);
  }

  /**
   * Works like {@link #gumbelSoftmax(Tensor, double, boolean, int)} with {@code tau = 1}, {@code
   * hard = false}, {@code dim = -1}.
   */
  public static Tensor gumbelSoftmax(Tensor logits) {
    return Activations.gumbelSoftmax(logits, 1, false, -1);
  }

  /**
   * Works like {@link #gumbelSoftmax(Tensor, double, boolean, int)} with {@code hard = false},
   * {@code dim = -1}.
   */
  public static Tensor gumbelSoftmax(Tensor logits, double tau) {
    return Activations.gumbelSoftmax(logits, tau, false, -1);
  }

  /** Works like {@link #gumbelSoftmax(Tensor, double, boolean, int)} with {@code dim = -1}. */
  public static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard) {
    return Activations.gumbelSoftmax(logits, tau, hard, -1);
  }

  /**
   * Samples from the Gumbel-softmax distribution; see {@link #gumbelSoftmax(Tensor, double,
   * boolean, int, Generator)}, with the thread's default generator.
   */
  public static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard, int dim) {
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
    return Affine.linear(x, weight, bias);
  }

  // ---- Attention

  /** Computes {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, AttentionOptions)}. */
  public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value) {
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
    return Attention.scaledDotProductAttention(query, key, value, options);
  }

  // ---- Convolutions

  /**
   * Computes the cross-correlation of images with filters, with stride 1, no padding and one group.
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias) {
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
    return Convolutions.conv2d(x, weight, bias, args);
  }

  // ---- Dropouts

  /**
   * Applies {@link #dropout(Tensor, double, boolean, Generator)} with the thread's default
   * generator.
   */
  public static Tensor dropout(Tensor x, double p, boolean training) {
    return Dropouts.dropout(x, p, training);
  }

  /**
   * Zeroes each element with probability p and divides the others by 1 − p; returns x itself unless
   * {@code training}.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public static Tensor dropout(Tensor x, double p, boolean training, Generator generator) {
    return Dropouts.dropout(x, p, training, generator);
  }

  /**
   * Checks a dropout probability.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public static void checkDropout(double p) {
    Dropouts.checkDropout(p);
  }

  // ---- Losses

  /** Label that {@link #crossEntropy} ignores by default. */
  public static final long IGNORE_INDEX = Losses.IGNORE_INDEX;

  /**
   * Computes the mean cross-entropy; see {@link #crossEntropy(Tensor, Tensor, Reduction, long,
   * double)}.
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    return Losses.crossEntropy(logits, target);
  }

  /**
   * Computes the cross-entropy; see {@link #crossEntropy(Tensor, Tensor, Reduction, long, double)}.
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target, Reduction reduction) {
    return Losses.crossEntropy(logits, target, reduction);
  }

  /**
   * Computes −Σ q(k) · logSoftmax(logits)(k) for each row, with q(k) = (1 − labelSmoothing)·[k =
   * target] + labelSmoothing / c. The mean is over the rows that are not ignored, and NaN if there
   * are none.
   *
   * @param logits [n, c], FLOAT32 or FLOAT64
   * @param target [n], of an integer type, each in [0, c) or {@code ignoreIndex}
   * @param reduction default MEAN
   * @param ignoreIndex rows with this label contribute 0; default −100
   * @param labelSmoothing in [0, 1]; default 0
   * @return a scalar, or [n] for {@link Reduction#NONE}
   * @throws IllegalArgumentException if shapes or types differ from these, or a label is out of
   *     range, naming the label, its row and the number of classes
   * @throws IndexOutOfBoundsException if a label on another device than the CPU is out of range, at
   *     the next synchronisation with the device
   */
  public static Tensor crossEntropy(
      Tensor logits, Tensor target, Reduction reduction, long ignoreIndex, double labelSmoothing) {
    return Losses.crossEntropy(logits, target, reduction, ignoreIndex, labelSmoothing);
  }

  /**
   * Computes the mean of −logProbs(target) over the rows; rows labelled −100 are ignored.
   *
   * @param logProbs [n, c]
   * @param target [n], of an integer type
   */
  public static Tensor nllLoss(Tensor logProbs, Tensor target) {
    return Losses.nllLoss(logProbs, target);
  }

  /**
   * Computes the mean of (x − target)²; both must have the same shape.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor mseLoss(Tensor x, Tensor target) {
    return Losses.mseLoss(x, target);
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
    return Packing.packPaddedSequence(input, lengths, batchFirst, enforceSorted);
  }

  /** Pads packed sequences with zeros to the length of the longest, as [t, n, ..]. */
  public static PaddedSequence padPackedSequence(PackedSequence sequence) {
    return Packing.padPackedSequence(sequence);
  }

  /**
   * Pads packed sequences with zeros to the length of the longest, as [t, n, ..] or, if {@code
   * batchFirst}, [n, t, ..].
   */
  public static PaddedSequence padPackedSequence(PackedSequence sequence, boolean batchFirst) {
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
    return Packing.padPackedSequence(sequence, batchFirst, paddingValue, totalLength);
  }

  /** Pads sequences [tᵢ, ..] with zeros to the length of the longest, as [t, n, ..]. */
  public static Tensor padSequence(List<Tensor> sequences) {
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
    return Packing.padSequence(sequences, batchFirst, paddingValue);
  }

  /**
   * Returns padded sequences without their padding.
   *
   * @param padded [t, n, ..], or [n, t, ..] if {@code batchFirst}
   */
  public static List<Tensor> unpadSequence(Tensor padded, long[] lengths, boolean batchFirst) {
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
    return Packing.packSequence(sequences, enforceSorted);
  }

  /** Returns the sequences of a packed sequence, in the user's order. */
  public static List<Tensor> unpackSequence(PackedSequence sequence) {
    return Packing.unpackSequence(sequence);
  }

  // ---- Pooling

  /** Returns the maximum of each square window; the stride equals the window size. */
  public static Tensor maxPool2d(Tensor x, int kernel) {
    return Pooling.maxPool2d(x, kernel);
  }

  /** Returns the maximum of each square window. */
  public static Tensor maxPool2d(Tensor x, int kernel, int stride, int padding) {
    return Pooling.maxPool2d(x, kernel, stride, padding);
  }

  /**
   * Returns the maximum of each window; among equal maxima the gradient goes to the first.
   *
   * @param x [n, c, h, w]
   * @return [n, c, (h + 2·padH − kernelH) / strideH + 1, (w + 2·padW − kernelW) / strideW + 1]
   */
  public static Tensor maxPool2d(Tensor x, Pool2dArgs args) {
    return Pooling.maxPool2d(x, args);
  }
}
