package dev.bellows.train;

/** A loss was NaN or infinite. */
public final class NonFiniteLossException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NonFiniteLossException(StepPosition at, double value) {
    super(
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
