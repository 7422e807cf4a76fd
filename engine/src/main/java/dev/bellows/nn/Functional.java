package dev.bellows.nn;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

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

  /** Computes exp(x) / Σ exp(x) along a dimension. */
  public static Tensor softmax(Tensor x, int dim) {
    return Activations.softmax(x, dim);
  }

  /** Computes the logarithm of {@link #softmax} without overflow. */
  public static Tensor logSoftmax(Tensor x, int dim) {
    return Activations.logSoftmax(x, dim);
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
