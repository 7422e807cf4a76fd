package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Adadelta: g = grad + weightDecay·θ; v ← rho·v + (1 − rho)·g²; d = √(u + eps)/√(v + eps)·g; u ←
 * rho·u + (1 − rho)·d²; θ ← θ − lr·d. State per parameter: {@code square_avg} (v), {@code
 * acc_delta} (u), and the step. Defaults: lr 1, rho 0.9, eps 1e-6, weightDecay 0. Source: Zeiler,
 * ADADELTA, 2012; PyTorch's {@code torch.optim.Adadelta}.
 */
public final class Adadelta extends Optimizer {
  private static final String SQUARES = "square_avg";
  private static final String DELTAS = "acc_delta";

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public Adadelta(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public Adadelta(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private Adadelta(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static Adadelta ofGroups(List<ParamGroup> groups, Options defaults) {
    return new Adadelta(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireNotNegative("learning rate", o, "lr");
    double rho = o.get("rho");
    if (!(rho >= 0 && rho <= 1)) {
      throw new IllegalArgumentException("Invalid rho value: " + rho);
    }
    requireNotNegative("epsilon value", o, "eps");
    requireNotNegative("weight_decay value", o, "weightDecay");
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return List.of(SQUARES, DELTAS);
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
    state.nextStep();
    double rho = group.get("rho");
    double eps = group.get("eps");
    Tensor g = WeightDecay.inGradient(parameter, grad, group);
    Tensor squares = state.zeros(SQUARES, parameter).mul_(rho).addcmul_(g, g, 1 - rho);
    Tensor deltas = state.zeros(DELTAS, parameter);
    Tensor delta = deltas.add(eps).sqrt_().div_(squares.add(eps).sqrt_()).mul_(g);
    deltas.mul_(rho).addcmul_(delta, delta, 1 - rho);
    parameter.add_(delta, -group.lr());
  }

  /** Options of {@link Adadelta}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1);
      declare("rho", 0.9);
      declare("eps", 1e-6);
      declare("weightDecay", 0);
      declare("maximize", false);
    }

    /** Sets the share of the running means that is kept at each step, in [0, 1]; default 0.9. */
    public Options rho(double rho) {
      return set("rho", rho);
    }

    /** Sets the term that keeps the quotient finite, at least 0. */
    public Options eps(double eps) {
      return set("eps", eps);
    }
  }
}
