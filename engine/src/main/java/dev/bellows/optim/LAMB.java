package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * LAMB: m̂ and v̂ as in {@link Adam}, u = m̂/(√v̂ + eps) + weightDecay·θ, θ ← θ − lr·r·u with the
 * trust ratio r = ‖θ‖/‖u‖ of the whole parameter, 1 if either norm is 0. State as for Adam.
 * Defaults: lr 1e-3, betas 0.9 and 0.999, eps 1e-6, weightDecay 0.01. Each parameter is a layer, so
 * the optimizer cannot be sharded. Source: You et al., Large Batch Optimization for Deep Learning,
 * 2020, algorithm 2.
 */
public final class LAMB extends Optimizer {
  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public LAMB(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public LAMB(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private LAMB(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static LAMB ofGroups(List<ParamGroup> groups, Options defaults) {
    return new LAMB(defaults, groups);
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
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    long step = state.nextStep();
    Moments moments = Moments.update(parameter, grad, group, state);
    double correction = 1 - StrictMath.pow(group.get("beta1"), step);
    double root = Math.sqrt(1 - StrictMath.pow(group.get("beta2"), step));
    Tensor update = moments.m().div(correction);
    update.div_(moments.v().sqrt().div_(root).add_(group.get("eps")));
    update = WeightDecay.inGradient(parameter, update, group);
    Tensor ratio = TrustRatio.of(parameter.norm(), update.norm());
    parameter.addcmul_(update, ratio, -group.lr());
  }

  /** Options of {@link LAMB}; each method changes these options and returns them. */
  public static final class Options extends AdamOptions<Options> {
    private Options() {
      super(1e-3, 0.9, 0.999, 1e-6, 0.01);
      declare("maximize", false);
    }
  }
}
