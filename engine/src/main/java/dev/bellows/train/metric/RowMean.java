package dev.bellows.train.metric;

import dev.bellows.tensor.Tensor;

/**
 * The mean over rows of a number that is summed batch by batch, such as a loss: Σ sums / Σ rows.
 * The sums are added without rounding. Source: torchmetrics' {@code MeanMetric}, with sums in place
 * of weighted means.
 */
public final class RowMean extends ElementSums {
  /** Creates the metric. */
  public RowMean() {
    super(2);
  }

  /**
   * Collects batches.
   *
   * @param sums of the number over the rows of each batch [..]
   * @param rows the number of rows of each batch, of the same shape
   */
  @Override
  public void update(Tensor sums, Tensor rows) {
    super.update(sums, rows);
  }

  @Override
  void add(double sum, double rows) {
    sums[0].add(sum);
    sums[1].add(rows);
  }

  /** Computes the mean of all rows so far; NaN of none. */
  @Override
  public double compute() {
    return sums[0].value() / sums[1].value();
  }
}
