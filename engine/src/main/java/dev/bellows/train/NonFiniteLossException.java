package dev.bellows.train;

import dev.bellows.errors.TrainingException;

/** Thrown if a loss is NaN or infinite. */
public final class NonFiniteLossException extends TrainingException {
  private static final long serialVersionUID = 2L;

  NonFiniteLossException(StepPosition at, double value) {
    super(
        Category.USER,
        "train: loss must be finite; "
            + at.describe()
            + " gave "
            + value
            + " for "
            + StepPosition.describeRows(at.rows())
            + ". Lower the learning rate, clip gradients, check the inputs for NaN, or go on with"
            + " nonFinite(IGNORE).");
  }
}
