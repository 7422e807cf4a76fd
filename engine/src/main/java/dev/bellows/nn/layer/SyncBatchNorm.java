package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * Normalises each channel of x [n, c, ..] like {@link BatchNorm2d}; but a training step, alone or
 * in a job, uses the mean and variance of its whole batch, added over all logical shards in the
 * order of the reduction tree, in forward and backward. So shards may be as small as one row, the
 * result is that of one shard up to rounding, and the bits depend on the number of shards but not
 * of executors. Every layer waits for all shards twice in a step. Outside of a train loop it is a
 * batch normalisation. Defaults: see {@link NormOptions}. {@link BatchNorms#synchronize} converts
 * the layers of a model. Source: PyTorch's {@code torch.nn.SyncBatchNorm}.
 */
public final class SyncBatchNorm extends RunningNorm {
  /** Creates a layer with weight, bias and running statistics. */
  public SyncBatchNorm(long numFeatures) {
    this(numFeatures, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if the number of features is negative
   */
  public SyncBatchNorm(long numFeatures, NormOptions options) {
    super(numFeatures, options);
    synchronize();
  }

  /** Returns the default options, which the caller may change one by one. */
  public static NormOptions options() {
    return new NormOptions(true);
  }

  @Override
  protected Tensor forward(Tensor x) {
    checkDims(x, 2, Integer.MAX_VALUE, "at least 2D");
    return batchNorm(x);
  }
}
