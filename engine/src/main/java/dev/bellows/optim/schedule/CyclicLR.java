package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;

/**
 * Moves the rates up and down between baseLr and maxLr, and the momentum (or beta1) the other way
 * between maxMomentum and baseMomentum. The height of a cycle is scaled: not at all (TRIANGULAR),
 * halved from cycle to cycle (TRIANGULAR2), or by gamma to the power of the epoch (EXP_RANGE).
 * Defaults: stepSizeUp 2000, stepSizeDown as stepSizeUp, TRIANGULAR, gamma 1, momentum cycled
 * between 0.8 and 0.9. Source: Smith, Cyclical Learning Rates for Training Neural Networks, 2017;
 * PyTorch's {@code torch.optim.lr_scheduler.CyclicLR}.
 */
public final class CyclicLR extends LRScheduler {
  private final Options options;
  private final double[] maxLrs;
  private final double totalSize;
  private final double ratio;
  private final Momentum momentum;

  /** How the height of a cycle is scaled. */
  public enum Mode {
    /** Not at all. */
    TRIANGULAR,
    /** Halved from cycle to cycle. */
    TRIANGULAR2,
    /** By gamma to the power of the epoch. */
    EXP_RANGE
  }

  /** Cycles all groups between two rates, with the other defaults. */
  public CyclicLR(Optimizer optimizer, double baseLr, double maxLr) {
    this(optimizer, options().baseLr(baseLr).maxLr(maxLr));
  }

  /**
   * Cycles as the options say.
   *
   * @throws IllegalArgumentException if there is neither one value for all groups nor one for each,
   *     or the optimizer has no momentum to cycle
   */
  public CyclicLR(Optimizer optimizer, Options options) {
    super(prepared(optimizer, options));
    this.options = options.copy();
    setBaseLrs(States.forGroups("base_lr", groups(), options.baseLr));
    maxLrs = States.forGroups("max_lr", groups(), options.maxLr);
    double up = options.stepSizeUp;
    totalSize = up + (options.stepSizeDown == 0 ? up : options.stepSizeDown);
    ratio = up / totalSize;
    momentum = options.cycleMomentum ? new Momentum(optimizer) : null;
    start();
  }

  private static Optimizer prepared(Optimizer optimizer, Options options) {
    double[] base = States.forGroups("base_lr", optimizer.groups().size(), options.baseLr);
    for (int group = 0; group < base.length; group++) {
      optimizer.groups().get(group).setLr(base[group]);
    }
    return optimizer;
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected double lr(int group) {
    double cycle = Math.floor(1 + lastEpoch() / totalSize);
    double x = 1 + lastEpoch() / totalSize - cycle;
    double height = (x <= ratio ? x / ratio : (x - 1) / (ratio - 1));
    if (options.mode == Mode.TRIANGULAR2) {
      height /= StrictMath.pow(2, cycle - 1);
    } else if (options.mode == Mode.EXP_RANGE) {
      height *= StrictMath.pow(options.gamma, lastEpoch());
    }
    if (momentum != null) {
      double range = options.maxMomentum - options.baseMomentum;
      momentum.set(group(group), options.maxMomentum - range * height);
    }
    return baseLr(group) + (maxLrs[group] - baseLr(group)) * height;
  }

  /** Options of {@link CyclicLR}; each method changes these options and returns them. */
  public static final class Options implements Cloneable {
    private double[] baseLr = {};
    private double[] maxLr = {};
    private long stepSizeUp = 2000;
    private long stepSizeDown;
    private Mode mode = Mode.TRIANGULAR;
    private double gamma = 1;
    private boolean cycleMomentum = true;
    private double baseMomentum = 0.8;
    private double maxMomentum = 0.9;

    private Options() {}

    private Options copy() {
      try {
        return (Options) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Sets the lowest rate of all groups, or of each. */
    public Options baseLr(double... lr) {
      baseLr = lr.clone();
      return this;
    }

    /** Sets the highest rate of all groups, or of each. */
    public Options maxLr(double... lr) {
      maxLr = lr.clone();
      return this;
    }

    /** Sets the epochs of the way up, and of the way down unless it has its own; default 2000. */
    public Options stepSizeUp(long epochs) {
      stepSizeUp = epochs;
      return this;
    }

    /** Sets the epochs of the way down. */
    public Options stepSizeDown(long epochs) {
      stepSizeDown = epochs;
      return this;
    }

    /** Sets how the height is scaled; default TRIANGULAR. */
    public Options mode(Mode value) {
      mode = value;
      return this;
    }

    /** Sets the base of EXP_RANGE; default 1. */
    public Options gamma(double value) {
      gamma = value;
      return this;
    }

    /** Sets whether momentum or beta1 is cycled; default true. */
    public Options cycleMomentum(boolean cycle) {
      cycleMomentum = cycle;
      return this;
    }

    /** Sets the momentum at the highest and at the lowest rate; default 0.8 and 0.9. */
    public Options momentum(double base, double max) {
      baseMomentum = base;
      maxMomentum = max;
      return this;
    }
  }
}
