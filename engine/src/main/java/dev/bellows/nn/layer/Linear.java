package dev.bellows.nn.layer;

import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * y = x · weightᵀ + bias. x [.., inFeatures] → [.., outFeatures]; weight [outFeatures, inFeatures],
 * bias [outFeatures]. Both are initialised uniformly in ±1/√inFeatures, weight first. Defaults:
 * with bias, FLOAT32, the thread's default generator. Source: PyTorch's {@code torch.nn.Linear}.
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
    this(inFeatures, outFeatures, bias, DType.FLOAT32, Generator.current());
  }

  /**
   * Creates a layer of the given type that draws its initial values from a generator.
   *
   * @throws IllegalArgumentException if a number of features is negative or the type is not a
   *     floating-point type
   */
  public Linear(long inFeatures, long outFeatures, boolean bias, DType dtype, Generator generator) {
    if (inFeatures < 0 || outFeatures < 0) {
      throw new IllegalArgumentException(
          "Linear: inFeatures and outFeatures must not be negative; got "
              + inFeatures
              + ", "
              + outFeatures);
    }
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = Parameter.of(Tensor.empty(dtype, outFeatures, inFeatures));
    this.bias = bias ? Parameter.of(Tensor.empty(dtype, outFeatures)) : null;
    double bound = inFeatures > 0 ? 1 / Math.sqrt(inFeatures) : 0;
    Init.uniform(weight, -bound, bound, generator);
    if (bias) {
      Init.uniform(this.bias, -bound, bound, generator);
    }
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
}
