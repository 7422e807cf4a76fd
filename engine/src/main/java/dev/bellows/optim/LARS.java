package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * LARS: gradient descent with momentum as {@link SGD}, whose gradient is r·(grad + weightDecay·θ)
 * with the trust ratio r = trustCoefficient·‖θ‖/(‖grad‖ + weightDecay·‖θ‖ + eps) of the whole
 * parameter, 1 if either norm is 0. State per parameter, only with momentum: {@code
 * momentum_buffer}. Defaults: lr 1, trustCoefficient 1e-3, eps 1e-8, all else 0. Each parameter is
 * a layer, so the optimizer cannot be sharded. Source: You et al., Large Batch Training of
 * Convolutional Networks, 2017, algorithm 1.
 */
public final class LARS extends Optimizer {
  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public LARS(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public LARS(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private LARS(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static LARS ofGroups(List<ParamGroup> groups, Options defaults) {
    return new LARS(defaults, groups);
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
    requireNotNegative("epsilon value", o, "eps");
    requireNotNegative("trust_coefficient value", o, "trustCoefficient");
    SGD.checkNesterov(o);
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return SGD.bufferNames(options);
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    double decay = group.get("weightDecay");
    Tensor norm = parameter.norm();
    Tensor gradNorm = grad.norm();
    Tensor divisor = gradNorm.add(norm, decay).add_(group.get("eps"));
    Tensor scaled = norm.mul(group.get("trustCoefficient"));
    Tensor ratio = TrustRatio.of(scaled, divisor).maskedFill_(gradNorm.eq(0), 1);
    Tensor g = WeightDecay.inGradient(parameter, grad, group).mul(ratio);
    SGD.descend(parameter, g, group, state, 0);
  }

  /** Options of {@link LARS}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1);
      declare("momentum", 0);
      declare("dampening", 0);
      declare("weightDecay", 0);
      declare("nesterov", false);
      declare("trustCoefficient", 1e-3);
      declare("eps", 1e-8);
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

    /** Sets the factor of the trust ratio, at least 0; default 1e-3. */
    public Options trustCoefficient(double coefficient) {
      return set("trustCoefficient", coefficient);
    }

    /** Sets the term that keeps the quotient finite, at least 0. */
    public Options eps(double eps) {
      return set("eps", eps);
    }
  }
}
