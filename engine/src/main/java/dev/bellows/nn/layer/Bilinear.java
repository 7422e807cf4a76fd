package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * y(k) = x1ᵀ · weight(k) · x2 + bias(k). x1 [.., in1], x2 [.., in2] → [.., out]; weight [out, in1,
 * in2], bias [out]. Both are initialised uniformly in ±1/√in1, weight first. Defaults: see {@link
 * Options}. Source: PyTorch's {@code torch.nn.Bilinear}.
 */
public final class Bilinear extends Module {
  /** [out, in1, in2]. */
  public final Parameter weight;

  /** [out], or null. */
  @MayBeNull public final Parameter bias;

  /** Creates a layer with bias. */
  public Bilinear(long in1, long in2, long out) {
    this(in1, in2, out, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if a number of features is not positive
   */
  public Bilinear(long in1, long in2, long out, Options options) {
    if (in1 < 1 || in2 < 1 || out < 1) {
      throw new IllegalArgumentException(
          message("Bilinear: features must be > 0, but got %s, %s, %s", in1, in2, out));
    }
    weight = Parameter.of(Tensor.empty(options.dtype(), out, in1, in2));
    bias = options.bias ? Parameter.of(Tensor.empty(options.dtype(), out)) : null;
    double bound = 1 / Math.sqrt(in1);
    Generator generator = options.generator();
    Init.uniform(weight, -bound, bound, generator);
    if (bias != null) {
      Init.uniform(bias, -bound, bound, generator);
    }
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected Tensor forward(Tensor x1, Tensor x2) {
    return Functional.bilinear(x1, x2, weight, bias);
  }

  @Override
  protected String extraRepr() {
    return "in1_features="
        + weight.size(1)
        + ", in2_features="
        + weight.size(2)
        + ", out_features="
        + weight.size(0)
        + ", bias="
        + (bias != null);
  }

  /** Options; defaults: with bias, FLOAT32, the thread's default generator. */
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
