package dev.bellows.train.metric;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;

/**
 * A metric that is collected batch by batch. What is collected is exact: counts, and sums without
 * rounding. So the result depends on the rows alone, not on their order, on batches or on how parts
 * were collected apart and merged.
 *
 * <p>Not safe for use by several threads.
 */
public abstract class RunningMetric {
  /** Creates a metric that has seen no rows. */
  protected RunningMetric() {}

  /**
   * Collects a batch.
   *
   * @param predictions of the model, as the metric says
   * @param targets the truth for each row
   * @throws IllegalArgumentException if shapes or types are not what the metric takes; the rows do
   *     not count then
   */
  public abstract void update(Tensor predictions, Tensor targets);

  /** Computes the metric of all rows so far; NaN where it is not defined, as of no rows. */
  public abstract double compute();

  /** Forgets all rows. */
  public abstract void reset();

  /** Returns what was collected, for {@link #mergeState} of another metric of the same options. */
  public abstract long[] state();

  /**
   * Adds what another metric collected.
   *
   * @throws IllegalArgumentException if the state is not of a metric with the same options
   */
  public abstract void mergeState(long... state);

  /**
   * Adds what another metric of the same class and options collected.
   *
   * @throws IllegalArgumentException if it is of another class or other options
   */
  public final void merge(RunningMetric other) {
    if (other.getClass() != getClass()) {
      throw new IllegalArgumentException(
          message(
              "%s.merge: metrics must be of one class; got %s",
              getClass().getSimpleName(), other.getClass().getSimpleName()));
    }
    mergeState(other.state());
  }

  /**
   * Returns the name of the class, and of most metrics the options; checkpoints of jobs have it.
   */
  @Override
  public String toString() {
    return getClass().getSimpleName();
  }

  /** Checks the length of a state. */
  final void requireLength(int length, long... state) {
    if (state.length != length) {
      throw new IllegalArgumentException(
          message(
              "%s.merge: states must be of metrics with the same options; got %s numbers, not %s",
              getClass().getSimpleName(), state.length, length));
    }
  }

  /** Returns an error of the arguments of {@link #update}. */
  final IllegalArgumentException refusal(String rule, Tensor predictions, Tensor targets) {
    return new IllegalArgumentException(
        message(
            "%s: %s; got predictions %s %s, targets %s %s",
            getClass().getSimpleName(),
            rule,
            predictions.dtype(),
            predictions.shape(),
            targets.dtype(),
            targets.shape()));
  }
}
