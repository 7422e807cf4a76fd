package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.errors.TrainingException;

/** Thrown if a loss is NaN or infinite. */
public final class NonFiniteLossException extends TrainingException {
  private static final long serialVersionUID = 2L;

  NonFiniteLossException(StepPosition at, double value) {
    super(
        Category.USER,
        message(
            "train: loss must be finite; %s gave %s for %s. Lower the learning rate, clip"
                + " gradients, check the inputs for NaN, or go on with nonFinite(IGNORE).",
            at.describe(), value, StepPosition.describeRows(at.rows())));
  }
}
