package dev.bellows.optim.schedule;

import static dev.bellows.errors.Messages.message;

import dev.bellows.optim.Optimizer;
import dev.bellows.optim.ParamGroup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * Sets the learning rates of an optimizer's groups from one epoch to the next; an epoch is one call
 * of {@link #step()}, be it after each optimizer step or after each pass over the data. Making a
 * schedule sets the rates of epoch 0. Most schedules change the current rate instead of setting it,
 * so that several of one optimizer multiply. Source: PyTorch's {@code
 * torch.optim.lr_scheduler.LRScheduler}.
 *
 * <p>A schedule is a subclass with {@link #lr(int)}, whose constructor ends with {@link #start()}:
 *
 * <pre>{@code
 * final class Halving extends LRScheduler {
 *   Halving(Optimizer optimizer) {
 *     super(optimizer);
 *     start();
 *   }
 *
 *   protected double lr(int group) {
 *     return baseLr(group) / Math.pow(2, lastEpoch());
 *   }
 * }
 * }</pre>
 */
public abstract class LRScheduler {
  static final String LAST_EPOCH = "last_epoch";
  static final String STEP_COUNT = "_step_count";
  static final String BASE_LRS = "base_lrs";
  static final String LAST_LR = "_last_lr";

  private final Optimizer optimizer;
  private double[] baseLrs;
  private double[] lastLr;
  private long lastEpoch = -1;
  private long stepCount;
  private boolean initial;

  /**
   * Takes an optimizer, whose current learning rates become the base rates of this and of later
   * schedules; where it has had a schedule before, that one's base rates are taken.
   */
  protected LRScheduler(Optimizer optimizer) {
    this.optimizer = optimizer;
    optimizer.groups().forEach(group -> group.setInitialLr(group.initialLr()));
    this.baseLrs = optimizer.groups().stream().mapToDouble(ParamGroup::initialLr).toArray();
    this.lastLr = currentLrs();
  }

  /** Sets the rates of epoch 0; the last statement of a subclass's constructor. */
  protected final void start() {
    stepCount = 0;
    initial = true;
    try {
      step();
    } finally {
      initial = false;
    }
  }

  /**
   * Returns the rate of a group at {@link #lastEpoch()}; its current rate is still the one before.
   */
  protected abstract double lr(int group);

  /**
   * Returns the rate of a group from the base rate and the epoch alone, where there is a formula.
   */
  double closedForm(int group) {
    return lr(group);
  }

  /** Advances to the next epoch; called after the optimizer's step. */
  public void step() {
    stepCount++;
    advance();
    apply(this::lr);
  }

  /** Counts the next epoch. */
  void advance() {
    lastEpoch++;
  }

  /** Sets the rates of all groups. */
  final void apply(IntToDoubleFunction rate) {
    if (optimizer.groups().size() != baseLrs.length) {
      throw new IllegalStateException(
          message(
              "%s: the optimizer must keep its groups; it has %s now, %s when the schedule was"
                  + " made",
              getClass().getSimpleName(), optimizer.groups().size(), baseLrs.length));
    }
    double[] rates = new double[baseLrs.length];
    for (int group = 0; group < rates.length; group++) {
      rates[group] = rate.applyAsDouble(group);
    }
    for (int group = 0; group < rates.length; group++) {
      group(group).setLr(rates[group]);
    }
    noteRates();
  }

  /** Makes the initial step again, after {@link #undo()}. */
  void begin() {
    start();
  }

  /** Starts over at epoch 0, in the middle of a training. */
  void restart() {
    lastEpoch = 0;
    apply(this::closedForm);
  }

  /** Takes the initial step back, so that {@link #begin()} may follow. */
  void undo() {
    lastEpoch = -1;
  }

  final void noteRates() {
    lastLr = currentLrs();
  }

  private double[] currentLrs() {
    return optimizer.groups().stream().mapToDouble(ParamGroup::lr).toArray();
  }

  /** Returns the optimizer. */
  public final Optimizer optimizer() {
    return optimizer;
  }

  final void setLastLr(double... lrs) {
    lastLr = lrs;
  }

  final ParamGroup group(int index) {
    return optimizer.groups().get(index);
  }

  final int groups() {
    return optimizer.groups().size();
  }

  /** Returns the epoch, from 0. */
  public final long lastEpoch() {
    return lastEpoch;
  }

  final void setLastEpoch(long epoch) {
    lastEpoch = epoch;
  }

  final long stepCount() {
    return stepCount;
  }

  /** Returns whether the rates of epoch 0 are being set, by the constructor. */
  protected final boolean isInitial() {
    return initial;
  }

  /** Returns the rate that a group had before its first schedule. */
  protected final double baseLr(int group) {
    return baseLrs[group];
  }

  final void setBaseLrs(double... lrs) {
    baseLrs = lrs;
  }

  /** Returns the rate of each group that the last step set. */
  public final double[] getLastLr() {
    return lastLr.clone();
  }

  /**
   * Returns what the schedule needs to continue, by PyTorch's names: numbers, lists of numbers, and
   * such maps for schedules inside others. What the constructor was given is not part of it.
   */
  public Map<String, Object> stateDict() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put(BASE_LRS, States.list(baseLrs));
    state.put(LAST_EPOCH, lastEpoch);
    state.put(STEP_COUNT, stepCount);
    state.put(LAST_LR, States.list(lastLr));
    return state;
  }

  /**
   * Loads a saved state. The optimizer's rates are part of the optimizer's state. Unknown entries,
   * such as what PyTorch saves of the constructor's arguments, are passed over.
   *
   * @throws IllegalArgumentException if an entry is missing or of another type, or the number of
   *     groups differs
   */
  public void loadStateDict(Map<String, ?> state) {
    String name = getClass().getSimpleName();
    double[] base = States.numbers(name, state, BASE_LRS, baseLrs.length);
    double[] last = States.numbers(name, state, LAST_LR, baseLrs.length);
    long epoch = States.whole(name, state, LAST_EPOCH);
    stepCount = States.whole(name, state, STEP_COUNT);
    lastEpoch = epoch;
    baseLrs = base;
    lastLr = last;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(lastEpoch=" + lastEpoch + ")";
  }
}
