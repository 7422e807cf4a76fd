package dev.bellows.nn;

/**
 * Arguments of {@link Functional#tripletMarginLoss}; each method returns changed arguments.
 * Defaults: margin 1, Euclidean distances, eps 1e-6, no swap, MEAN.
 *
 * @param margin positive
 * @param p of the norm
 * @param eps added to each difference
 * @param swap whether the distance of positive and negative counts, if it is the smaller one
 * @param reduction of the values
 */
public record TripletMarginArgs(
    double margin, double p, double eps, boolean swap, Reduction reduction) {
  /** Returns arguments with all defaults. */
  public static TripletMarginArgs create() {
    return new TripletMarginArgs(1, 2, 1e-6, false, Reduction.MEAN);
  }

  /** Returns arguments with another margin. */
  public TripletMarginArgs margin(double value) {
    return new TripletMarginArgs(value, p, eps, swap, reduction);
  }

  /** Returns arguments with distances of another norm. */
  public TripletMarginArgs p(double value) {
    return new TripletMarginArgs(margin, value, eps, swap, reduction);
  }

  /** Returns arguments with another number added to each difference. */
  public TripletMarginArgs eps(double value) {
    return new TripletMarginArgs(margin, p, value, swap, reduction);
  }

  /** Returns arguments with or without the distance of positive and negative. */
  public TripletMarginArgs swap(boolean value) {
    return new TripletMarginArgs(margin, p, eps, value, reduction);
  }

  /** Returns arguments with another reduction. */
  public TripletMarginArgs reduction(Reduction value) {
    return new TripletMarginArgs(margin, p, eps, swap, value);
  }
}
