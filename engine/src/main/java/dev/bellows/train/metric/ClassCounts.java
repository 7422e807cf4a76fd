package dev.bellows.train.metric;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Counts of predicted and true classes. */
abstract class ClassCounts extends Counts {
  final int classes;

  ClassCounts(int classes, int number) {
    super(number);
    this.classes = classes;
  }

  /**
   * Collects a batch.
   *
   * @param predictions scores [n, classes, ..], of which the largest counts, the first of equal
   *     ones; or classes [n, ..] as whole numbers; or, for two classes, floating-point
   *     probabilities [n, ..] of class 1, which is predicted from 0.5 on
   * @param targets classes [n, ..] in [0, classes), whole numbers
   */
  @Override
  public final void update(Tensor predictions, Tensor targets) {
    boolean scores = predictions.dim() == targets.dim() + 1;
    long[] expected = targets.shape();
    if (scores && expected.length > 0) {
      expected = new long[predictions.dim()];
      expected[0] = targets.size(0);
      expected[1] = classes;
      System.arraycopy(targets.shape(), 1, expected, 2, targets.dim() - 1);
    }
    boolean probabilities = !scores && predictions.dtype().isFloatingPoint();
    if (targets.dim() == 0
        || targets.dtype().isFloatingPoint()
        || !Arrays.equals(expected, predictions.shape())
        || probabilities && classes != 2) {
      throw refusal(
          message(
              "predictions must be scores [n, %s, ..] or classes [n, ..], targets classes [n, ..]",
              classes),
          predictions,
          targets);
    }
    long[] truth = targets.toLongArray();
    long[] guess;
    if (scores) {
      guess = truth.length == 0 ? truth : predictions.argmax(1, false).toLongArray();
    } else if (probabilities) {
      guess = predictions.ge(0.5).toLongArray();
    } else {
      guess = predictions.toLongArray();
    }
    requireClasses("targets", truth);
    requireClasses("predictions", guess);
    for (int i = 0; i < truth.length; i++) {
      count((int) truth[i], (int) guess[i]);
    }
  }

  private void requireClasses(String what, long... values) {
    for (long value : values) {
      if (value < 0 || value >= classes) {
        throw new IllegalArgumentException(
            message(
                "%s: %s must be classes in [0, %s); got %s",
                getClass().getSimpleName(), what, classes, value));
      }
    }
  }

  /** Counts a row. */
  abstract void count(int truth, int guess);

  static int atLeast(String what, int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          message("%s must be at least %s; got %s", what, least, value));
    }
    return value;
  }
}
