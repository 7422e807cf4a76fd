package dev.bellows.data;

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
  private final LoaderOptions options;

  DataLoaderBuilder(
      BatchSource source,
      IterableDataset<T> stream,
      Function<long[], B> gather,
      Function<List<T>, B> collate) {
    this(source, stream, gather, collate, new LoaderOptions());
  }

  private DataLoaderBuilder(
      BatchSource source,
      IterableDataset<T> stream,
      Function<long[], B> gather,
      Function<List<T>, B> collate,
      LoaderOptions options) {
    this.source = source;
    this.stream = stream;
    this.gather = gather;
    this.collate = collate;
    this.options = options;
  }

  /** Sets the number of samples in a batch. */
  public DataLoaderBuilder<T, B> batchSize(int samples) {
    options.batchSize = samples;
    return this;
  }

  /** Sets whether each pass has another order, as of {@link RandomSampler}. */
  public DataLoaderBuilder<T, B> shuffle(boolean shuffles) {
    options.shuffle = shuffles;
    return this;
  }

  /** Sets whether a last batch that is smaller is left out. */
  public DataLoaderBuilder<T, B> dropLast(boolean drops) {
    options.dropLast = drops;
    return this;
  }

  /** Sets the order of samples. */
  public DataLoaderBuilder<T, B> sampler(Sampler order) {
    options.sampler = order;
    return this;
  }

  /** Sets the order of samples in batches, in place of a size, an order and dropLast. */
  public DataLoaderBuilder<T, B> batchSampler(BatchSampler order) {
    options.batchSampler = order;
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
    return new DataLoaderBuilder<>(source, stream, null, function, options.copy());
  }

  /**
   * Sets the generator that gives each pass its random numbers; default one whose seed is drawn
   * from the thread's default generator.
   */
  public DataLoaderBuilder<T, B> generator(Generator value) {
    options.generator = value;
    return this;
  }

  /** Sets the number of threads that make batches ahead; 0: each batch is made when asked for. */
  public DataLoaderBuilder<T, B> workers(int threads) {
    options.workers = threads;
    return this;
  }

  /** Sets how many batches are made ahead for each worker; default 2. */
  public DataLoaderBuilder<T, B> prefetchFactor(int batches) {
    options.prefetchFactor = batches;
    return this;
  }

  /** Sets how long to wait for a batch of the workers; zero: as long as it takes. */
  public DataLoaderBuilder<T, B> timeout(Duration longest) {
    options.timeout = longest;
    return this;
  }

  /**
   * Sets whether the tensors of batches are in pinned memory of the host, from which {@link
   * Batch#to(dev.bellows.memory.Device, boolean)} copies to a GPU while the host continues; default
   * false. They are found in batches, arrays, lists, maps and records. Without a GPU there is a
   * warning, and batches stay as they are.
   */
  public DataLoaderBuilder<T, B> pinMemory(boolean pins) {
    options.pinMemory = pins;
    return this;
  }

  /**
   * Makes the loader.
   *
   * @throws IllegalArgumentException if options are out of range or contradict each other
   */
  public DataLoader<B> build() {
    options.check(stream != null);
    int batchSize = options.batchSize;
    boolean dropLast = options.dropLast;
    if (stream != null) {
      return new DataLoader<>(
          options,
          seed -> new StreamBatches<>(stream.iterator(), batchSize, dropLast, collate),
          -1);
    }
    BatchSampler batches =
        options.batchSampler != null
            ? options.batchSampler
            : BatchSampler.of(options.order(source.rows()), batchSize, dropLast);
    return new DataLoader<>(
        options,
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
}
