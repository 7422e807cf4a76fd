package dev.bellows.optim;

import dev.bellows.backend.AdamArgs;
import dev.bellows.ops.OptimizerSteps;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Adam: g = grad + weightDecay·θ; m ← beta1·m + (1 − beta1)·g; v ← beta2·v + (1 − beta2)·g²; θ ← θ
 * − lr·m̂ / (√v̂ + eps), with m̂ = m / (1 − beta1ᵗ) and v̂ = v / (1 − beta2ᵗ) at the parameter's
 * step t from 1. State per parameter: {@code exp_avg} (m) and {@code exp_avg_sq} (v), each of the
 * parameter's shape and type, and the step; with amsgrad also {@code max_exp_avg_sq}. Defaults: lr
 * 1e-3, betas 0.9 and 0.999, eps 1e-8, weightDecay 0. Source: Kingma and Ba, Adam, 2015, algorithm
 * 1; PyTorch's {@code torch.optim.Adam}.
 */
public class Adam extends Optimizer {
  static final String M = "exp_avg";
  static final String V = "exp_avg_sq";
  private static final String LARGEST_V = "max_exp_avg_sq";

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public Adam(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public Adam(List<? extends Tensor> parameters, Options options) {
    this(options, List.of(ParamGroup.of(parameters)));
  }

  Adam(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static Adam ofGroups(List<ParamGroup> groups, Options defaults) {
    return new Adam(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options(0);
  }

  /** Returns whether weight decay shrinks the parameter instead of adding to the gradient. */
  boolean decoupled() {
    return false;
  }

  @Override
  protected final void checkOptions(Map<String, Double> o) {
    requireMomentOptions(o);
  }

  @Override
  protected final List<String> stateNames(Map<String, Double> options) {
    return options.get("amsgrad") == 0 ? List.of(M, V) : List.of(M, V, LARGEST_V);
  }

  @Override
  protected final boolean countsSteps() {
    return true;
  }

  @Override
  protected final boolean isElementwise() {
    return true;
  }

  @Override
  protected final void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    AdamArgs args =
        new AdamArgs(
            group.lr(),
            group.get("beta1"),
            group.get("beta2"),
            group.get("eps"),
            group.get("weightDecay"),
            decoupled(),
            state.nextStep());
    if (group.isOn("amsgrad")) {
      amsgrad(parameter, grad, group, state, args);
      return;
    }
    OptimizerSteps.adam(
        parameter, grad, state.zeros(M, parameter), state.zeros(V, parameter), args);
  }

  private void amsgrad(
      Tensor parameter, Tensor grad, ParamGroup group, ParamState state, AdamArgs args) {
    Tensor decayed = WeightDecay.apply(parameter, grad, group, decoupled());
    Moments moments = Moments.update(parameter, decayed, group, state);
    Tensor largest = state.zeros(LARGEST_V, parameter);
    largest.copy_(largest.maximum(moments.v()));
    parameter.addcdiv_(
        moments.m(), largest.sqrt().div_(args.root()).add_(args.eps()), -args.stepSize());
  }

  /** Options of {@link Adam} and {@link AdamW}; each method changes them and returns them. */
  public static final class Options extends AdamOptions<Options> {
    Options(double weightDecay) {
      super(1e-3, 0.9, 0.999, 1e-8, weightDecay);
      declare("amsgrad", false);
      declare("maximize", false);
    }

    /**
     * Sets whether the step divides by the root of the largest v̂ so far instead of the last one
     * (Reddi et al., On the Convergence of Adam and Beyond, 2018); default false.
     */
    public Options amsgrad(boolean amsgrad) {
      return set("amsgrad", amsgrad);
    }
  }
}
