package dev.bellows.nn;

/**
 * Arguments of {@link Functional#ctcLoss}; each method returns changed arguments. Defaults: blank
 * 0, MEAN, infinite losses stay.
 *
 * @param blank class of the blank
 * @param reduction of the values
 * @param zeroInfinity whether infinite losses become 0
 */
public record CtcArgs(long blank, Reduction reduction, boolean zeroInfinity) {
  /** Returns arguments with all defaults. */
  public static CtcArgs create() {
    return new CtcArgs(0, Reduction.MEAN, false);
  }

  /** Returns arguments with another class of the blank. */
  public CtcArgs blank(long value) {
    return new CtcArgs(value, reduction, zeroInfinity);
  }

  /** Returns arguments with another reduction. */
  public CtcArgs reduction(Reduction value) {
    return new CtcArgs(blank, value, zeroInfinity);
  }

  /** Returns arguments with or without zeroes for infinite losses. */
  public CtcArgs zeroInfinity(boolean value) {
    return new CtcArgs(blank, reduction, value);
  }
}
