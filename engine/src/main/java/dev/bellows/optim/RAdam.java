package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Rectified Adam: m and v as in {@link Adam}; with ρ∞ = 2/(1 − beta2) − 1 and ρ = ρ∞ − 2t·beta2ᵗ/(1
 * − beta2ᵗ), the step is lr·m̂ while ρ ≤ 5, and then r·lr·m̂·√(1 − beta2ᵗ)/(√v + eps) with r = √((ρ
 * − 4)(ρ − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρ)). State as for Adam. Defaults: lr 1e-3, betas 0.9 and 0.999,
 * eps 1e-8, weightDecay 0. Source: Liu et al., On the Variance of the Adaptive Learning Rate and
 * Beyond, 2020; PyTorch's {@code torch.optim.RAdam}.
 */
public final class RAdam extends Optimizer {
  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public RAdam(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public RAdam(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private RAdam(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static RAdam ofGroups(List<ParamGroup> groups, Options defaults) {
    return new RAdam(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireMomentOptions(o);
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
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    long step = state.nextStep();
    Tensor g = WeightDecay.apply(parameter, grad, group, group.isOn("decoupledWeightDecay"));
    Moments moments = Moments.update(parameter, g, group, state);
    double lr = group.lr() / (1 - StrictMath.pow(group.get("beta1"), step));
    double power = StrictMath.pow(group.get("beta2"), step);
    double most = 2 / (1 - group.get("beta2")) - 1;
    double rho = most - 2 * step * power / (1 - power);
    if (rho > 5) {
      double rect = (rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho);
      Tensor root = moments.v().sqrt().add_(group.get("eps"));
      parameter.addcdiv_(moments.m(), root, -lr * Math.sqrt(1 - power) * Math.sqrt(rect));
    } else {
      parameter.add_(moments.m(), -lr);
    }
  }

  /** Options of {@link RAdam}; each method changes these options and returns them. */
  public static final class Options extends AdamOptions<Options> {
    private Options() {
      super(1e-3, 0.9, 0.999, 1e-8, 0);
      declare("maximize", false);
      declare("decoupledWeightDecay", false);
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
