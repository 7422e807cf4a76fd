package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Adagrad: g = grad + weightDecay·θ; s ← s + g²; θ ← θ − lr/(1 + (t − 1)·lrDecay)·g/(√s + eps) at
 * the parameter's step t from 1. State per parameter: {@code sum} (s), which starts at
 * initialAccumulatorValue, and the step. Defaults: lr 1e-2, eps 1e-10, all else 0. Source: Duchi et
 * al., Adaptive Subgradient Methods, 2011; PyTorch's {@code torch.optim.Adagrad}.
 */
public final class Adagrad extends Optimizer {
  private static final String SUM = "sum";

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public Adagrad(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public Adagrad(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private Adagrad(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static Adagrad ofGroups(List<ParamGroup> groups, Options defaults) {
    return new Adagrad(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireNotNegative("learning rate", o, "lr");
    requireNotNegative("lr_decay value", o, "lrDecay");
    requireNotNegative("weight_decay value", o, "weightDecay");
    requireNotNegative("initial_accumulator_value value", o, "initialAccumulatorValue");
    requireNotNegative("epsilon value", o, "eps");
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return List.of(SUM);
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
    double lr = group.lr() / (1 + (state.nextStep() - 1) * group.get("lrDecay"));
    double first = group.get("initialAccumulatorValue");
    Tensor g = WeightDecay.inGradient(parameter, grad, group);
    Tensor sum = state.full(SUM, parameter, first).addcmul_(g, g, 1);
    parameter.addcdiv_(g, sum.sqrt().add_(group.get("eps")), -lr);
  }

  /** Options of {@link Adagrad}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1e-2);
      declare("lrDecay", 0);
      declare("eps", 1e-10);
      declare("weightDecay", 0);
      declare("initialAccumulatorValue", 0);
      declare("maximize", false);
    }

    /** Sets by how much the learning rate falls with the steps, at least 0; default 0. */
    public Options lrDecay(double lrDecay) {
      return set("lrDecay", lrDecay);
    }

    /** Sets the term that keeps the quotient finite, at least 0. */
    public Options eps(double eps) {
      return set("eps", eps);
    }

    /** Sets the sum of squares before the first step, at least 0; default 0. */
    public Options initialAccumulatorValue(double value) {
      return set("initialAccumulatorValue", value);
    }
  }
}
