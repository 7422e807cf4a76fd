package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * RMSprop: g = grad + weightDecay·θ; v ← alpha·v + (1 − alpha)·g²; a = √v + eps, or √(v − ḡ²) + eps
 * with the running mean ḡ of the gradient if centered; θ ← θ − lr·g/a, or with momentum b ←
 * momentum·b + g/a, θ ← θ − lr·b. State per parameter: {@code square_avg} (v), with momentum {@code
 * momentum_buffer} (b), if centered {@code grad_avg} (ḡ), and the step. Defaults: lr 1e-2, alpha
 * 0.99, eps 1e-8, all else 0. Source: PyTorch's {@code torch.optim.RMSprop}.
 */
public final class RMSprop extends Optimizer {
  private static final String SQUARES = "square_avg";
  private static final String BUFFER = "momentum_buffer";
  private static final String MEAN = "grad_avg";

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public RMSprop(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public RMSprop(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private RMSprop(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static RMSprop ofGroups(List<ParamGroup> groups, Options defaults) {
    return new RMSprop(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireNotNegative("learning rate", o, "lr");
    requireNotNegative("epsilon value", o, "eps");
    requireNotNegative("momentum value", o, "momentum");
    requireNotNegative("weight_decay value", o, "weightDecay");
    requireNotNegative("alpha value", o, "alpha");
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
  protected List<String> stateNames(Map<String, Double> options) {
    List<String> names = new ArrayList<>(List.of(SQUARES));
    if (options.get("momentum") > 0) {
      names.add(BUFFER);
    }
    if (options.get("centered") != 0) {
      names.add(MEAN);
    }
    return names;
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    state.nextStep();
    double alpha = group.get("alpha");
    Tensor g = WeightDecay.inGradient(parameter, grad, group);
    Tensor squares = state.zeros(SQUARES, parameter).mul_(alpha).addcmul_(g, g, 1 - alpha);
    double momentum = group.get("momentum");
    Tensor buffer = momentum > 0 ? state.zeros(BUFFER, parameter) : null;
    Tensor average;
    if (group.isOn("centered")) {
      Tensor mean = state.zeros(MEAN, parameter).lerp_(g, 1 - alpha);
      average = squares.addcmul(mean, mean, -1).sqrt_();
    } else {
      average = squares.sqrt();
    }
    average.add_(group.get("eps"));
    if (buffer != null) {
      parameter.add_(buffer.mul_(momentum).addcdiv_(g, average, 1), -group.lr());
    } else {
      parameter.addcdiv_(g, average, -group.lr());
    }
  }

  /** Options of {@link RMSprop}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1e-2);
      declare("momentum", 0);
      declare("alpha", 0.99);
      declare("eps", 1e-8);
      declare("centered", false);
      declare("weightDecay", 0);
      declare("maximize", false);
    }

    /** Sets the share of the buffer that is kept at each step, at least 0; default 0. */
    public Options momentum(double momentum) {
      return set("momentum", momentum);
    }

    /**
     * Sets the share of the mean of squares that is kept at each step, at least 0; default 0.99.
     */
    public Options alpha(double alpha) {
      return set("alpha", alpha);
    }

    /** Sets the term that keeps the quotient finite, at least 0. */
    public Options eps(double eps) {
      return set("eps", eps);
    }

    /** Sets whether the gradient is divided by an estimate of its variance; default false. */
    public Options centered(boolean centered) {
      return set("centered", centered);
    }
  }
}
