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
 * parameter's shape and type, and the step. Defaults: lr 1e-3, betas 0.9 and 0.999, eps 1e-8,
 * weightDecay 0. Source: Kingma and Ba, Adam, 2015, algorithm 1; PyTorch's {@code
 * torch.optim.Adam}.
 */
public class Adam extends Optimizer {
  private static final String M = "exp_avg";
  private static final String V = "exp_avg_sq";

  /** One group with a learning rate and the other defaults. */
  public Adam(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * All parameters in one group.
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

  /** The defaults, to be changed one by one. */
  public static Options options() {
    return new Options(0);
  }

  /** Whether weight decay shrinks the parameter instead of adding to the gradient. */
  boolean decoupled() {
    return false;
  }

  @Override
  protected final void checkOptions(Map<String, Double> o) {
    requireNotNegative("learning rate", o, "lr");
    requireNotNegative("epsilon value", o, "eps");
    for (int i = 0; i < 2; i++) {
      double beta = o.get(i == 0 ? "beta1" : "beta2");
      if (!(beta >= 0 && beta < 1)) {
        throw new IllegalArgumentException(
            "Invalid beta parameter at index " + i + ": " + beta + " (must be in [0, 1))");
      }
    }
    requireNotNegative("weight_decay value", o, "weightDecay");
  }

  @Override
  protected final List<String> stateNames(Map<String, Double> options) {
    return List.of(M, V);
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
    Tensor m = state.zeros(M, parameter);
    Tensor v = state.zeros(V, parameter);
    OptimizerSteps.adam(
        parameter,
        grad,
        m,
        v,
        new AdamArgs(
            group.lr(),
            group.get("beta1"),
            group.get("beta2"),
            group.get("eps"),
            group.get("weightDecay"),
            decoupled(),
            state.nextStep()));
  }

  /** Options of {@link Adam} and {@link AdamW}; each method changes them and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    Options(double weightDecay) {
      declare("lr", 1e-3);
      declare("beta1", 0.9);
      declare("beta2", 0.999);
      declare("eps", 1e-8);
      declare("weightDecay", weightDecay);
    }

    /** Share of the running means that is kept at each step, each in [0, 1); 0.9 and 0.999. */
    public Options betas(double beta1, double beta2) {
      return set("beta1", beta1).set("beta2", beta2);
    }

    /** Keeps the quotient finite, at least 0; default 1e-8. */
    public Options eps(double eps) {
      return set("eps", eps);
    }

    /** Weight decay, at least 0; default 0 for Adam, 0.01 for AdamW. */
    public Options weightDecay(double weightDecay) {
      return set("weightDecay", weightDecay);
    }
  }
}
