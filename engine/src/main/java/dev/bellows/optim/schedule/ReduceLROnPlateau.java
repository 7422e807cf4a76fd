package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;
import java.io.Serializable;
import java.util.Map;

/**
 * Multiplies the rates by a factor once a metric has not improved for more than patience epochs.
 * Defaults: MIN, factor 0.1, patience 10, threshold 1e-4 relative to the best value, cooldown 0,
 * minLr 0, eps 1e-8. Source: PyTorch's {@code torch.optim.lr_scheduler.ReduceLROnPlateau}.
 */
public final class ReduceLROnPlateau extends LRScheduler {
  private static final String BEST = "best";
  private static final String BAD_EPOCHS = "num_bad_epochs";
  private static final String COOLDOWN = "cooldown_counter";

  private final Options options;
  private final double[] minLrs;
  private double best;
  private long badEpochs;
  private long cooldownLeft;

  /** Which values are better. */
  public enum Mode {
    /** Lower ones, as of a loss. */
    MIN,
    /** Higher ones, as of an accuracy. */
    MAX
  }

  /** Reduces with the defaults. */
  public ReduceLROnPlateau(Optimizer optimizer) {
    this(optimizer, options());
  }

  /**
   * Reduces as the options say.
   *
   * @throws IllegalArgumentException if factor is not below 1, or there is neither one minLr for
   *     all groups nor one for each
   */
  public ReduceLROnPlateau(Optimizer optimizer, Options options) {
    super(optimizer);
    if (!(options.factor < 1)) {
      throw new IllegalArgumentException("Factor should be < 1.0.; got " + options.factor);
    }
    this.options = options.copy();
    this.minLrs = States.forGroups("min_lr", groups(), options.minLr);
    this.best = worst();
    setLastEpoch(0);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  private double worst() {
    return options.mode == Mode.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
  }

  /**
   * Always fails.
   *
   * @throws IllegalStateException always: the metric is needed
   */
  @Override
  public void step() {
    throw new IllegalStateException(
        "ReduceLROnPlateau: step must be given the metric of the epoch: step(metric)");
  }

  @Override
  protected double lr(int group) {
    return group(group).lr();
  }

  /** Ends an epoch with the value of its metric; NaN is no improvement. */
  public void step(double metric) {
    advance();
    if (isBetter(metric)) {
      best = metric;
      badEpochs = 0;
    } else {
      badEpochs++;
    }
    if (cooldownLeft > 0) {
      cooldownLeft--;
      badEpochs = 0;
    }
    if (badEpochs > options.patience) {
      apply(this::reduced);
      cooldownLeft = options.cooldown;
      badEpochs = 0;
    }
    noteRates();
  }

  private double reduced(int group) {
    double rate = group(group).lr();
    double reduced = Math.max(rate * options.factor, minLrs[group]);
    return rate - reduced > options.eps ? reduced : rate;
  }

  private boolean isBetter(double metric) {
    double margin = options.threshold;
    if (options.mode == Mode.MIN) {
      return metric < (options.absolute ? best - margin : best * (1 - margin));
    }
    return metric > (options.absolute ? best + margin : best * (margin + 1));
  }

  @Override
  public Map<String, Object> stateDict() {
    Map<String, Object> state = super.stateDict();
    state.put(BEST, best);
    state.put(COOLDOWN, cooldownLeft);
    state.put(BAD_EPOCHS, badEpochs);
    return state;
  }

  @Override
  public void loadStateDict(Map<String, ?> state) {
    String name = "ReduceLROnPlateau";
    double savedBest = States.number(name, state, BEST);
    long savedCooldown = States.whole(name, state, COOLDOWN);
    long savedBad = States.whole(name, state, BAD_EPOCHS);
    long epoch = States.whole(name, state, LAST_EPOCH);
    setLastLr(States.numbers(name, state, LAST_LR, groups()));
    setLastEpoch(epoch);
    best = savedBest;
    cooldownLeft = savedCooldown;
    badEpochs = savedBad;
  }

  /** Options of {@link ReduceLROnPlateau}; each method changes these options and returns them. */
  public static final class Options implements Cloneable, Serializable {
    private static final long serialVersionUID = 1L;

    private Mode mode = Mode.MIN;
    private double factor = 0.1;
    private long patience = 10;
    private double threshold = 1e-4;
    private boolean absolute;
    private long cooldown;
    private double[] minLr = {0};
    private double eps = 1e-8;

    private Options() {}

    /** Returns a copy of these options. */
    public Options copy() {
      try {
        return (Options) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Sets which values are better; default MIN. */
    public Options mode(Mode value) {
      mode = value;
      return this;
    }

    /** Sets the factor of the rates, below 1; default 0.1. */
    public Options factor(double value) {
      factor = value;
      return this;
    }

    /** Sets how many epochs may pass without improvement; default 10. */
    public Options patience(long epochs) {
      patience = epochs;
      return this;
    }

    /** Sets the least improvement, as a part of the best value; default 1e-4. */
    public Options threshold(double part) {
      threshold = part;
      absolute = false;
      return this;
    }

    /** Sets the least improvement as a difference. */
    public Options absoluteThreshold(double difference) {
      threshold = difference;
      absolute = true;
      return this;
    }

    /** Sets how many epochs after a reduction are not counted; default 0. */
    public Options cooldown(long epochs) {
      cooldown = epochs;
      return this;
    }

    /** Sets the lowest rate of all groups, or of each; default 0. */
    public Options minLr(double... lr) {
      minLr = lr.clone();
      return this;
    }

    /** Sets the least change of a rate; smaller ones are left out; default 1e-8. */
    public Options eps(double least) {
      eps = least;
      return this;
    }
  }
}
