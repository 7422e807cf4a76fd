package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;

/**
 * Moves the rates to swaLr in annealEpochs epochs, and keeps them there while weights are averaged
 * ({@link dev.bellows.optim.AveragedModel}). Source: Izmailov et al., Averaging Weights Leads to
 * Wider Optima, 2018; PyTorch's {@code torch.optim.swa_utils.SWALR}.
 */
public final class SWALR extends LRScheduler {
  private final double[] swaLrs;
  private final long annealEpochs;
  private final boolean linear;

  /** Moves along half a cosine in 10 epochs; one rate for all groups, or one for each. */
  public SWALR(Optimizer optimizer, double... swaLr) {
    this(optimizer, 10, OneCycleLR.Anneal.COS, swaLr);
  }

  /**
   * Moves in some epochs; one rate for all groups, or one for each.
   *
   * @throws IllegalArgumentException if annealEpochs is negative, or the number of rates is neither
   *     1 nor that of the groups
   */
  public SWALR(Optimizer optimizer, long annealEpochs, OneCycleLR.Anneal anneal, double... swaLr) {
    super(optimizer);
    if (annealEpochs < 0) {
      throw new IllegalArgumentException(
          "anneal_epochs must be equal or greater than 0, got " + annealEpochs);
    }
    this.swaLrs = States.forGroups("swa_lr", groups(), swaLr);
    this.annealEpochs = annealEpochs;
    this.linear = anneal == OneCycleLR.Anneal.LINEAR;
    start();
  }

  @Override
  protected double lr(int group) {
    long step = stepCount() - 1;
    if (annealEpochs == 0) {
      step = Math.max(1, step);
    }
    double before = weight(step - 1);
    double rate = group(group).lr();
    double first = before == 1 ? swaLrs[group] : (rate - before * swaLrs[group]) / (1 - before);
    double weight = weight(step);
    return swaLrs[group] * weight + first * (1 - weight);
  }

  private double weight(long step) {
    double part = Math.max(0, Math.min(1, (double) step / Math.max(1, annealEpochs)));
    return linear ? part : (1 - StrictMath.cos(Math.PI * part)) / 2;
  }
}
