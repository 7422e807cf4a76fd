package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Averaged gradient descent: g = grad + weightDecay·θ; θ ← (1 − lambd·η)·θ − η·g; ax ← ax + μ·(θ −
 * ax) (ax = θ while μ = 1); then η = lr/(1 + lambd·lr·t)^alpha and μ = 1/max(1, t − t0). State per
 * parameter: the step, {@code eta} (η, at first lr), {@code mu} (μ, at first 1) and {@code ax}, the
 * averaged parameter. Defaults: lr 1e-2, lambd 1e-4, alpha 0.75, t0 1e6, weightDecay 0. Source:
 * Polyak and Juditsky, Acceleration of stochastic approximation by averaging, 1992; PyTorch's
 * {@code torch.optim.ASGD}.
 */
public final class ASGD extends Optimizer {
  private static final String ETA = "eta";
  private static final String MU = "mu";
  private static final String AVERAGE = "ax";

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public ASGD(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public ASGD(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private ASGD(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static ASGD ofGroups(List<ParamGroup> groups, Options defaults) {
    return new ASGD(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireNotNegative("learning rate", o, "lr");
    requireNotNegative("weight_decay value", o, "weightDecay");
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return List.of(AVERAGE);
  }

  @Override
  protected boolean countsSteps() {
    return true;
  }

  @Override
  protected boolean isElementwise() {
    return true;
  }

  @Override
  List<String> stateNumbers() {
    return List.of(STEP, ETA, MU);
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    double lr = group.lr();
    double lambd = group.get("lambd");
    double eta = state.number(ETA, lr);
    double mu = state.number(MU, 1);
    long step = state.nextStep();
    Tensor g = WeightDecay.inGradient(parameter, grad, group);
    Tensor average = state.zeros(AVERAGE, parameter);
    parameter.mul_(1 - lambd * eta).add_(g, -eta);
    if (mu == 1) {
      average.copy_(parameter);
    } else {
      average.add_(parameter.sub(average), mu);
    }
    state.setNumber(ETA, lr / StrictMath.pow(1 + lambd * lr * step, group.get("alpha")));
    state.setNumber(MU, 1 / Math.max(1, step - group.get("t0")));
  }

  /** Options of {@link ASGD}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1e-2);
      declare("lambd", 1e-4);
      declare("alpha", 0.75);
      declare("t0", 1e6);
      declare("weightDecay", 0);
      declare("maximize", false);
    }

    /** Sets the decay term; default 1e-4. */
    public Options lambd(double lambd) {
      return set("lambd", lambd);
    }

    /** Sets the power by which η falls; default 0.75. */
    public Options alpha(double alpha) {
      return set("alpha", alpha);
    }

    /** Sets the step at which averaging starts; default 1e6. */
    public Options t0(double t0) {
      return set("t0", t0);
    }
  }
}
