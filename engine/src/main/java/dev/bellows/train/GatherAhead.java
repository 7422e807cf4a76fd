package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.data.KeyedPermutation;
import dev.bellows.data.Prefetched;
import dev.bellows.errors.TrainingException;
import dev.bellows.memory.Device;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.tensor.Generator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The rows of a rank's shards. While one shard's batch is used, a thread gathers the one that comes
 * next: of the next shard, or of the first shard at the next step. Each is gathered with the
 * shard's generator, from which the step then draws on, so that all bits are those of gathering in
 * turn. There is at most one batch ahead. Batches on a device are not gathered ahead: work on a
 * device is submitted by one thread.
 */
final class GatherAhead implements AutoCloseable {
  /** Time for a gather whose rows are not used to end: that of a batch from slow storage. */
  private static final long GATHER_MS = 10_000;

  /** How long a gather may run after it was interrupted. */
  private static final long INTERRUPTED_MS = 5_000;

  private final BatchSource source;
  private final TrainSettings settings;
  private final int shards;
  private final ReductionTree.Range range;
  private final ExecutorService thread = Prefetched.threads(1, "bellows-gather");
  private boolean any;
  private boolean onHost;
  private Next next;

  private record Next(long step, int shard, long[] rows, Prefetched<Batch> batch) {
    boolean is(long otherStep, int otherShard) {
      return step == otherStep && shard == otherShard;
    }
  }

  GatherAhead(BatchSource source, TrainSettings settings, int shards, ReductionTree.Range range) {
    this.source = source;
    this.settings = settings;
    this.shards = shards;
    this.range = range;
  }

  long stepsPerEpoch() {
    return (source.rows() + settings.globalBatch() - 1) / settings.globalBatch();
  }

  private long firstPosition(long step) {
    return step % stepsPerEpoch() * settings.globalBatch();
  }

  /** Returns the number of rows of all shards at a step. */
  int batchRows(long step) {
    return (int) Math.min(settings.globalBatch(), source.rows() - firstPosition(step));
  }

  /**
   * Returns the positions of a shard in the batch. The last batch of an epoch is cut into fewer
   * shards rather than into single rows, of which a batch normalisation has no statistics.
   */
  private ReductionTree.Range part(long step, int shard) {
    int rows = batchRows(step);
    int used = usedShards(rows);
    return shard < used
        ? ReductionTree.shardRange(rows, used, shard)
        : new ReductionTree.Range(rows, rows);
  }

  private int usedShards(int rows) {
    int pairs = Math.max(1, rows / 2);
    return rows < settings.globalBatch() ? Math.min(shards, pairs) : shards;
  }

  /** Returns how many shards have rows at a step; they come before the others. */
  int shardsWithRows(long step) {
    int rows = batchRows(step);
    return Math.min(rows, usedShards(rows));
  }

  /** Returns the rows of a shard at a step, in order. */
  long[] rows(long step, int shard) {
    if (next != null && next.is(step, shard)) {
      return next.rows;
    }
    ReductionTree.Range part = part(step, shard);
    long epoch = step / stepsPerEpoch();
    KeyedPermutation order = new KeyedPermutation(settings.seed(), epoch, source.rows());
    long[] rows = new long[part.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = order.at(firstPosition(step) + part.first() + i);
    }
    return rows;
  }

  /**
   * Returns the batch of a shard's rows, in the open scope, and makes the shard's generator the
   * thread's default. Begins to gather the batch that comes next.
   */
  Batch take(long step, int shard, long... rows) {
    Prefetched<Batch> mine;
    if (next != null && next.is(step, shard)) {
      mine = next.batch;
    } else {
      drop(GATHER_MS);
      mine = start(step, shard, rows);
    }
    next = null;
    try {
      Batch batch = mine.take(0);
      if (!any) {
        any = true;
        onHost = batch.inputs().values().stream().allMatch(t -> t.device() == Device.CPU);
      }
      Generator.setCurrent(mine.generator());
      startNext(step, shard);
      return batch;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      mine.close(0);
      throw new TrainingException(
          TrainingException.Category.RETRYABLE,
          message("train: step %s, shard %s: interrupted while rows were gathered", step, shard),
          e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("train: a wait without a limit has none", e);
    }
  }

  private Prefetched<Batch> start(long step, int shard, long... rows) {
    return Prefetched.start(
        onHost ? thread : Runnable::run,
        Generator.at(settings.seed(), step, shard),
        () -> source.gather(rows));
  }

  private void startNext(long step, int shard) {
    if (!onHost) {
      return;
    }
    int following = shard + 1;
    long at = step;
    if (following == range.end() || part(step, following).size() == 0) { // the rest is empty, too
      following = range.first();
      at++;
    }
    long[] rows = rows(at, following);
    if (rows.length > 0) {
      next = new Next(at, following, rows, start(at, following, rows));
    }
  }

  private void drop(long gatherMs) {
    if (next != null) {
      next.batch.close(gatherMs);
      next = null;
    }
  }

  /**
   * Waits for the gather that runs.
   *
   * @throws TrainingException ({@code RETRYABLE}) if it does not end, not even when interrupted
   */
  @Override
  public void close() {
    close(GATHER_MS, INTERRUPTED_MS);
  }

  void close(long gatherMs, long interruptedMs) {
    drop(gatherMs);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(interruptedMs, TimeUnit.MILLISECONDS)) {
        throw new TrainingException(
            TrainingException.Category.RETRYABLE,
            message(
                "train: close: the source's gather must end; it still runs after %s ms and an"
                    + " interrupt, in a separate thread",
                gatherMs + interruptedMs));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
