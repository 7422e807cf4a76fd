package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * Normalises each channel of x [n, c, d, h, w] by the mean and variance of the batch in training
 * and by the running ones in evaluation: (x − mean) / √(var + eps) · weight + bias. Defaults: see
 * {@link NormOptions}. Source: PyTorch's {@code torch.nn.BatchNorm3d}.
 */
public final class BatchNorm3d extends RunningNorm {
  /** Creates a layer with weight, bias and running statistics. */
  public BatchNorm3d(long numFeatures) {
    this(numFeatures, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if the number of features is negative
   */
  public BatchNorm3d(long numFeatures, NormOptions options) {
    super(numFeatures, options);
  }

  /** Returns the default options, which the caller may change one by one. */
  public static NormOptions options() {
    return new NormOptions(true);
  }

  @Override
  protected Tensor forward(Tensor x) {
    checkDims(x, 5, 5, "5D");
    return batchNorm(x);
  }
}
