package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Losses, composed from tensor operations. */
final class Losses {
  /** Label that {@link #crossEntropy} ignores by default. */
  public static final long IGNORE_INDEX = -100;

  private Losses() {}

  /**
   * Computes the mean cross-entropy; see {@link #crossEntropy(Tensor, Tensor, Reduction, long,
   * double)}.
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    return crossEntropy(logits, target, Reduction.MEAN);
  }

  /**
   * Computes the cross-entropy; see {@link #crossEntropy(Tensor, Tensor, Reduction, long, double)}.
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target, Reduction reduction) {
    return crossEntropy(logits, target, reduction, IGNORE_INDEX, 0);
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
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: label_smoothing must be between 0.0 and 1.0. Got: " + labelSmoothing);
    }
    Tensor labels = checked("crossEntropy", logits, target);
    Tensor logProbs = logits.logSoftmax(1);
    Kept kept = kept("crossEntropy", logits, labels, ignoreIndex);
    Tensor nll = nll(logProbs, labels, kept, Reduction.NONE);
    if (labelSmoothing > 0) {
      double share = labelSmoothing / logits.size(1);
      Tensor smooth = masked(logProbs.sum(1).neg(), kept);
      nll = nll.mul(1 - labelSmoothing).add(smooth.mul(share));
    }
    return reduce(nll, kept, reduction);
  }

  /**
   * Computes the mean of −logProbs(target) over the rows; rows labelled −100 are ignored.
   *
   * @param logProbs [n, c]
   * @param target [n], of an integer type
   */
  public static Tensor nllLoss(Tensor logProbs, Tensor target) {
    Tensor labels = checked("nllLoss", logProbs, target);
    Kept kept = kept("nllLoss", logProbs, labels, IGNORE_INDEX);
    return nll(logProbs, labels, kept, Reduction.MEAN);
  }

  /**
   * Computes the mean of (x − target)²; both must have the same shape.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor mseLoss(Tensor x, Tensor target) {
    if (!Arrays.equals(x.shape(), target.shape())) {
      throw new IllegalArgumentException(
          message(
              "mseLoss: input and target must have one shape; got %s and %s",
              x.shape(), target.shape()));
    }
    Tensor difference = x.sub(target);
    return difference.mul(difference).mean();
  }

  /**
   * The rows that count towards a loss.
   *
   * @param ignored BOOL [n], true for ignored rows; null if none is ignored
   * @param number how many rows count, if known
   * @param numbers FLOAT32 [], the same number on a device, if reading it would require a
   *     synchronisation
   */
  private record Kept(Tensor ignored, long number, Tensor numbers) {}

  /** Checks labels on the CPU; labels on a device are checked there when they are used. */
  private static Kept kept(String name, Tensor logits, Tensor target, long ignoreIndex) {
    if (target.device() != Device.CPU) {
      Tensor ignored = target.eq(ignoreIndex);
      return new Kept(ignored, -1, ignored.logicalNot().sum().to(DType.FLOAT32));
    }
    long number = checkLabels(name, logits, target, ignoreIndex);
    return new Kept(number == target.numel() ? null : target.eq(ignoreIndex), number, null);
  }

  private static Tensor nll(Tensor logProbs, Tensor target, Kept kept, Reduction reduction) {
    Tensor index =
        kept.ignored == null
            ? target
            : Tensor.where(kept.ignored, Tensor.zerosLike(target), target);
    Tensor picked = logProbs.gather(1, index.unsqueeze(1)).squeeze(1).neg();
    return reduce(masked(picked, kept), kept, reduction);
  }

  private static Tensor masked(Tensor rows, Kept kept) {
    return kept.ignored == null ? rows : Tensor.where(kept.ignored, Tensor.zerosLike(rows), rows);
  }

  private static Tensor reduce(Tensor values, Kept kept, Reduction reduction) {
    return switch (reduction) {
      case NONE -> values;
      case SUM -> values.sum();
      case MEAN ->
          kept.numbers == null
              ? values.sum().div(kept.number)
              : dividedBy(values.sum(), kept.numbers);
    };
  }

  /** Divides a sum by a number; in FLOAT32 if the sum has a 16-bit type. */
  private static Tensor dividedBy(Tensor sum, Tensor number) {
    DType type = sum.dtype();
    DType wide = type.isHalf() ? DType.FLOAT32 : type;
    return sum.to(wide).div(number.to(wide)).to(type);
  }

  /** Checks shapes and types; returns the labels as INT64. */
  private static Tensor checked(String name, Tensor logits, Tensor target) {
    if (logits.dim() != 2 || target.dim() != 1 || logits.size(0) != target.size(0)) {
      throw new IllegalArgumentException(
          message(
              "%s: logits must be [n, c] and target [n]; got logits %s, target %s",
              name, logits.shape(), target.shape()));
    }
    if (!logits.dtype().isFloatingPoint() || !target.dtype().isIntegral()) {
      throw new IllegalArgumentException(
          message(
              "%s: logits must be of a floating-point type and target of an integer type; got %s,"
                  + " %s",
              name, logits.dtype(), target.dtype()));
    }
    return target.to(DType.INT64);
  }

  /** Checks all labels; returns how many are not ignored. */
  private static long checkLabels(String name, Tensor logits, Tensor target, long ignoreIndex) {
    long classes = logits.size(1);
    long[] labels = target.toLongArray();
    long kept = 0;
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] == ignoreIndex) {
        continue;
      }
      kept++;
      if (labels[row] < 0 || labels[row] >= classes) {
        throw new IllegalArgumentException(
            message(
                "%s: target must be in [0, %s) (or ignoreIndex %s); Target %s is out of bounds at"
                    + " row %s of %s, with %s classes",
                name, classes, ignoreIndex, labels[row], row, labels.length, classes));
      }
    }
    return kept;
  }
}
