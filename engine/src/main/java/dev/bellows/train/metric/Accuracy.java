package dev.bellows.train.metric;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;

/** The part of rows whose class is among those of the k largest scores. */
public final class Accuracy extends Counts {
  private final int k;

  /** Creates the metric of the largest score alone. */
  public Accuracy() {
    this(1);
  }

  /** Creates the metric of the {@code k} largest scores, at least 1. */
  public Accuracy(int k) {
    super(2);
    this.k = ClassCounts.atLeast("Accuracy: k", 1, k);
  }

  /**
   * Collects a batch. Of equal scores those of lower classes come first; NaN is larger than all
   * numbers, as in {@code argmax}.
   *
   * @param predictions scores [n, classes]
   * @param targets classes [n], whole numbers
   */
  @Override
  public void update(Tensor predictions, Tensor targets) {
    if (predictions.dim() != 2
        || targets.dim() != 1
        || targets.dtype().isFloatingPoint()
        || predictions.size(0) != targets.size(0)
        || predictions.size(1) < k) {
      throw refusal(
          message("predictions must be scores [n, classes >= %s], targets classes [n]", k),
          predictions,
          targets);
    }
    long[] truth = targets.toLongArray();
    int classes = (int) predictions.size(1);
    for (long label : truth) {
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            message("Accuracy: targets must be classes in [0, %s); got %s", classes, label));
      }
    }
    counts[0] += k == 1 ? largest(predictions, truth) : amongLargest(predictions, truth);
    counts[1] += truth.length;
  }

  private static long largest(Tensor predictions, long... truth) {
    long[] guess = truth.length == 0 ? truth : predictions.argmax(1, false).toLongArray();
    long right = 0;
    for (int i = 0; i < truth.length; i++) {
      right += guess[i] == truth[i] ? 1 : 0;
    }
    return right;
  }

  private long amongLargest(Tensor predictions, long... truth) {
    double[] scores = predictions.toDoubleArray();
    int classes = (int) predictions.size(1);
    long right = 0;
    for (int i = 0; i < truth.length; i++) {
      right += rank(scores, i * classes, classes, (int) truth[i]) < k ? 1 : 0;
    }
    return right;
  }

  /** Returns how many classes of a row come before one. */
  private static int rank(double[] scores, int row, int classes, int truth) {
    double own = scores[row + truth];
    int rank = 0;
    for (int c = 0; c < classes; c++) {
      double other = scores[row + c];
      boolean equal = other == own || Double.isNaN(other) && Double.isNaN(own);
      boolean larger = other > own || Double.isNaN(other) && !Double.isNaN(own);
      rank += larger || equal && c < truth ? 1 : 0;
    }
    return rank;
  }

  @Override
  public double compute() {
    return (double) counts[0] / counts[1];
  }

  @Override
  public String toString() {
    return k == 1 ? "Accuracy" : message("Accuracy(%s)", k);
  }
}
