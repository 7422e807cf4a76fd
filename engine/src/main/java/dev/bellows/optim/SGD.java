package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.SgdArgs;
import dev.bellows.ops.OptimizerSteps;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent: g = grad + weightDecay·θ; b ← momentum·b + (1 − dampening)·g (b = g
 * at the first step); θ ← θ − lr·d, where d is g without momentum, g + momentum·b if nesterov, else
 * b. State per parameter, only with momentum: {@code momentum_buffer}, of the parameter's shape and
 * type. Defaults: lr 1e-3, all else 0. Source: PyTorch's {@code torch.optim.SGD}.
 */
public final class SGD extends Optimizer {
  private static final String BUFFER = "momentum_buffer";

  /** Creates plain descent. */
  public SGD(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /** Creates descent with momentum. */
  public SGD(List<? extends Tensor> parameters, double lr, double momentum) {
    this(parameters, options().lr(lr).momentum(momentum));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public SGD(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private SGD(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static SGD ofGroups(List<ParamGroup> groups, Options defaults) {
    return new SGD(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireNotNegative("learning rate", o, "lr");
    requireNotNegative("momentum value", o, "momentum");
    requireNotNegative("weight_decay value", o, "weightDecay");
    checkNesterov(o);
  }

  static void checkNesterov(Map<String, Double> o) {
    if (o.get("nesterov") != 0 && (o.get("momentum") <= 0 || o.get("dampening") != 0)) {
      throw new IllegalArgumentException(
          message(
              "Nesterov momentum requires a momentum and zero dampening; got momentum %s, dampening"
                  + " %s",
              o.get("momentum"), o.get("dampening")));
    }
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return bufferNames(options);
  }

  static List<String> bufferNames(Map<String, Double> options) {
    return options.get("momentum") == 0 ? List.of() : List.of(BUFFER);
  }

  @Override
  protected boolean isElementwise() {
    return true;
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    descend(parameter, grad, group, state, group.get("weightDecay"));
  }

  static void descend(
      Tensor parameter, Tensor grad, ParamGroup group, ParamState state, double weightDecay) {
    double momentum = group.get("momentum");
    boolean first = !state.has(BUFFER);
    Tensor buffer = momentum == 0 ? null : state.zeros(BUFFER, parameter);
    OptimizerSteps.sgd(
        parameter,
        grad,
        buffer,
        new SgdArgs(
            group.lr(),
            momentum,
            group.get("dampening"),
            weightDecay,
            group.isOn("nesterov"),
            first));
  }

  /** Options of {@link SGD}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1e-3);
      declare("momentum", 0);
      declare("dampening", 0);
      declare("weightDecay", 0);
      declare("nesterov", false);
      declare("maximize", false);
    }

    /** Sets the share of the buffer that is kept at each step, at least 0; default 0. */
    public Options momentum(double momentum) {
      return set("momentum", momentum);
    }

    /** Sets the share of the gradient that is left out of the buffer; default 0. */
    public Options dampening(double dampening) {
      return set("dampening", dampening);
    }

    /**
     * Sets whether to look ahead along the buffer; needs momentum and no dampening; default false.
     */
    public Options nesterov(boolean nesterov) {
      return set("nesterov", nesterov);
    }
  }
}
