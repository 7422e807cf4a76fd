package dev.bellows.train.metric;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The coefficient of determination: 1 − Σ(prediction − target)² / Σ(target − mean target)². It is
 * not defined for fewer than two elements; if all targets are equal it is 1 for exact predictions,
 * else 0. Source: scikit-learn's {@code r2_score}.
 */
public final class R2Score extends ElementSums {
  /** Creates the metric. */
  public R2Score() {
    super(3);
  }

  @Override
  void add(double guess, double truth) {
    double error = guess - truth;
    sums[0].addProduct(error, error);
    sums[1].add(truth);
    sums[2].addProduct(truth, truth);
  }

  @Override
  public double compute() {
    for (ExactSum sum : sums) {
      if (!sum.isFinite()) {
        return Double.NaN;
      }
    }
    if (elements() < 2) {
      return Double.NaN;
    }
    BigDecimal n = BigDecimal.valueOf(elements());
    BigDecimal sum = sums[1].exact();
    // n·Σt² − (Σt)² has no rounding, so nothing cancels
    BigDecimal total = sums[2].exact().multiply(n).subtract(sum.multiply(sum));
    BigDecimal residual = sums[0].exact().multiply(n);
    if (total.signum() <= 0) {
      return residual.signum() == 0 ? 1 : 0;
    }
    return BigDecimal.ONE.subtract(residual.divide(total, MathContext.DECIMAL128)).doubleValue();
  }
}
