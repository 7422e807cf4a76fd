package dev.bellows.data;

import dev.bellows.tensor.Generator;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/**
 * The order 0, 1, … size − 1. Source: PyTorch's {@code torch.utils.data.SequentialSampler}.
 *
 * @param size the number of samples
 */
public record SequentialSampler(long size) implements Sampler {
  @Override
  public PrimitiveIterator.OfLong indices(Generator generator) {
    return LongStream.range(0, size).iterator();
  }
}
