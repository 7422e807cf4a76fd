package dev.bellows.train.metric;

/**
 * The part of predicted rows of a class that are of that class. Source: scikit-learn's {@code
 * precision_score}.
 */
public final class Precision extends ClassRates {
  /** Creates the metric of class 1 of two. */
  public Precision() {
    this(2, Averaging.BINARY);
  }

  /**
   * Creates the metric.
   *
   * @param classes at least 2
   * @throws IllegalArgumentException if there are fewer, or other than 2 for {@link
   *     Averaging#BINARY}
   */
  public Precision(int classes, Averaging averaging) {
    super(classes, averaging);
  }

  @Override
  double rate(double truePositives, double falsePositives, double falseNegatives) {
    return ratio(truePositives, truePositives + falsePositives);
  }
}
