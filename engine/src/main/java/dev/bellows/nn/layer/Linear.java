package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * y = x · weightᵀ + bias. x [.., inFeatures] → [.., outFeatures]; weight [outFeatures, inFeatures],
 * bias [outFeatures]. Both are initialised uniformly in ±1/√inFeatures, weight first. Defaults: see
 * {@link Options}. Source: PyTorch's {@code torch.nn.Linear}.
 */
public final class Linear extends Module {
  /** [outFeatures, inFeatures]. */
  public final Parameter weight;

  /** [outFeatures], or null. */
  @MayBeNull public final Parameter bias;

  private final long inFeatures;
  private final long outFeatures;

  /** Creates a layer with bias. */
  public Linear(long inFeatures, long outFeatures) {
    this(inFeatures, outFeatures, true);
  }

  /** Creates a layer with or without bias. */
  public Linear(long inFeatures, long outFeatures, boolean bias) {
    this(inFeatures, outFeatures, options().bias(bias));
  }

  /** Creates a layer of the given type that draws its initial values from a generator. */
  public Linear(long inFeatures, long outFeatures, boolean bias, DType dtype, Generator generator) {
    this(inFeatures, outFeatures, options().bias(bias).dtype(dtype).generator(generator));
  }

  /**
   * Creates a layer with options.
   *
   * @throws IllegalArgumentException if a number of features is negative or the type is not a
   *     floating-point type
   */
  public Linear(long inFeatures, long outFeatures, Options options) {
    if (inFeatures < 0 || outFeatures < 0) {
      throw new IllegalArgumentException(
          message(
              "Linear: inFeatures and outFeatures must not be negative; got %s, %s",
              inFeatures, outFeatures));
    }
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = Parameter.of(Tensor.empty(options.dtype(), outFeatures, inFeatures));
    this.bias = options.bias ? Parameter.of(Tensor.empty(options.dtype(), outFeatures)) : null;
    double bound = inFeatures > 0 ? 1 / Math.sqrt(inFeatures) : 0;
    Init.uniform(weight, -bound, bound, options.generator());
    if (bias != null) {
      Init.uniform(bias, -bound, bound, options.generator());
    }
  }

  private Linear(Parameter weight, Parameter bias) {
    this.inFeatures = weight.size(1);
    this.outFeatures = weight.size(0);
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * Returns a layer of given parameters, such as one whose weight is the table of an embedding.
   *
   * @param weight [outFeatures, inFeatures]
   * @param bias [outFeatures], or null for none
   * @throws IllegalArgumentException if a shape does not fit
   */
  public static Linear of(Parameter weight, Parameter bias) {
    boolean fits = weight.dim() == 2;
    if (!fits || bias != null && !(bias.dim() == 1 && bias.size(0) == weight.size(0))) {
      throw new IllegalArgumentException(
          message(
              "Linear: weight must be [outFeatures, inFeatures] and bias [outFeatures]; got %s and"
                  + " %s",
              weight.shape(), bias == null ? "none" : Arrays.toString(bias.shape())));
    }
    return new Linear(weight, bias);
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.linear(x, weight, bias);
  }

  @Override
  protected String extraRepr() {
    return "in_features="
        + inFeatures
        + ", out_features="
        + outFeatures
        + ", bias="
        + (bias != null);
  }

  /** Options of a linear layer. Defaults: with bias, and those of {@link LayerOptions}. */
  public static final class Options extends LayerOptions<Options> {
    private boolean bias = true;

    private Options() {}

    /** Sets whether a bias is added. */
    public Options bias(boolean with) {
      bias = with;
      return this;
    }
  }
}
