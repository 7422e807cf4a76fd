package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.ops.Default;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Losses of classes, composed from tensor operations. */
final class Losses {
  /** Label that {@link #crossEntropy} ignores by default. */
  public static final long IGNORE_INDEX = -100;

  private Losses() {}

  /**
   * Computes the mean cross-entropy; see {@link #crossEntropy(Tensor, Tensor, CrossEntropyArgs)}.
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    return crossEntropy(logits, target, Reduction.MEAN);
  }

  /** Computes the cross-entropy; see {@link #crossEntropy(Tensor, Tensor, CrossEntropyArgs)}. */
  public static Tensor crossEntropy(Tensor logits, Tensor target, Reduction reduction) {
    return crossEntropy(logits, target, reduction, IGNORE_INDEX, 0);
  }

  /** Computes the cross-entropy; see {@link #crossEntropy(Tensor, Tensor, CrossEntropyArgs)}. */
  public static Tensor crossEntropy(
      Tensor logits, Tensor target, Reduction reduction, long ignoreIndex, double labelSmoothing) {
    return crossEntropy(
        logits, target, new CrossEntropyArgs(null, reduction, ignoreIndex, labelSmoothing));
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
    double smoothing = args.labelSmoothing();
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: label_smoothing must be between 0.0 and 1.0. Got: " + smoothing);
    }
    if (target.dtype().isFloatingPoint() && Arrays.equals(target.shape(), logits.shape())) {
      return ofProbabilities(logits, target, args);
    }
    Rows rows = rows("crossEntropy", logits, target, args.weight(), args.ignoreIndex());
    Tensor logProbs = rows.logits.logSoftmax(1);
    Tensor nll = nll(logProbs, rows);
    if (smoothing > 0) {
      Tensor all = args.weight() == null ? logProbs : logProbs.mul(args.weight());
      Tensor smooth = masked(all.sum(1).neg(), rows);
      nll = nll.mul(1 - smoothing).add(smooth.mul(smoothing / rows.logits.size(1)));
    }
    return reduce(nll, rows, args.reduction());
  }

  private static Tensor ofProbabilities(Tensor logits, Tensor target, CrossEntropyArgs args) {
    if (logits.dim() == 0 || !logits.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message(
              "crossEntropy: logits must be [n, c, ..] or [c] of a floating-point type; got %s%s",
              logits.dtype(), logits.shape()));
    }
    int dim = logits.dim() == 1 ? 0 : 1;
    long c = logits.size(dim);
    double smoothing = args.labelSmoothing();
    Tensor wanted = smoothing > 0 ? target.mul(1 - smoothing).add(smoothing / c) : target;
    Tensor logProbs = logits.logSoftmax(dim);
    if (args.weight() != null) {
      checkWeight("crossEntropy", args.weight(), c);
      logProbs = logProbs.mul(args.weight().reshape(Channels.shape(logits.dim(), c)));
    }
    return reduce(logProbs.mul(wanted).sum(dim).neg(), args.reduction());
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
      Tensor logProbs,
      Tensor target,
      @Default("null") Tensor weight,
      @Default("Reduction.MEAN") Reduction reduction,
      @Default("IGNORE_INDEX") long ignoreIndex) {
    Rows rows = rows("nllLoss", logProbs, target, weight, ignoreIndex);
    return reduce(nll(rows.logits, rows), rows, reduction);
  }

  /**
   * What a loss of labels reads.
   *
   * @param logits [rows, c]
   * @param target INT64 [rows]
   * @param shape of the target, and of a result without reduction
   * @param ignored BOOL [rows], true for ignored rows; null if none is ignored
   * @param number how many rows count, if known
   * @param numbers FLOAT32 [], the same number on a device, if reading it would require a
   *     synchronisation
   * @param weights [rows], of the label of each row; null for 1
   */
  private record Rows(
      Tensor logits,
      Tensor target,
      long[] shape,
      Tensor ignored,
      long number,
      Tensor numbers,
      Tensor weights) {}

  /** Checks arguments; labels on a device are checked there when they are used. */
  private static Rows rows(
      String name, Tensor logits, Tensor labels, Tensor weight, long ignoreIndex) {
    checkRows(name, logits, labels);
    boolean batched = logits.dim() > 1;
    Tensor flat = batched ? logits : logits.unsqueeze(0);
    long c = flat.size(1);
    if (flat.dim() > 2) {
      flat = flat.movedim(1, -1);
      flat = flat.reshape(labels.numel(), c);
    }
    Tensor target = labels.to(DType.INT64).reshape(labels.numel());
    Tensor ignored = null;
    Tensor numbers = null;
    long number = -1;
    if (target.device() != Device.CPU) {
      ignored = target.eq(ignoreIndex);
      numbers = ignored.logicalNot().sum().to(DType.FLOAT32);
    } else {
      number = checkLabels(name, flat, target, ignoreIndex);
      ignored = number == target.numel() ? null : target.eq(ignoreIndex);
    }
    if (ignored != null) {
      target = Tensor.where(ignored, Tensor.zerosLike(target), target);
    }
    Tensor weights = null;
    if (weight != null) {
      checkWeight(name, weight, c);
      Tensor picked = weight.indexSelect(0, target);
      weights = ignored == null ? picked : Tensor.where(ignored, Tensor.zerosLike(picked), picked);
    }
    return new Rows(flat, target, labels.shape(), ignored, number, numbers, weights);
  }

  private static void checkWeight(String name, Tensor weight, long c) {
    if (weight.dim() != 1 || weight.numel() != c) {
      throw new IllegalArgumentException(
          message(
              "%s: weight tensor should be defined either for all %s classes or no classes but got"
                  + " weight tensor of shape: %s",
              name, c, weight.shape()));
    }
  }

  private static Tensor nll(Tensor logProbs, Rows rows) {
    Tensor picked = logProbs.gather(1, rows.target.unsqueeze(1)).squeeze(1).neg();
    Tensor values = masked(picked, rows);
    return rows.weights == null ? values : values.mul(rows.weights);
  }

  private static Tensor masked(Tensor values, Rows rows) {
    return rows.ignored == null
        ? values
        : Tensor.where(rows.ignored, Tensor.zerosLike(values), values);
  }

  private static Tensor reduce(Tensor values, Rows rows, Reduction reduction) {
    if (reduction == Reduction.NONE) {
      return values.dim() == rows.shape.length ? values : values.reshape(rows.shape);
    } else if (reduction != Reduction.MEAN) {
      return reduce(values, reduction);
    } else if (rows.weights != null) {
      return values.sum().div(rows.weights.sum());
    }
    return rows.numbers == null
        ? values.sum().div(rows.number)
        : dividedBy(values.sum(), rows.numbers);
  }

  /** Reduces the values of a loss. */
  static Tensor reduce(Tensor values, Reduction reduction) {
    return switch (reduction) {
      case NONE -> values;
      case SUM -> values.sum();
      case MEAN -> values.mean();
      case BATCH_MEAN ->
          throw new IllegalArgumentException(
              "loss: batchmean is not a valid value for reduction; klDiv alone takes it");
    };
  }

  /** Divides a sum by a number; in FLOAT32 if the sum has a 16-bit type. */
  private static Tensor dividedBy(Tensor sum, Tensor number) {
    DType type = sum.dtype();
    DType wide = type.isHalf() ? DType.FLOAT32 : type;
    return sum.to(wide).div(number.to(wide)).to(type);
  }

  private static void checkRows(String name, Tensor logits, Tensor target) {
    long[] shape = logits.shape();
    boolean fits = shape.length > 0;
    if (fits) {
      long[] rows = shape.length == 1 ? new long[0] : new long[shape.length - 1];
      for (int d = 0, at = 0; d < shape.length && rows.length > 0; d++) {
        if (d != 1) {
          rows[at++] = shape[d];
        }
      }
      fits = Arrays.equals(rows, target.shape());
    }
    if (!fits) {
      throw new IllegalArgumentException(
          message(
              "%s: logits must be [n, c, ..] and target [n, ..]; got logits %s, target %s",
              name, shape, target.shape()));
    }
    if (!logits.dtype().isFloatingPoint() || !target.dtype().isIntegral()) {
      throw new IllegalArgumentException(
          message(
              "%s: logits must be of a floating-point type and target of an integer type; got %s,"
                  + " %s",
              name, logits.dtype(), target.dtype()));
    }
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
