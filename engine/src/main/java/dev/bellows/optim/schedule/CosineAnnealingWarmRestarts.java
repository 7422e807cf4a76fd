package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;
import java.util.Map;

/**
 * Lowers the rates along half a cosine from the base rate to etaMin in t0 epochs, then starts over
 * with tMult times as many. Source: Loshchilov and Hutter, SGDR, 2017; PyTorch's {@code
 * torch.optim.lr_scheduler.CosineAnnealingWarmRestarts}.
 */
public final class CosineAnnealingWarmRestarts extends LRScheduler {
  private final long t0;
  private final long tMult;
  private final double etaMin;
  private double current;
  private double period;

  /** Falls to 0 in t0 epochs each time. */
  public CosineAnnealingWarmRestarts(Optimizer optimizer, long t0) {
    this(optimizer, t0, 1, 0);
  }

  /**
   * Falls to etaMin in t0 epochs at first.
   *
   * @throws IllegalArgumentException if t0 or tMult is not positive
   */
  public CosineAnnealingWarmRestarts(Optimizer optimizer, long t0, long tMult, double etaMin) {
    super(optimizer);
    if (t0 <= 0) {
      throw new IllegalArgumentException("Expected positive integer T_0, but got " + t0);
    }
    if (tMult < 1) {
      throw new IllegalArgumentException("Expected integer T_mult >= 1, but got " + tMult);
    }
    this.t0 = t0;
    this.tMult = tMult;
    this.etaMin = etaMin;
    this.period = t0;
    this.current = -1;
    start();
  }

  @Override
  protected double lr(int group) {
    double height = 1 + StrictMath.cos(Math.PI * current / period);
    return etaMin + (baseLr(group) - etaMin) * height / 2;
  }

  @Override
  void advance() {
    if (lastEpoch() < 0) {
      moveTo(0);
      return;
    }
    current++;
    if (current >= period) {
      current %= period;
      period *= tMult;
    }
    setLastEpoch(lastEpoch() + 1);
  }

  @Override
  void restart() {
    moveTo(0);
    apply(this::lr);
  }

  /**
   * Goes to a point in an epoch, as {@code step(epoch + i / (double) steps)} after each step.
   *
   * @throws IllegalArgumentException if epoch is negative
   */
  public void step(double epoch) {
    if (!(epoch >= 0)) {
      throw new IllegalArgumentException("Expected non-negative epoch, but got " + epoch);
    }
    moveTo(epoch);
    apply(this::lr);
  }

  private void moveTo(double epoch) {
    period = t0;
    current = epoch;
    if (tMult == 1) {
      current = epoch % t0;
    } else {
      while (current >= period) {
        current -= period;
        period *= tMult;
      }
    }
    setLastEpoch((long) Math.floor(epoch));
  }

  @Override
  public Map<String, Object> stateDict() {
    Map<String, Object> state = super.stateDict();
    state.put("T_i", period);
    state.put("T_cur", current);
    return state;
  }

  @Override
  public void loadStateDict(Map<String, ?> state) {
    double savedPeriod = States.number("CosineAnnealingWarmRestarts", state, "T_i");
    double savedCurrent = States.number("CosineAnnealingWarmRestarts", state, "T_cur");
    super.loadStateDict(state);
    period = savedPeriod;
    current = savedCurrent;
  }
}
