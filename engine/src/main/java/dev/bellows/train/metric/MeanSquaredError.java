package dev.bellows.train.metric;

/** The mean over elements of (prediction − target)². */
public final class MeanSquaredError extends ElementSums {
  /** Creates the metric. */
  public MeanSquaredError() {
    super(1);
  }

  @Override
  void add(double guess, double truth) {
    double error = guess - truth;
    sums[0].addProduct(error, error);
  }

  @Override
  public double compute() {
    return mean(0);
  }
}
