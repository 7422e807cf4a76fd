package dev.bellows.nn.layer;

import dev.bellows.errors.Messages;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/** Instance normalisation of any number of dimensions. */
abstract class InstanceNorm extends RunningNorm {
  private final long numFeatures;

  InstanceNorm(long numFeatures, NormOptions options) {
    super(numFeatures, options);
    this.numFeatures = numFeatures;
  }

  /** Normalises x, which has {@code unbatched} dimensions, or one more with a batch. */
  final Tensor normalized(Tensor x, int unbatched, String expected) {
    checkDims(x, unbatched, unbatched + 1, expected);
    int channels = x.dim() - unbatched;
    if (weight != null && x.size(channels) != numFeatures) {
      throw new IllegalArgumentException(
          Messages.message(
              "expected input's size at dim=%s to match num_features (%s), but got: %s.",
              channels, numFeatures, x.size(channels)));
    }
    Tensor batch = channels == 0 ? x.unsqueeze(0) : x;
    Tensor y = Functional.instanceNorm(batch, runningMean(), runningVar(), args(false));
    return channels == 0 ? y.squeeze(0) : y;
  }
}
