package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Muon, for weight matrices of hidden layers: b ← momentum·b + (1 − momentum)·g; u = (1 −
 * momentum)·g + momentum·b if nesterov, else b; θ ← θ·(1 − lr·weightDecay) − lr·a·O, where O is u
 * made nearly orthogonal by nsSteps Newton-Schulz iterations in BFLOAT16 precision, and a is
 * √max(1, rows/columns), or 0.2·√max(rows, columns) if adjustLr is {@link
 * AdjustLr#MATCH_RMS_ADAMW}. Other parameters (biases, embeddings) belong to another optimizer.
 * State per parameter: {@code momentum_buffer} (b). Defaults: lr 1e-3, weightDecay 0.1, momentum
 * 0.95, nesterov true, eps 1e-7, nsSteps 5. Source: Jordan et al., Muon, 2024; PyTorch's {@code
 * torch.optim.Muon}.
 */
public final class Muon extends Optimizer {
  private static final String BUFFER = "momentum_buffer";

  /** Index of match_rms_adamw in the words of the option. */
  private static final int MATCH = 2;

  /** Creates an optimizer of one group with a learning rate and the other defaults. */
  public Muon(List<? extends Tensor> parameters, double lr) {
    this(parameters, options().lr(lr));
  }

  /**
   * Creates an optimizer of one group.
   *
   * @throws IllegalArgumentException if an option is out of range, there is no parameter, or one
   *     comes twice or is not a leaf or a matrix
   */
  public Muon(List<? extends Tensor> parameters, Options options) {
    super(List.of(ParamGroup.of(parameters)), options);
  }

  private Muon(Options defaults, List<ParamGroup> groups) {
    super(groups, defaults);
  }

  /** Parameters in groups; {@code defaults} are for what a group does not set. */
  public static Muon ofGroups(List<ParamGroup> groups, Options defaults) {
    return new Muon(defaults, groups);
  }

  /** Returns the defaults, to be changed one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected void checkOptions(Map<String, Double> o) {
    requireAtLeast("Learning rate", o, "lr", 0);
    requireAtLeast("momentum", o, "momentum", 0);
    requireAtLeast("weight decay", o, "weightDecay", 0);
    if (!(o.get("nsSteps") < 100)) {
      throw new IllegalArgumentException(
          "Number of steps must be less than 100 for computational efficiency");
    }
  }

  @Override
  protected List<String> stateNames(Map<String, Double> options) {
    return List.of(BUFFER);
  }

  @Override
  void checkParameter(Tensor parameter) {
    if (parameter.dim() != 2) {
      throw new IllegalArgumentException(
          message(
              "Muon only supports 2D parameters whereas we found a parameter with size: %s",
              parameter.shape()));
    }
  }

  @Override
  protected void update(Tensor parameter, Tensor grad, ParamGroup group, ParamState state) {
    double momentum = group.get("momentum");
    Tensor buffer = state.zeros(BUFFER, parameter).lerp_(grad, 1 - momentum);
    Tensor update = group.isOn("nesterov") ? grad.lerp(buffer, momentum) : buffer;
    double rows = parameter.size(0);
    double columns = parameter.size(1);
    double adjusted =
        (int) group.get("adjustLrFn") == MATCH
            ? 0.2 * Math.sqrt(Math.max(rows, columns))
            : Math.sqrt(Math.max(1, rows / columns));
    Tensor orthogonal = orthogonal(update, group);
    WeightDecay.decoupled(parameter, group);
    parameter.add_(orthogonal.to(parameter.dtype()), -group.lr() * adjusted);
  }

  /** Rounds to BFLOAT16 after each product, as its products are computed. */
  private static Tensor rounded(Tensor tensor) {
    return tensor.to(DType.BFLOAT16).to(DType.FLOAT32);
  }

  private static Tensor orthogonal(Tensor update, ParamGroup group) {
    boolean tall = update.size(0) > update.size(1);
    Tensor x = rounded(tall ? update.t() : update);
    x = rounded(x.div(rounded(x.norm()).clamp_(group.get("eps"), Double.POSITIVE_INFINITY)));
    for (int i = 0; i < group.get("nsSteps"); i++) {
      Tensor gram = rounded(x.mm(x.t()));
      Tensor factor =
          rounded(gram.addmm(gram, gram, group.get("nsCoefficient2"), group.get("nsCoefficient3")));
      x = rounded(x.addmm(factor, x, group.get("nsCoefficient1"), 1));
    }
    return tall ? x.t() : x;
  }

  /** How the learning rate follows the shape of a matrix. */
  public enum AdjustLr {
    /** √max(1, rows/columns). */
    ORIGINAL,
    /** 0.2·√max(rows, columns): steps are as large as those of AdamW. */
    MATCH_RMS_ADAMW
  }

  /** Options of {@link Muon}; each method changes these options and returns them. */
  public static final class Options extends OptimizerOptions<Options> {
    private Options() {
      declare("lr", 1e-3);
      declare("weightDecay", 0.1);
      declare("momentum", 0.95);
      declare("nesterov", true);
      declare("nsCoefficient1", 3.4445);
      declare("nsCoefficient2", -4.775);
      declare("nsCoefficient3", 2.0315);
      declare("eps", 1e-7);
      declare("nsSteps", 5);
      declare("adjustLrFn", List.of("None", "original", "match_rms_adamw"));
    }

    /** Sets the share of the buffer that is kept at each step, at least 0; default 0.95. */
    public Options momentum(double momentum) {
      return set("momentum", momentum);
    }

    /** Sets whether to look ahead along the buffer; default true. */
    public Options nesterov(boolean nesterov) {
      return set("nesterov", nesterov);
    }

    /** Sets the coefficients of the iteration; default 3.4445, −4.775, 2.0315. */
    public Options nsCoefficients(double a, double b, double c) {
      return set("nsCoefficient1", a).set("nsCoefficient2", b).set("nsCoefficient3", c);
    }

    /** Sets the term that keeps the quotient finite, at least 0. */
    public Options eps(double eps) {
      return set("eps", eps);
    }

    /** Sets the number of iterations, below 100; default 5. */
    public Options nsSteps(int steps) {
      return set("nsSteps", steps);
    }

    /** Sets how the learning rate follows the shape; default ORIGINAL. */
    public Options adjustLr(AdjustLr rule) {
      return set("adjustLrFn", rule == AdjustLr.ORIGINAL ? 1 : MATCH);
    }
  }
}
