package dev.bellows.train.metric;

import static dev.bellows.errors.Messages.message;

/** A metric of each class that follows from its true and false positives and false negatives. */
abstract class ClassRates extends ClassCounts {
  private static final int PER_CLASS = 3;

  private final Averaging averaging;

  ClassRates(int classes, Averaging averaging) {
    super(ClassCounts.atLeast("classes", 2, classes), classes * PER_CLASS);
    this.averaging = averaging;
    if (averaging == Averaging.BINARY && classes != 2) {
      throw new IllegalArgumentException(
          message(
              "%s: BINARY must be of 2 classes, else choose another averaging; got %s",
              getClass().getSimpleName(), classes));
    }
  }

  @Override
  public final String toString() {
    return message("%s(%s, %s)", getClass().getSimpleName(), classes, averaging);
  }

  @Override
  final void count(int truth, int guess) {
    if (truth == guess) {
      counts[truth * PER_CLASS]++;
    } else {
      counts[guess * PER_CLASS + 1]++;
      counts[truth * PER_CLASS + 2]++;
    }
  }

  /** Returns the metric; 0 for no such rows, as scikit-learn's. */
  abstract double rate(double truePositives, double falsePositives, double falseNegatives);

  static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  private double ofClass(int c) {
    int at = c * PER_CLASS;
    return rate(counts[at], counts[at + 1], counts[at + 2]);
  }

  /** Returns the metric of each class; 0 where no row counts. */
  public final double[] perClass() {
    double[] rates = new double[classes];
    for (int c = 0; c < classes; c++) {
      rates[c] = ofClass(c);
    }
    return rates;
  }

  @Override
  public final double compute() {
    long[] sums = new long[PER_CLASS];
    for (int i = 0; i < counts.length; i++) {
      sums[i % PER_CLASS] += counts[i];
    }
    double rows = sums[0] + sums[2];
    if (rows == 0) {
      return Double.NaN;
    }
    double[] rates = perClass();
    double result = 0;
    switch (averaging) {
      case BINARY -> result = rates[1];
      case MICRO -> result = rate(sums[0], sums[1], sums[2]);
      case MACRO -> {
        int present = 0; // scikit-learn: classes that are neither true nor predicted do not count
        for (int c = 0; c < classes; c++) {
          int at = c * PER_CLASS;
          present += counts[at] + counts[at + 1] + counts[at + 2] > 0 ? 1 : 0;
          result += rates[c];
        }
        result /= present;
      }
      default -> {
        for (int c = 0; c < classes; c++) {
          result += rates[c] * (counts[c * PER_CLASS] + counts[c * PER_CLASS + 2]);
        }
        result /= rows;
      }
    }
    return result;
  }
}
