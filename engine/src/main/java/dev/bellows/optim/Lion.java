package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Lion: θ ← θ·(1 − lr·weightDecay) − lr·sign(beta1·m + (1 − beta1)·g); m ← beta2·m + (1 − beta2)·g.
 * State per parameter: {@code exp_avg} (m). Defaults: lr 1e-4, betas 0.9 and 0.99, weightDecay 0.
 * Source: Chen et al., Symbolic Discovery of Optimization Algorithms, 2023, algorithm 2.
 */
public final class Lion extends Optimizer {
  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public Lion(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public Lion(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private Lion(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static Lion ofGroups(List<ParamGroup> groups, Options defaults) {
    return new Lion(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireNotNegative("learning rate", o, "lr");
    requireBetas(o);
    requireNotNegative("weight_decay value", o, "weightDecay");
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return List.of(Adam.M);
  }

  @Override
  protected boolean isElementwise() {
    return true;
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    Tensor m = state.zeros(Adam.M, parameter);
    Tensor direction = m.lerp(grad, 1 - group.get("beta1")).sign_();
    WeightDecay.decoupled(parameter, group);
    parameter.add_(direction, -group.lr());
    m.lerp_(grad, 1 - group.get("beta2"));
  }

  /** Options of {@link Lion}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1e-4);
      declare("beta1", 0.9);
      declare("beta2", 0.99);
      declare("weightDecay", 0);
      declare("maximize", false);
    }

    /**
     * Sets the shares of m in the direction and in the next m, each in [0, 1); default 0.9, 0.99.
     */
    public Options betas(double beta1, double beta2) {
      return set("beta1", beta1).set("beta2", beta2);
    }
  }
}
