package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Describes a {@link DataLoader}. Defaults: batches of 1, in order, the last one kept, no workers,
 * no timeout.
 *
 * @param <T> the samples
 * @param <B> the batches
 */
public final class DataLoaderBuilder<T, B> {
  private final BatchSource source; // null: a stream
  private final IterableDataset<T> stream;
  private final Function<long[], B> gather; // null: samples are collated
  private final Function<List<T>, B> collate;
  private int batchSize = 1;
  private boolean shuffle;
  private boolean dropLast;
  private Sampler sampler;
  private BatchSampler batchSampler;
  private Generator generator;
  private int workers;
  private int prefetchFactor = 2;
  private Duration timeout = Duration.ZERO;

  DataLoaderBuilder(
      BatchSource source,
      IterableDataset<T> stream,
      Function<long[], B> gather,
      Function<List<T>, B> collate) {
    this.source = source;
    this.stream = stream;
    this.gather = gather;
    this.collate = collate;
  }

  /** Sets the number of samples in a batch. */
  public DataLoaderBuilder<T, B> batchSize(int samples) {
    batchSize = samples;
    return this;
  }

  /** Sets whether each pass has another order, as of {@link RandomSampler}. */
  public DataLoaderBuilder<T, B> shuffle(boolean shuffles) {
    shuffle = shuffles;
    return this;
  }

  /** Sets whether a last batch that is smaller is left out. */
  public DataLoaderBuilder<T, B> dropLast(boolean drops) {
    dropLast = drops;
    return this;
  }

  /** Sets the order of samples. */
  public DataLoaderBuilder<T, B> sampler(Sampler order) {
    sampler = order;
    return this;
  }

  /** Sets the order of samples in batches, in place of a size, an order and dropLast. */
  public DataLoaderBuilder<T, B> batchSampler(BatchSampler order) {
    batchSampler = order;
    return this;
  }

  /**
   * Sets the function that makes a batch of samples, in place of {@link Collate#batch}; {@link
   * Collate#nested} is another.
   *
   * @throws IllegalStateException if the source gives whole batches only, no samples
   */
  public <C> DataLoaderBuilder<T, C> collate(Function<List<T>, C> function) {
    if (collate == null) {
      throw new IllegalStateException(
          "DataLoader: collate must be of a dataset's samples; got a source of batches");
    }
    DataLoaderBuilder<T, C> other = new DataLoaderBuilder<>(source, stream, null, function);
    other.batchSize = batchSize;
    other.shuffle = shuffle;
    other.dropLast = dropLast;
    other.sampler = sampler;
    other.batchSampler = batchSampler;
    other.generator = generator;
    other.workers = workers;
    other.prefetchFactor = prefetchFactor;
    other.timeout = timeout;
    return other;
  }

  /**
   * Sets the generator that gives each pass its random numbers; default one whose seed is drawn
   * from the thread's default generator.
   */
  public DataLoaderBuilder<T, B> generator(Generator value) {
    generator = value;
    return this;
  }

  /** Sets the number of threads that make batches ahead; 0: each batch is made when asked for. */
  public DataLoaderBuilder<T, B> workers(int threads) {
    workers = threads;
    return this;
  }

  /** Sets how many batches are made ahead for each worker; default 2. */
  public DataLoaderBuilder<T, B> prefetchFactor(int batches) {
    prefetchFactor = batches;
    return this;
  }

  /** Sets how long to wait for a batch of the workers; zero: as long as it takes. */
  public DataLoaderBuilder<T, B> timeout(Duration longest) {
    timeout = longest;
    return this;
  }

  /**
   * Makes the loader.
   *
   * @throws IllegalArgumentException if options are out of range or contradict each other
   */
  public DataLoader<B> build() {
    String problem = problem();
    if (problem != null) {
      throw new IllegalArgumentException("DataLoader: " + problem);
    }
    if (stream != null) {
      return new DataLoader<>(
          this, seed -> new StreamBatches<>(stream.iterator(), batchSize, dropLast, collate), -1);
    }
    Sampler order = sampler;
    if (order == null) {
      order = shuffle ? new RandomSampler(source.rows()) : new SequentialSampler(source.rows());
    }
    BatchSampler batches =
        batchSampler == null ? BatchSampler.of(order, batchSize, dropLast) : batchSampler;
    return new DataLoader<>(
        this,
        seed -> new IndexedBatches<>(batches.batches(new Generator(seed)), made()),
        batches.size());
  }

  private Function<long[], B> made() {
    return gather != null
        ? gather
        : indices -> collate.apply(IndexedBatches.samples(dataset(), indices));
  }

  @SuppressWarnings("unchecked") // only a dataset has a collate function
  private Dataset<T> dataset() {
    return (Dataset<T>) source;
  }

  private String problem() {
    if (batchSize < 1) {
      return message(
          "batch_size should be a positive integer value, but got batch_size=%s", batchSize);
    } else if (workers < 0) {
      return message("num_workers option should be non-negative; got %s", workers);
    } else if (prefetchFactor < 1) {
      return message("prefetch_factor option should be positive; got %s", prefetchFactor);
    } else if (timeout.isNegative()) {
      return message("timeout option should be non-negative; got %s", timeout);
    } else if (stream != null && (shuffle || sampler != null || batchSampler != null)) {
      return "an IterableDataset has its own order; got shuffle, sampler or batch_sampler";
    } else if (sampler != null && shuffle) {
      return "sampler option is mutually exclusive with shuffle";
    } else if (batchSampler != null && (batchSize != 1 || shuffle || sampler != null || dropLast)) {
      return "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and"
          + " drop_last";
    }
    return null;
  }

  int workers() {
    return workers;
  }

  int prefetchFactor() {
    return prefetchFactor;
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
