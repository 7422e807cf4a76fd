package dev.bellows.train.metric;

import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** A metric that follows from the number of elements and exact sums over them. */
abstract class ElementSums extends RunningMetric {
  final ExactSum[] sums;
  private long elements;

  ElementSums(int number) {
    sums = new ExactSum[number];
    Arrays.setAll(sums, i -> new ExactSum());
  }

  /**
   * Collects a batch.
   *
   * @param predictions [..], floating point
   * @param targets of the same shape
   */
  @Override
  public void update(Tensor predictions, Tensor targets) {
    if (!Arrays.equals(predictions.shape(), targets.shape())) {
      throw refusal("predictions and targets must have the same shape", predictions, targets);
    }
    double[] guesses = predictions.toDoubleArray();
    double[] truths = targets.toDoubleArray();
    for (int i = 0; i < truths.length; i++) {
      add(guesses[i], truths[i]);
    }
    count(truths.length);
  }

  /** Adds an element to the sums. */
  abstract void add(double guess, double truth);

  final void count(long more) {
    elements += more;
  }

  final long elements() {
    return elements;
  }

  /** Returns the mean of the terms of a sum; NaN of none. */
  final double mean(int sum) {
    return elements == 0 ? Double.NaN : sums[sum].value() / elements;
  }

  @Override
  public final void reset() {
    elements = 0;
    for (ExactSum sum : sums) {
      sum.reset();
    }
  }

  @Override
  public final long[] state() {
    long[] state = new long[1 + sums.length * ExactSum.LENGTH];
    state[0] = elements;
    for (int i = 0; i < sums.length; i++) {
      System.arraycopy(sums[i].state(), 0, state, 1 + i * ExactSum.LENGTH, ExactSum.LENGTH);
    }
    return state;
  }

  @Override
  public final void mergeState(long... state) {
    requireLength(1 + sums.length * ExactSum.LENGTH, state);
    elements += state[0];
    for (int i = 0; i < sums.length; i++) {
      sums[i].merge(state, 1 + i * ExactSum.LENGTH);
    }
  }
}
