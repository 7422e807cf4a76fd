package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Devices;
import dev.bellows.memory.Warnings;
import dev.bellows.tensor.Generator;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The options of a {@link DataLoader}, as {@link DataLoaderBuilder} documents them. */
final class LoaderOptions implements Cloneable {
  private static final Logger LOG = LoggerFactory.getLogger(DataLoader.class);

  int batchSize = 1;
  boolean shuffle;
  boolean dropLast;
  Sampler sampler;
  BatchSampler batchSampler;
  Generator generator;
  int workers;
  int prefetchFactor = 2;
  Duration timeout = Duration.ZERO;
  boolean pinMemory;

  LoaderOptions copy() {
    try {
      return (LoaderOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if they are out of range or contradict each other
   */
  void check(boolean ofStream) {
    String problem = problem(ofStream);
    if (problem != null) {
      throw new IllegalArgumentException("DataLoader: " + problem);
    }
  }

  private String problem(boolean ofStream) {
    if (batchSize < 1) {
      return message(
          "batch_size should be a positive integer value, but got batch_size=%s", batchSize);
    } else if (workers < 0) {
      return message("num_workers option should be non-negative; got %s", workers);
    } else if (prefetchFactor < 1) {
      return message("prefetch_factor option should be positive; got %s", prefetchFactor);
    } else if (timeout.isNegative()) {
      return message("timeout option should be non-negative; got %s", timeout);
    } else if (ofStream && (shuffle || sampler != null || batchSampler != null)) {
      return "an IterableDataset has its own order; got shuffle, sampler or batch_sampler";
    } else if (sampler != null && shuffle) {
      return "sampler option is mutually exclusive with shuffle";
    } else if (batchSampler != null && (batchSize != 1 || shuffle || sampler != null || dropLast)) {
      return "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and"
          + " drop_last";
    }
    return null;
  }

  /** Returns the order of samples. */
  Sampler order(long samples) {
    if (sampler != null) {
      return sampler;
    }
    return shuffle ? new RandomSampler(samples) : new SequentialSampler(samples);
  }

  /** Returns whether batches are pinned; warns if they should be and there is no GPU. */
  boolean pins() {
    if (pinMemory && Devices.accelerator() == null) {
      Warnings.warn(
          LOG,
          "DataLoader: 'pin_memory' argument is set as true but no accelerator is found, then"
              + " device pinned memory won't be used; probed: {}",
          Devices.probeAccelerators());
      return false;
    }
    return pinMemory;
  }

  long timeoutMs() {
    return timeout.isZero() ? 0 : Math.max(1, timeout.toMillis());
  }

  Generator generator() {
    return generator != null
        ? generator
        : new Generator(BatchMaker.epochSeed(Generator.current().nextKey()));
  }
}
