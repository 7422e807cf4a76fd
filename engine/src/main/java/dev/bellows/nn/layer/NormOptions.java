package dev.bellows.nn.layer;

/**
 * Options of {@link BatchNorm1d}, {@link InstanceNorm1d} and their forms for more dimensions; each
 * method changes these options and returns them. Defaults: eps 1e-5, momentum 0.1, FLOAT32; affine
 * and with running statistics for batch normalisation, neither for instance normalisation.
 */
public final class NormOptions extends LayerOptions<NormOptions> {
  private double eps = 1e-5;
  private Double momentum = 0.1;
  private boolean affine;
  private boolean trackRunningStats;

  NormOptions(boolean whole) {
    affine = whole;
    trackRunningStats = whole;
  }

  /** Sets what is added to the variance. */
  public NormOptions eps(double value) {
    eps = value;
    return this;
  }

  /**
   * Sets the part of a batch's statistics in the updated running ones; null makes the running ones
   * the mean over all batches.
   */
  public NormOptions momentum(Double value) {
    momentum = value;
    return this;
  }

  /** Sets whether weight and bias are learned. */
  public NormOptions affine(boolean value) {
    affine = value;
    return this;
  }

  /** Sets whether running statistics are kept and used in evaluation. */
  public NormOptions trackRunningStats(boolean value) {
    trackRunningStats = value;
    return this;
  }

  double eps() {
    return eps;
  }

  Double momentum() {
    return momentum;
  }

  boolean isAffine() {
    return affine;
  }

  boolean tracksRunningStats() {
    return trackRunningStats;
  }
}
