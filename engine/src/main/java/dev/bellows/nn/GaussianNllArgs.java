package dev.bellows.nn;

/**
 * Arguments of {@link Functional#gaussianNllLoss}; each method returns changed arguments. Defaults:
 * no constant term, eps 1e-6, MEAN.
 *
 * @param full whether the constant is added
 * @param eps least variance, positive
 * @param reduction of the values
 */
public record GaussianNllArgs(boolean full, double eps, Reduction reduction) {
  /** Returns arguments with all defaults. */
  public static GaussianNllArgs create() {
    return new GaussianNllArgs(false, 1e-6, Reduction.MEAN);
  }

  /** Returns arguments with or without the constant. */
  public GaussianNllArgs full(boolean value) {
    return new GaussianNllArgs(value, eps, reduction);
  }

  /** Returns arguments with another least variance. */
  public GaussianNllArgs eps(double value) {
    return new GaussianNllArgs(full, value, reduction);
  }

  /** Returns arguments with another reduction. */
  public GaussianNllArgs reduction(Reduction value) {
    return new GaussianNllArgs(full, eps, value);
  }
}
