package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Adamax: g = grad + weightDecay·θ; m ← beta1·m + (1 − beta1)·g; u ← max(beta2·u, |g| + eps); θ ← θ
 * − lr/(1 − beta1ᵗ)·m/u at the parameter's step t from 1. State per parameter: {@code exp_avg} (m),
 * {@code exp_inf} (u), and the step. Defaults: lr 2e-3, betas 0.9 and 0.999, eps 1e-8, weightDecay
 * 0. Source: Kingma and Ba, Adam, 2015, algorithm 2; PyTorch's {@code torch.optim.Adamax}.
 */
public final class Adamax extends Optimizer {
  private static final String LARGEST = "exp_inf";

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public Adamax(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public Adamax(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private Adamax(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static Adamax ofGroups(List<ParamGroup> groups, Options defaults) {
    return new Adamax(defaults, groups);
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
    return List.of(Adam.M, LARGEST);
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
    double beta1 = group.get("beta1");
    Tensor g = WeightDecay.inGradient(parameter, grad, group);
    Tensor m = state.zeros(Adam.M, parameter).lerp_(g, 1 - beta1);
    Tensor largest = state.zeros(LARGEST, parameter);
    largest.copy_(largest.mul_(group.get("beta2")).maximum(g.abs().add_(group.get("eps"))));
    double correction = 1 - StrictMath.pow(beta1, state.nextStep());
    parameter.addcdiv_(m, largest, -group.lr() / correction);
  }

  /** Options of {@link Adamax}; each method changes these options and returns them. */
  public static final class Options extends AdamOptions<Options> {
    private Options() {
      super(2e-3, 0.9, 0.999, 1e-8, 0);
      declare("maximize", false);
    }
  }
}
