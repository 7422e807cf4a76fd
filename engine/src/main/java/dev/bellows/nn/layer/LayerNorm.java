package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Normalises x [.., normalizedShape] by the mean and variance over the last dimensions: (x − mean)
 * / √(var + eps) · weight + bias. Defaults: see {@link Options}. Source: PyTorch's {@code
 * torch.nn.LayerNorm}.
 */
public final class LayerNorm extends Module {
  /** Of normalizedShape, initially 1; null if not affine. */
  @MayBeNull public final Parameter weight;

  /** Of normalizedShape, initially 0; null if not affine or without bias. */
  @MayBeNull public final Parameter bias;

  private final long[] normalizedShape;
  private final double eps;

  /** Creates a layer for the last dimensions of the given sizes, with weight and bias. */
  public LayerNorm(long... normalizedShape) {
    this(normalizedShape, options());
  }

  /** Creates a layer for the last dimensions of the given sizes. */
  public LayerNorm(long[] normalizedShape, Options options) {
    this.normalizedShape = normalizedShape.clone();
    this.eps = options.eps;
    boolean affine = options.elementwiseAffine;
    weight = affine ? Parameter.of(Tensor.ones(options.dtype(), normalizedShape)) : null;
    bias =
        affine && options.bias
            ? Parameter.of(Tensor.zeros(options.dtype(), normalizedShape))
            : null;
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.layerNorm(x, normalizedShape, weight, bias, eps);
  }

  @Override
  protected String extraRepr() {
    return Arrays.toString(normalizedShape)
        + ", eps="
        + eps
        + ", elementwise_affine="
        + (weight != null);
  }

  /** Options; defaults: eps 1e-5, affine with bias, FLOAT32. */
  public static final class Options extends LayerOptions<Options> {
    private double eps = 1e-5;
    private boolean elementwiseAffine = true;
    private boolean bias = true;

    private Options() {}

    /** Sets what is added to the variance. */
    public Options eps(double value) {
      eps = value;
      return this;
    }

    /** Sets whether weight and bias are learned. */
    public Options elementwiseAffine(boolean value) {
      elementwiseAffine = value;
      return this;
    }

    /** Sets whether an affine layer has a bias. */
    public Options bias(boolean value) {
      bias = value;
      return this;
    }
  }
}
