package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import java.util.Iterator;

/**
 * An order of samples in batches. Like a {@link Sampler} it holds no state. Source: PyTorch's
 * {@code torch.utils.data.BatchSampler}.
 */
public interface BatchSampler {
  /** Returns the number of batches in a pass. */
  long size();

  /** Returns the indices of each batch of one pass, in order. */
  Iterator<long[]> batches(Generator generator);

  /**
   * Returns the order of a sampler cut into batches.
   *
   * @param dropLast whether a last batch that is smaller is left out
   * @throws IllegalArgumentException if batchSize is less than 1
   */
  static BatchSampler of(Sampler sampler, int batchSize, boolean dropLast) {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          message(
              "BatchSampler: batch_size should be a positive integer value, but got batch_size=%s",
              batchSize));
    }
    return new BatchSampler() {
      @Override
      public long size() {
        return (sampler.size() + (dropLast ? 0 : batchSize - 1)) / batchSize;
      }

      @Override
      public Iterator<long[]> batches(Generator generator) {
        return new CutBatches(sampler.indices(generator), batchSize, dropLast);
      }
    };
  }
}
