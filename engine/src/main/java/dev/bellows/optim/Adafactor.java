package dev.bellows.optim;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adafactor: the mean of g² is kept for rows and columns only. With b = tᵇᵉᵗᵃ²ᴰᵉᶜᵃʸ, R ← R +
 * b·(mean of g² over the last dimension − R), C likewise over the one before, V = R·C/mean(R), or V
 * the mean of g² itself for vectors; u = g/√V; θ ← θ·(1 − lr·weightDecay) − max(eps2,
 * rms(θ))·min(lr, 1/√t)·u/max(1, rms(u)/d). State per parameter: the step, {@code row_var} (R) and
 * {@code col_var} (C), or {@code variance} with fewer than two dimensions. Defaults: lr 1e-2,
 * beta2Decay −0.8, eps none (the type's machine epsilon) and 1e-3, d 1, weightDecay 0. Source:
 * Shazeer and Stern, Adafactor, 2018; PyTorch's {@code torch.optim.Adafactor}.
 */
public final class Adafactor extends Optimizer {
  private static final String ROWS = "row_var";
  private static final String COLUMNS = "col_var";
  private static final String VARIANCE = "variance";

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public Adafactor(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf
   */
  public Adafactor(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private Adafactor(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static Adafactor ofGroups(List<ParamGroup> groups, Options defaults) {
    return new Adafactor(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireAtLeast("Learning rate", o, "lr", 0);
    double decay = o.get("beta2Decay");
    if (!(decay <= 0)) {
      throw new IllegalArgumentException("beta2_decay should be <= 0 but is: " + decay);
    }
    if (!Double.isNaN(o.get("eps1"))) {
      requireAtLeast("epsilon1", o, "eps1", 0);
    }
    requireAtLeast("epsilon2", o, "eps2", 0);
    requireAtLeast("Clipping threshold d", o, "d", 1);
    requireAtLeast("weight_decay", o, "weightDecay", 0);
  }

  @Override
  protected boolean countsSteps() {
    return true;
  }

  @Override
  Map<String, long[]> stateShapes(Map<String, Double> options, Tensor parameter) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    int dims = parameter.dim();
    if (dims < 2) {
      shapes.put(VARIANCE, parameter.shape());
    } else {
      shapes.put(ROWS, meanShape(parameter, dims - 1));
      shapes.put(COLUMNS, meanShape(parameter, dims - 2));
    }
    return shapes;
  }

  private static long[] meanShape(Tensor parameter, int dim) {
    long[] shape = parameter.shape();
    shape[dim] = 1;
    return shape;
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    long step = state.nextStep();
    double eps = group.get("eps1");
    if (Double.isNaN(eps)) {
      eps = epsilon(parameter.dtype());
    }
    double size = Math.min(group.lr(), 1 / Math.sqrt(step));
    size *= Math.max(group.get("eps2"), rootMeanSquare(parameter));
    WeightDecay.decoupled(parameter, group);
    double weight = StrictMath.pow(step, group.get("beta2Decay"));
    Tensor variance =
        grad.dim() < 2
            ? state.zeros(VARIANCE, parameter).lerp_(grad.mul(grad), weight).clone()
            : factored(parameter, grad, state, weight, eps);
    Tensor update = variance.clamp_(eps * eps, Double.POSITIVE_INFINITY).rsqrt_().mul_(grad);
    double clip = Math.max(1, rootMeanSquare(update) / group.get("d"));
    parameter.add_(update, -size / clip);
  }

  private static Tensor factored(
      Tensor parameter, Tensor grad, ParamState state, double weight, double eps) {
    int last = grad.dim() - 1;
    Tensor rows = mean(ROWS, parameter, grad, state, weight, last);
    Tensor columns = mean(COLUMNS, parameter, grad, state, weight, last - 1);
    Tensor mean = rows.mean(last - 1, true).clamp_(eps, Double.POSITIVE_INFINITY);
    return rows.matmul(columns).div_(mean);
  }

  /** Updates the mean of squares over a dimension. */
  private static Tensor mean(
      String name, Tensor parameter, Tensor grad, ParamState state, double weight, int dim) {
    Tensor squares = grad.norm(2, dim, true).square_().div_(grad.size(dim));
    return state
        .tensor(name, parameter, () -> parameter.newZeros(meanShape(parameter, dim)))
        .lerp_(squares, weight);
  }

  private static double rootMeanSquare(Tensor tensor) {
    return tensor.norm().item() / Math.sqrt(tensor.numel());
  }

  /** Returns the distance from 1 to the next larger number. */
  private static double epsilon(DType dtype) {
    if (!dtype.isFloatingPoint()) {
      throw new IllegalArgumentException("Adafactor: parameters must be floating; got " + dtype);
    }
    return Math.scalb(1, 1 - dtype.precision());
  }

  /** Options of {@link Adafactor}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1e-2);
      declare("beta2Decay", -0.8);
      declare("eps1", Double.NaN);
      declare("eps2", 1e-3);
      declare("d", 1);
      declare("weightDecay", 0);
      declare("maximize", false);
    }

    /** Sets the power of the step that weighs new squares, at most 0; default −0.8. */
    public Options beta2Decay(double decay) {
      return set("beta2Decay", decay);
    }

    /**
     * Sets the least root of the variance (NaN: the type's machine epsilon) and of the parameter, ≥
     * 0.
     */
    public Options eps(double eps1, double eps2) {
      return set("eps1", eps1).set("eps2", eps2);
    }

    /** Sets the largest root mean square of an update, at least 1; default 1. */
    public Options d(double d) {
      return set("d", d);
    }
  }
}
