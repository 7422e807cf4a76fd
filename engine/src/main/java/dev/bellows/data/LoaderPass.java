package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.errors.TrainingException;
import dev.bellows.nn.TensorTree;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * One pass of a {@link DataLoader}. It starts batches in order and gives them in that order.
 *
 * @param <B> the batches
 */
final class LoaderPass<B> implements Iterator<B> {
  private final DataLoader<B> loader;
  private final BatchMaker<B> maker;
  private final long draw;
  private final long seed;
  private final Deque<Prefetched<B>> started = new ArrayDeque<>();
  private long starts;
  private long given;
  private long lost;
  private B value;
  private Throwable failure;
  private boolean ended;

  LoaderPass(DataLoader<B> loader, long draw, BatchMaker.Start<B> start, long seed) {
    this.loader = loader;
    this.draw = draw;
    this.seed = seed;
    this.maker = start.pass(seed);
  }

  /** Returns the draw of the loader's generator that the pass follows from. */
  long draw() {
    return draw;
  }

  /** Returns the number of batches that were given. */
  long given() {
    return given;
  }

  boolean isEnded() {
    return ended;
  }

  /** Returns how many of the batches that were given failed. */
  long lost() {
    return lost;
  }

  /**
   * Passes over the first batches.
   *
   * @param losses how many of them may fail, as they did when they were asked for
   */
  void skip(long batches, long losses) {
    TrainingException failed = null;
    while (given < batches) {
      boolean passed = maker.hasNext();
      try {
        passed = passed && start(Runnable::run, maker.skipped()).take(0);
      } catch (TrainingException e) {
        failed = e;
        lost++;
        if (lost > losses) {
          throw e;
        }
      } catch (InterruptedException | TimeoutException e) {
        throw new IllegalStateException("DataLoader: nothing was waited for", e);
      }
      if (!passed) {
        throw new IllegalArgumentException(
            message(
                "DataLoader: a loaded state must fit the data; it is after batch %s of %s",
                batches, given),
            failed);
      }
      given++;
    }
    lost = losses;
  }

  private <V> Prefetched<V> start(Executor threads, Callable<V> code) {
    return Prefetched.start(threads, Generator.at(seed, starts++, 0), code);
  }

  @Override
  public boolean hasNext() {
    if (ended || value != null || failure != null) {
      return !ended;
    }
    while (started.size() < Math.max(1, loader.ahead()) && maker.hasNext()) {
      Callable<B> next = maker.next();
      started.add(start(loader.threads(), loader.pins() ? () -> pinned(next.call()) : next));
    }
    if (!started.isEmpty()) {
      await();
    }
    ended = value == null && failure == null;
    return !ended;
  }

  @SuppressWarnings("unchecked") // of the value's class
  private static <V> V pinned(V value) {
    if (value instanceof Batch batch) {
      return (V) batch.pinMemory();
    }
    Tensor[] leaves = TensorTree.leaves(value);
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = leaves[i] == null ? null : leaves[i].pinMemory();
    }
    return TensorTree.replace(value, leaves);
  }

  private void await() {
    try {
      value = started.element().take(loader.timeoutMs());
      started.remove();
    } catch (TimeoutException e) { // it may come later
      failure =
          new TrainingException(
              TrainingException.Category.RETRYABLE,
              message(
                  "DataLoader: timed out after %s ms, waiting for batch %s",
                  loader.timeoutMs(), given),
              e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure =
          new TrainingException(
              TrainingException.Category.RETRYABLE,
              message("DataLoader: interrupted while waiting for batch %s", given),
              e);
    } catch (RuntimeException | Error e) {
      started.remove();
      given++;
      lost++;
      failure = e;
    }
  }

  @Override
  public B next() {
    if (!hasNext()) {
      throw new NoSuchElementException("DataLoader: no batch is left in this pass");
    }
    Throwable thrown = failure;
    B batch = value;
    failure = null;
    value = null;
    if (thrown instanceof Error error) {
      throw error;
    } else if (thrown != null) {
      throw (RuntimeException) thrown;
    }
    given++;
    return batch;
  }
}
