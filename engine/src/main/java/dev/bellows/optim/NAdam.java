package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Adam with Nesterov momentum: m and v as in {@link Adam}; μ(t) = beta1·(1 −
 * ½·0.96^(t·momentumDecay)), p ← p·μ(t), and θ ← θ − lr·((1 − μ(t))/(1 − p)·g + μ(t + 1)/(1 − p·μ(t
 * + 1))·m)/(√(v/(1 − beta2ᵗ)) + eps). State per parameter: {@code exp_avg} (m), {@code exp_avg_sq}
 * (v), {@code mu_product} (p), and the step. Defaults: lr 2e-3, betas 0.9 and 0.999, eps 1e-8,
 * weightDecay 0, momentumDecay 4e-3. Source: Dozat, Incorporating Nesterov Momentum into Adam,
 * 2016; PyTorch's {@code torch.optim.NAdam}.
 */
public final class NAdam extends Optimizer {
  private static final String PRODUCT = "mu_product";

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public NAdam(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public NAdam(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private NAdam(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static NAdam ofGroups(List<ParamGroup> groups, Options defaults) {
    return new NAdam(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireMomentOptions(o);
    requireNotNegative("momentum_decay value", o, "momentumDecay");
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return List.of(Adam.M, Adam.V);
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
    return List.of(STEP, PRODUCT);
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    long step = state.nextStep();
    double mu = mu(group, step);
    double muNext = mu(group, step + 1);
    double product = state.number(PRODUCT, 1) * mu;
    state.setNumber(PRODUCT, product);
    Tensor g = WeightDecay.apply(parameter, grad, group, group.isOn("decoupledWeightDecay"));
    Moments moments = Moments.update(parameter, g, group, state);
    double correction = 1 - StrictMath.pow(group.get("beta2"), step);
    Tensor root = moments.v().div(correction).sqrt_().add_(group.get("eps"));
    parameter.addcdiv_(g, root, -group.lr() * (1 - mu) / (1 - product));
    parameter.addcdiv_(moments.m(), root, -group.lr() * muNext / (1 - product * muNext));
  }

  private static double mu(ParamGroup group, long step) {
    double decay = StrictMath.pow(0.96, step * group.get("momentumDecay"));
    return group.get("beta1") * (1 - 0.5 * decay);
  }

  /** Options of {@link NAdam}; each method changes these options and returns them. */
  public static final class Options extends AdamOptions<Options> {
    private Options() {
      super(2e-3, 0.9, 0.999, 1e-8, 0);
      declare("momentumDecay", 4e-3);
      declare("decoupledWeightDecay", false);
      declare("maximize", false);
    }

    /** Sets how fast the momentum rises to beta1, at least 0; default 4e-3. */
    public Options momentumDecay(double decay) {
      return set("momentumDecay", decay);
    }

    /**
     * Sets whether weight decay shrinks the parameter instead of adding to the gradient; default
     * false.
     */
    public Options decoupledWeightDecay(boolean decoupled) {
      return set("decoupledWeightDecay", decoupled);
    }
  }
}
