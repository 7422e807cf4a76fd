package dev.bellows.optim.schedule;

import static dev.bellows.errors.Messages.message;

import dev.bellows.optim.Optimizer;

/**
 * Raises the rates from maxLr/divFactor to maxLr in the part pctStart of all steps, then lowers
 * them to maxLr/divFactor/finalDivFactor; the momentum (or beta1) goes the other way between
 * maxMomentum and baseMomentum. In three phases the way down ends at maxLr/divFactor first, after
 * as many steps as the way up. Steps are counted with {@link #step()} after each optimizer step.
 * Defaults: pctStart 0.3, COS, momentum cycled between 0.85 and 0.95, divFactor 25, finalDivFactor
 * 1e4, two phases. Source: Smith and Topin, Super-Convergence, 2018; PyTorch's {@code
 * torch.optim.lr_scheduler.OneCycleLR}.
 */
public final class OneCycleLR extends LRScheduler {
  private final Options options;
  private final double[] maxLrs;
  private final Momentum momentum;
  private final double[] ends;

  /** The shape of a phase. */
  public enum Anneal {
    /** Half a cosine. */
    COS,
    /** A line. */
    LINEAR;

    double between(double start, double end, double part) {
      return this == LINEAR
          ? (end - start) * part + start
          : end + (start - end) / 2 * (StrictMath.cos(Math.PI * part) + 1);
    }
  }

  /** Makes one cycle of totalSteps for all groups, with the other defaults. */
  public OneCycleLR(Optimizer optimizer, double maxLr, long totalSteps) {
    this(optimizer, options().maxLr(maxLr).totalSteps(totalSteps));
  }

  /**
   * Makes one cycle as the options say.
   *
   * @throws IllegalArgumentException if totalSteps is not positive, pctStart not in [0, 1], there
   *     is neither one maxLr for all groups nor one for each, or the optimizer has no momentum to
   *     cycle
   */
  public OneCycleLR(Optimizer optimizer, Options options) {
    super(optimizer);
    if (options.totalSteps <= 0) {
      throw new IllegalArgumentException(
          "Expected positive integer total_steps, but got " + options.totalSteps);
    }
    if (!(options.pctStart >= 0 && options.pctStart <= 1)) {
      throw new IllegalArgumentException(
          "Expected float between 0 and 1 pct_start, but got " + options.pctStart);
    }
    this.options = options.copy();
    maxLrs = States.forGroups("max_lr", groups(), options.maxLr);
    momentum = options.cycleMomentum ? new Momentum(optimizer) : null;
    double[] first = new double[maxLrs.length];
    for (int group = 0; group < first.length; group++) {
      first[group] = maxLrs[group] / options.divFactor;
      group(group).setInitialLr(first[group]);
    }
    setBaseLrs(first);
    double rise = options.pctStart * options.totalSteps;
    double last = options.totalSteps - 1;
    ends =
        options.threePhase
            ? new double[] {rise - 1, 2 * rise - 2, last}
            : new double[] {rise - 1, last};
    start();
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException after the last step
   */
  @Override
  public void step() {
    if (lastEpoch() >= options.totalSteps) {
      throw new IllegalStateException(
          message(
              "Tried to step %s times. The specified number of total steps is %s",
              lastEpoch() + 1, options.totalSteps));
    }
    super.step();
  }

  @Override
  protected double lr(int group) {
    double first = baseLr(group);
    double most = maxLrs[group];
    double least = first / options.finalDivFactor;
    double[] rates =
        options.threePhase
            ? new double[] {first, most, first, least}
            : new double[] {first, most, least};
    double high = options.maxMomentum;
    double low = options.baseMomentum;
    double[] momentums =
        options.threePhase ? new double[] {high, low, high, high} : new double[] {high, low, high};
    int phase = 0;
    while (phase < ends.length - 1 && lastEpoch() > ends[phase]) {
      phase++;
    }
    double begin = phase == 0 ? 0 : ends[phase - 1];
    double part = (lastEpoch() - begin) / (ends[phase] - begin);
    if (momentum != null) {
      momentum.set(
          group(group), options.anneal.between(momentums[phase], momentums[phase + 1], part));
    }
    // the step after the last one is beyond the line
    return Math.max(0, options.anneal.between(rates[phase], rates[phase + 1], part));
  }

  /** Options of {@link OneCycleLR}; each method changes these options and returns them. */
  public static final class Options implements Cloneable {
    private double[] maxLr = {};
    private long totalSteps;
    private double pctStart = 0.3;
    private Anneal anneal = Anneal.COS;
    private boolean cycleMomentum = true;
    private double baseMomentum = 0.85;
    private double maxMomentum = 0.95;
    private double divFactor = 25;
    private double finalDivFactor = 1e4;
    private boolean threePhase;

    private Options() {}

    private Options copy() {
      try {
        return (Options) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Sets the highest rate of all groups, or of each. */
    public Options maxLr(double... lr) {
      maxLr = lr.clone();
      return this;
    }

    /** Sets the number of steps of the cycle. */
    public Options totalSteps(long steps) {
      totalSteps = steps;
      return this;
    }

    /** Sets the number of steps of the cycle as that of some epochs. */
    public Options totalSteps(long epochs, long stepsPerEpoch) {
      return totalSteps(Math.multiplyExact(epochs, stepsPerEpoch));
    }

    /** Sets the part of the steps in which the rate rises, in [0, 1]; default 0.3. */
    public Options pctStart(double part) {
      pctStart = part;
      return this;
    }

    /** Sets the shape of the phases; default COS. */
    public Options anneal(Anneal shape) {
      anneal = shape;
      return this;
    }

    /** Sets whether momentum or beta1 is cycled; default true. */
    public Options cycleMomentum(boolean cycle) {
      cycleMomentum = cycle;
      return this;
    }

    /** Sets the momentum at the highest and at the lowest rate; default 0.85 and 0.95. */
    public Options momentum(double base, double max) {
      baseMomentum = base;
      maxMomentum = max;
      return this;
    }

    /** Sets maxLr / first rate; default 25. */
    public Options divFactor(double factor) {
      divFactor = factor;
      return this;
    }

    /** Sets first rate / last rate; default 1e4. */
    public Options finalDivFactor(double factor) {
      finalDivFactor = factor;
      return this;
    }

    /** Sets whether the rate returns to the first one before it falls below; default false. */
    public Options threePhase(boolean three) {
      threePhase = three;
      return this;
    }
  }
}
