package dev.bellows.train.metric;

/** The mean over elements of |prediction − target|. */
public final class MeanAbsoluteError extends ElementSums {
  /** Creates the metric. */
  public MeanAbsoluteError() {
    super(1);
  }

  @Override
  void add(double guess, double truth) {
    sums[0].add(Math.abs(guess - truth));
  }

  @Override
  public double compute() {
    return mean(0);
  }
}
