package dev.bellows.train.metric;

/**
 * The part of the rows of a class that were predicted. Source: scikit-learn's {@code recall_score}.
 */
public final class Recall extends ClassRates {
  /** Creates the metric of class 1 of two. */
  public Recall() {
    this(2, Averaging.BINARY);
  }

  /**
   * Creates the metric.
   *
   * @param classes at least 2
   * @throws IllegalArgumentException if there are fewer, or other than 2 for {@link
   *     Averaging#BINARY}
   */
  public Recall(int classes, Averaging averaging) {
    super(classes, averaging);
  }

  @Override
  double rate(double truePositives, double falsePositives, double falseNegatives) {
    return ratio(truePositives, truePositives + falseNegatives);
  }
}
