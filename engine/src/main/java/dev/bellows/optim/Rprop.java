package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Resilient propagation: the step size of an element is multiplied by etaPlus if its gradient kept
 * its sign, by etaMinus if the sign changed (that gradient then counts 0), and kept within
 * stepSizes; θ ← θ − sign(g)·stepSize. For gradients of the whole data set. State per parameter:
 * {@code prev} (the last gradient), {@code step_size}, which starts at lr, and the step. Defaults:
 * lr 1e-2, etas 0.5 and 1.2, stepSizes 1e-6 and 50. Source: Riedmiller and Braun, A direct adaptive
 * method for faster backpropagation learning, 1993; PyTorch's {@code torch.optim.Rprop}.
 */
public final class Rprop extends Optimizer {
  private static final String BEFORE = "prev";
  private static final String SIZES = "step_size";

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public Rprop(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public Rprop(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private Rprop(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static Rprop ofGroups(List<ParamGroup> groups, Options defaults) {
    return new Rprop(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireNotNegative("learning rate", o, "lr");
    double minus = o.get("eta1");
    double plus = o.get("eta2");
    if (!(minus > 0 && minus < 1 && plus > 1)) {
      throw new IllegalArgumentException(message("Invalid eta values: %s, %s", minus, plus));
    }
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return List.of(BEFORE, SIZES);
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
    Tensor before = state.zeros(BEFORE, parameter);
    Tensor sizes = state.full(SIZES, parameter, group.lr());
    Tensor agreement = grad.mul(before).sign_();
    Tensor turned = agreement.lt(0);
    Tensor factor =
        agreement
            .maskedFill(agreement.gt(0), group.get("eta2"))
            .maskedFill_(turned, group.get("eta1"))
            .maskedFill_(agreement.eq(0), 1);
    sizes.mul_(factor).clamp_(group.get("stepSize1"), group.get("stepSize2"));
    before.copy_(grad).maskedFill_(turned, 0);
    parameter.addcmul_(before.sign(), sizes, -1);
  }

  /** Options of {@link Rprop}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1e-2);
      declare("eta1", 0.5);
      declare("eta2", 1.2);
      declare("stepSize1", 1e-6);
      declare("stepSize2", 50);
      declare("maximize", false);
    }

    /**
     * Sets the factors by which step sizes shrink, in (0, 1), and grow, above 1; default 0.5, 1.2.
     */
    public Options etas(double minus, double plus) {
      return set("eta1", minus).set("eta2", plus);
    }

    /** Sets the least and the largest step size; default 1e-6 and 50. */
    public Options stepSizes(double least, double largest) {
      return set("stepSize1", least).set("stepSize2", largest);
    }
  }
}
