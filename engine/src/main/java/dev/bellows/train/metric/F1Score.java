package dev.bellows.train.metric;

/**
 * The harmonic mean of precision and recall of a class. Source: scikit-learn's {@code f1_score}.
 */
public final class F1Score extends ClassRates {
  /** Creates the metric of class 1 of two. */
  public F1Score() {
    this(2, Averaging.BINARY);
  }

  /**
   * Creates the metric.
   *
   * @param classes at least 2
   * @throws IllegalArgumentException if there are fewer, or other than 2 for {@link
   *     Averaging#BINARY}
   */
  public F1Score(int classes, Averaging averaging) {
    super(classes, averaging);
  }

  @Override
  double rate(double truePositives, double falsePositives, double falseNegatives) {
    return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
  }
}
