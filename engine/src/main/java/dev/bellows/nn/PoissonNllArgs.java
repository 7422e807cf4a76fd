package dev.bellows.nn;

/**
 * Arguments of {@link Functional#poissonNllLoss}; each method returns changed arguments. Defaults:
 * the input is the logarithm of the mean, no term of the target alone, eps 1e-8, MEAN.
 *
 * @param logInput whether the input is the logarithm of the mean
 * @param full whether Stirling's approximation of ln(target!) is added where target &gt; 1
 * @param eps added to the mean before its logarithm is taken
 * @param reduction of the values
 */
public record PoissonNllArgs(boolean logInput, boolean full, double eps, Reduction reduction) {
  /** Returns arguments with all defaults. */
  public static PoissonNllArgs create() {
    return new PoissonNllArgs(true, false, 1e-8, Reduction.MEAN);
  }

  /** Returns arguments for inputs that are, or are not, logarithms of the mean. */
  public PoissonNllArgs logInput(boolean value) {
    return new PoissonNllArgs(value, full, eps, reduction);
  }

  /** Returns arguments with or without the approximation of ln(target!). */
  public PoissonNllArgs full(boolean value) {
    return new PoissonNllArgs(logInput, value, eps, reduction);
  }

  /** Returns arguments with another number added to the mean. */
  public PoissonNllArgs eps(double value) {
    return new PoissonNllArgs(logInput, full, value, reduction);
  }

  /** Returns arguments with another reduction. */
  public PoissonNllArgs reduction(Reduction value) {
    return new PoissonNllArgs(logInput, full, eps, value);
  }
}
