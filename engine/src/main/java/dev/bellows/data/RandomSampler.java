package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Philox;
import dev.bellows.backend.RandomKey;
import dev.bellows.tensor.Generator;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/**
 * A random order of samples. Without replacement it is a {@link KeyedPermutation}, which needs no
 * memory; more samples than there are take several permutations. Source: PyTorch's {@code
 * torch.utils.data.RandomSampler}.
 */
public final class RandomSampler implements Sampler {
  private static final long NEXT_PASS = 0x9E37_79B9_7F4A_7C15L; // makes unrelated seeds

  private final long samples;
  private final boolean replacement;
  private final long size;

  /** Creates the order in which each of {@code samples} samples comes once. */
  public RandomSampler(long samples) {
    this(samples, false, samples);
  }

  /**
   * Creates a random order.
   *
   * @param samples the number of samples to choose from
   * @param replacement whether each index is drawn from all samples
   * @param size the number of indices to draw
   * @throws IllegalArgumentException if a number is negative, or indices are to be drawn of no
   *     samples
   */
  public RandomSampler(long samples, boolean replacement, long size) {
    if (samples < 0 || size < 0 || samples == 0 && size > 0) {
      throw new IllegalArgumentException(
          message(
              "RandomSampler: num_samples must be drawn from samples; got %s of %s",
              size, samples));
    }
    this.samples = samples;
    this.replacement = replacement;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public PrimitiveIterator.OfLong indices(Generator generator) {
    RandomKey key = generator.nextKey();
    if (replacement) {
      // A draw of 62 bits modulo the number of samples: the bias is below 2⁻³⁰ for 2³² samples.
      int[] words = new int[4];
      return LongStream.range(0, size)
          .map(
              i -> {
                Philox.quad(key, i, words, 0);
                return ((long) words[0] << 32 | words[1] & 0xFFFF_FFFFL) >>> 2;
              })
          .map(bits -> bits % samples)
          .iterator();
    }
    KeyedPermutation[] order = new KeyedPermutation[1];
    return LongStream.range(0, size)
        .map(
            i -> {
              if (i % samples == 0) {
                long seed = key.seed() + i / samples * NEXT_PASS;
                order[0] = new KeyedPermutation(seed, key.sequence(), samples);
              }
              return order[0].at(i % samples);
            })
        .iterator();
  }
}
