package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Divides x [.., normalizedShape] by the root of the mean square over the last dimensions: x /
 * √(mean(x²) + eps) · weight. Defaults: see {@link Options}. Source: PyTorch's {@code
 * torch.nn.RMSNorm}.
 */
public final class RMSNorm extends Module {
  /** Of normalizedShape, initially 1; null if not affine. */
  @MayBeNull public final Parameter weight;

  private final long[] normalizedShape;
  private final Double eps;

  /** Creates a layer for the last dimensions of the given sizes, with weight. */
  public RMSNorm(long... normalizedShape) {
    this(normalizedShape, options());
  }

  /** Creates a layer for the last dimensions of the given sizes. */
  public RMSNorm(long[] normalizedShape, Options options) {
    this.normalizedShape = normalizedShape.clone();
    this.eps = options.eps;
    weight =
        options.elementwiseAffine
            ? Parameter.of(Tensor.ones(options.dtype(), normalizedShape))
            : null;
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.rmsNorm(x, normalizedShape, weight, eps);
  }

  @Override
  protected String extraRepr() {
    return Arrays.toString(normalizedShape)
        + ", eps="
        + eps
        + ", elementwise_affine="
        + (weight != null);
  }

  /** Options; defaults: eps of the input's type, affine, FLOAT32. */
  public static final class Options extends LayerOptions<Options> {
    private Double eps;
    private boolean elementwiseAffine = true;

    private Options() {}

    /** Sets what is added to the mean square; null for the eps of the input's type. */
    public Options eps(Double value) {
      eps = value;
      return this;
    }

    /** Sets whether the weight is learned. */
    public Options elementwiseAffine(boolean value) {
      elementwiseAffine = value;
      return this;
    }
  }
}
