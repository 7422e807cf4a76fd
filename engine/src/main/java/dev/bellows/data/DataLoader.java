package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Batches of a dataset, for loops of the user's own. Each {@link #iterator} is one pass over the
 * data:
 *
 * <pre>{@code
 * DataLoader<Batch> loader =
 *     DataLoader.of(TensorDataset.of(x, y)).batchSize(32).shuffle(true).workers(2).build();
 * for (Batch batch : loader) {
 *   Tensor loss = crossEntropy(model.call(batch.input(0)), batch.input(1));
 * }
 * }</pre>
 *
 * <p>Batches and their order do not depend on the number of workers: the order of a pass follows
 * from the loader's generator, and what a dataset draws from its thread's default generator from
 * the pass and the number of the batch. Datasets and collate functions run without a graph. Workers
 * are threads that end by themselves a second after the last batch, so a loop may be left at any
 * time.
 *
 * <p>{@link #stateDict} has the position in a pass; a loader of the same data and options to which
 * it is given continues with the same batches. Source: PyTorch's {@code
 * torch.utils.data.DataLoader}, torchdata's {@code StatefulDataLoader}.
 *
 * <p>Not safe for use by several threads.
 *
 * @param <B> the batches
 */
public final class DataLoader<B> implements Iterable<B> {
  private static final String SEED = "seed";
  private static final String DRAW = "draw";
  private static final String BATCHES = "batches";
  private static final String LOST = "lost";

  private final BatchMaker.Start<B> start;
  private final long size;
  private final int workers;
  private final int ahead;
  private final long timeoutMs;
  private final boolean pins;
  private final Executor threads;
  private Generator generator;
  private LoaderPass<B> pass;
  private long firstBatch;
  private long firstLost;

  DataLoader(LoaderOptions options, BatchMaker.Start<B> start, long size) {
    this.start = start;
    this.size = size;
    this.workers = options.workers;
    this.ahead = workers * options.prefetchFactor;
    this.timeoutMs = options.timeoutMs();
    this.threads = workers == 0 ? Runnable::run : Prefetched.threads(workers, "bellows-loader");
    this.generator = options.generator();
    this.pins = options.pins();
  }

  /**
   * Starts the description of a loader of samples, which are collated by {@link Dataset#gather}
   * unless a collate function is set.
   */
  public static <T> DataLoaderBuilder<T, Batch> of(Dataset<T> dataset) {
    return new DataLoaderBuilder<>(dataset, null, dataset::gather, Collate::batch);
  }

  /** Starts the description of a loader of a source's rows. */
  public static DataLoaderBuilder<Void, Batch> of(BatchSource source) {
    return new DataLoaderBuilder<>(source, null, source::gather, null);
  }

  /** Starts the description of a loader of a stream, collated by {@link Collate#batch}. */
  public static <T> DataLoaderBuilder<T, Batch> of(IterableDataset<T> stream) {
    return new DataLoaderBuilder<>(null, stream, null, Collate::batch);
  }

  /**
   * Returns the number of batches in a pass.
   *
   * @throws UnsupportedOperationException if the data is a stream
   */
  public long size() {
    if (size < 0) {
      throw new UnsupportedOperationException(
          "DataLoader.size: a stream has no size before its end; count its batches");
    }
    return size;
  }

  /**
   * Starts a pass, or continues the one of a loaded state.
   *
   * <p>An exception of the dataset or the collate function comes from {@code next} of the batch, as
   * a {@link dev.bellows.errors.TrainingException} with the exception as its cause that names the
   * sample; the pass may be continued with the next batch.
   */
  @Override
  public Iterator<B> iterator() {
    long draw = generator.state();
    LoaderPass<B> next =
        new LoaderPass<>(this, draw, start, BatchMaker.epochSeed(generator.nextKey()));
    try {
      next.skip(firstBatch, firstLost);
    } catch (RuntimeException e) {
      generator.setState(draw); // the loaded state stays
      throw e;
    }
    pass = next;
    firstBatch = 0;
    firstLost = 0;
    return pass;
  }

  Executor threads() {
    return threads;
  }

  int ahead() {
    return ahead;
  }

  boolean pins() {
    return pins;
  }

  long timeoutMs() {
    return timeoutMs;
  }

  /**
   * Returns the position of the latest pass: numbers by name, for {@link #loadStateDict} and for
   * checkpoints. A pass ends when its iterator says that there is no other batch.
   */
  public Map<String, Object> stateDict() {
    boolean inside = pass != null && !pass.isEnded();
    Map<String, Object> state = new LinkedHashMap<>();
    state.put(SEED, generator.seed());
    state.put(DRAW, inside ? pass.draw() : generator.state());
    state.put(BATCHES, inside ? pass.given() : firstBatch);
    state.put(LOST, inside ? pass.lost() : firstLost);
    return state;
  }

  /**
   * Makes the next {@link #iterator} continue where the state was taken, and later passes follow as
   * they would have. A stream is read from its beginning up to the position, over as many batches
   * that fail as failed before.
   *
   * @throws IllegalArgumentException if the state lacks an entry
   */
  public void loadStateDict(Map<String, ?> state) {
    Generator saved = new Generator(number(state, SEED));
    saved.setState(number(state, DRAW));
    firstBatch = number(state, BATCHES);
    firstLost = state.containsKey(LOST) ? number(state, LOST) : 0; // states of before lack it
    generator = saved;
    pass = null;
  }

  private static long number(Map<String, ?> state, String name) {
    if (state.get(name) instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalArgumentException(
        message(
            "DataLoader.loadStateDict: the state must have the numbers seed, draw and batches; got"
                + " %s",
            state));
  }
}
