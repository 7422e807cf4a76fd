package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/**
 * Samples drawn with probabilities in proportion to weights. Source: PyTorch's {@code
 * torch.utils.data.WeightedRandomSampler}.
 */
public final class WeightedRandomSampler implements Sampler {
  private final double[] weights;
  private final int size;
  private final boolean replacement;

  /** Creates draws with replacement. */
  public WeightedRandomSampler(double[] weights, int size) {
    this(weights, size, true);
  }

  /**
   * Creates weighted draws.
   *
   * @param weights of each sample, at least 0, not all 0
   * @param size the number of indices to draw
   * @param replacement whether a sample may be drawn twice
   * @throws IllegalArgumentException if a weight is negative or not finite, all are 0, size is less
   *     than 1, or there are fewer samples of a weight than to be drawn without replacement
   */
  public WeightedRandomSampler(double[] weights, int size, boolean replacement) {
    int positive = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            message(
                "WeightedRandomSampler: weights must be finite and at least 0; got %s at %s",
                weights[i], i));
      }
      positive += weights[i] > 0 ? 1 : 0;
    }
    if (size < 1 || positive == 0 || !replacement && size > positive) {
      throw new IllegalArgumentException(
          message(
              "WeightedRandomSampler: num_samples should be a positive integer value, of samples"
                  + " with a weight; got %s of %s, replacement=%s",
              size, positive, replacement));
    }
    this.weights = weights.clone();
    this.size = size;
    this.replacement = replacement;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public PrimitiveIterator.OfLong indices(Generator generator) {
    try (Tensor all = Tensor.of(weights);
        Tensor drawn = Tensor.multinomial(all, size, replacement, generator)) {
      return LongStream.of(drawn.toLongArray()).iterator();
    }
  }
}
