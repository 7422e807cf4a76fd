package dev.bellows.train.metric;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;

/** Counts how often each class was predicted for rows of each true class. */
public final class ConfusionMatrix extends ClassCounts {
  /** Their square is the longest array of counts. */
  private static final int MOST = 46_340;

  /** Creates the metric of rows of {@code classes} classes, at least 2. */
  public ConfusionMatrix(int classes) {
    super(ClassCounts.atLeast("ConfusionMatrix: classes", 2, classes), pairs(classes));
  }

  private static int pairs(int classes) {
    if (classes > MOST) {
      throw new IllegalArgumentException(
          message("ConfusionMatrix: classes must be at most %s; got %s", MOST, classes));
    }
    return classes * classes;
  }

  @Override
  void count(int truth, int guess) {
    counts[truth * classes + guess]++;
  }

  @Override
  public String toString() {
    return message("ConfusionMatrix(%s)", classes);
  }

  /** Returns the counts, INT64 [true class, predicted class]. */
  public Tensor matrix() {
    return Tensor.of(counts, classes, classes);
  }

  /** Computes the part of rows whose class was predicted. */
  @Override
  public double compute() {
    long right = 0;
    long all = 0;
    for (int i = 0; i < counts.length; i++) {
      all += counts[i];
      right += i % (classes + 1) == 0 ? counts[i] : 0;
    }
    return (double) right / all;
  }
}
