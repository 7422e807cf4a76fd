package dev.bellows.data;

import dev.bellows.tensor.Generator;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/** Some samples in random order. Source: PyTorch's {@code torch.utils.data.SubsetRandomSampler}. */
public final class SubsetRandomSampler implements Sampler {
  private final long[] samples;

  /** Creates the random order of the given samples. */
  public SubsetRandomSampler(long... samples) {
    this.samples = samples.clone();
  }

  @Override
  public long size() {
    return samples.length;
  }

  @Override
  public PrimitiveIterator.OfLong indices(Generator generator) {
    return LongStream.of(Indices.shuffled(samples.length, generator))
        .map(i -> samples[(int) i])
        .iterator();
  }
}
