package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.errors.TrainingException;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.nn.ShardGroup;
import dev.bellows.nn.layer.BatchNorms;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.TreeAccumulator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Runs the shards of a rank in turns, for models whose layers need sums over all shards in the
 * middle of forward and backward. Each shard has a thread, of which one runs at a time: until it
 * needs a sum, then the next shard's, and when all have come that far, the values of all ranks are
 * added and the first continues. So the order of everything is that of the shards, and the memory
 * is that of all shards of the rank at once.
 *
 * <p>All ranks add vectors of one length in each round, the last of which says that no shard needs
 * another sum; so a rank without rows takes part, and shards that call different layers are found
 * rather than waited for.
 */
final class ShardTurns implements AutoCloseable {
  /** Behind the values: the shards that need a sum, and the number and squared number of what. */
  private static final int TAG = 3;

  private final List<Module> layers;
  private final int shards;
  private final ReductionTree.Range range;
  private final GradientExchange exchange;
  private final int length;
  private final Flats flats = new Flats(DType.FLOAT64, Device.CPU);
  private final ExecutorService threads;
  private boolean cancelled;

  /** What runs in the turns. */
  interface Steps {
    /** Runs a whole shard. */
    void run(int shard);

    /** Makes a shard that waited the one that runs. */
    void enter(int shard);

    /** Sets a shard aside that waits for a sum. */
    void leave(int shard);
  }

  /** A shard's thread, and what it waits for. */
  private final class Turn {
    private final int shard;
    private final Semaphore ahead = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private Thread thread;
    private Need need;
    private double[] sum;
    private boolean hasBegun;
    private boolean hasEnded;
    private Throwable failure;

    Turn(int shard) {
      this.shard = shard;
    }

    private void run(Steps steps) {
      thread = Thread.currentThread();
      back.release();
      ahead.acquireUninterruptibly();
      try {
        if (!cancelled) {
          new ShardGroup(this::sum)
              .run(
                  () -> {
                    steps.run(shard);
                    return null;
                  });
        }
      } catch (RuntimeException | Error e) {
        failure = e;
      } finally {
        hasEnded = true;
        back.release();
      }
    }

    private double[] sum(Module layer, boolean isBackward, double... values) {
      need = new Need(layer, isBackward, values);
      if (!cancelled) {
        back.release();
        ahead.acquireUninterruptibly();
      }
      if (cancelled) {
        throw new CancellationException("train: another shard of the step failed");
      }
      need = null;
      return sum;
    }

    /** Lets the shard run until it needs a sum or ends; an interrupt is passed on to it. */
    private void resume() {
      ahead.release();
      boolean interrupted = false;
      while (true) {
        try {
          back.acquire();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          thread.interrupt();
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A sum that a shard needs. */
  private record Need(Module layer, boolean isBackward, double[] values) {}

  private ShardTurns(
      Module model, int shards, ReductionTree.Range range, GradientExchange exchange, int most) {
    this.layers = List.copyOf(model.modules());
    this.shards = shards;
    this.range = range;
    this.exchange = exchange;
    this.length = most + TAG;
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, range.size()),
            work -> {
              Thread thread = new Thread(work, "bellows-shard");
              thread.setDaemon(true);
              return thread;
            });
    exchange.requireEqual("synchronised layers", List.of(message("most values %s", most)));
    flats.allocate(length);
  }

  /** Returns the turns of a model's shards; null if no layer needs sums. */
  static ShardTurns of(
      Module model, int shards, ReductionTree.Range range, GradientExchange exchange) {
    int most = BatchNorms.synchronizedValues(model);
    return most == 0 ? null : new ShardTurns(model, shards, range, exchange, most);
  }

  /**
   * Runs the shards of this rank, and adds for those of the others.
   *
   * @param used the shards that have rows, over all ranks
   */
  void run(int used, Steps steps) {
    List<Turn> turns = new ArrayList<>();
    cancelled = false;
    for (int shard = range.first(); shard < Math.min(used, range.end()); shard++) {
      turns.add(new Turn(shard));
    }
    for (Turn turn : turns) {
      threads.execute(() -> turn.run(steps));
      turn.back.acquireUninterruptibly();
    }
    try {
      do {
        turns.forEach(turn -> advance(turn, steps));
      } while (addNeeds(turns, used));
    } finally {
      cancelled = true;
      for (Turn turn : turns) {
        if (!turn.hasEnded) {
          turn.resume();
        }
      }
    }
  }

  private void advance(Turn turn, Steps steps) {
    if (turn.hasEnded) {
      return;
    }
    if (turn.hasBegun) {
      steps.enter(turn.shard);
    }
    turn.hasBegun = true;
    turn.resume();
    if (turn.failure instanceof Error error) {
      throw error;
    }
    if (turn.failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (!turn.hasEnded) {
      steps.leave(turn.shard);
    }
  }

  /** Adds what the shards of all ranks need; false if none needs anything. */
  private boolean addNeeds(List<Turn> turns, int used) {
    try (TensorScope scope = TensorScope.open()) {
      double[] values = sum(turns);
      if (values[length - TAG] == 0) {
        return false;
      }
      requireSame(turns, values, used);
      turns.forEach(turn -> turn.sum = Arrays.copyOf(values, turn.need.values.length));
      return true;
    }
  }

  private double[] sum(List<Turn> turns) {
    flats.begin();
    TreeAccumulator<Tensor> sums =
        new TreeAccumulator<>(shards, range.first(), range.end(), flats::add);
    for (int i = 0; i < range.size(); i++) {
      Need need = i < turns.size() ? turns.get(i).need : null;
      Tensor leaf = flats.take();
      leaf.copy_(Tensor.of(need == null ? new double[length] : tagged(need)));
      sums.add(leaf);
    }
    List<TreeAccumulator.Partial<Tensor>> partials = sums.finish();
    Tensor sum = partials.isEmpty() ? flats.take() : partials.get(0).value();
    exchange.start("statistics of the batch", shards, partials, sum).await();
    return sum.toDoubleArray();
  }

  private double[] tagged(Need need) {
    if (need.values.length > length - TAG) {
      throw new IllegalArgumentException(
          message(
              "allReduce: a layer may add at most %s values; got %s",
              length - TAG, need.values.length));
    }
    double[] values = Arrays.copyOf(need.values, length);
    double number = number(need);
    values[length - TAG] = 1;
    values[length - TAG + 1] = number;
    values[length - TAG + 2] = number * number;
    return values;
  }

  private int number(Need need) {
    int layer = 0;
    while (layers.get(layer) != need.layer) {
      layer++;
    }
    return 2 * layer + (need.isBackward ? 1 : 0);
  }

  /** All numbers are equal if and only if their variance is 0. */
  private void requireSame(List<Turn> turns, double[] values, int used) {
    double count = values[length - TAG];
    double number = values[length - TAG + 1];
    if (count == used && number * number == count * values[length - TAG + 2]) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (Turn turn : turns) {
      text.append(text.isEmpty() ? "" : ", ").append("shard ").append(turn.shard).append(" ");
      text.append(turn.need == null ? "at the end of its step" : describe(turn.need));
    }
    throw new TrainingException(
        TrainingException.Category.USER,
        message(
            "train: all shards must call the synchronised layers in the same order, in forward and"
                + " backward; %s of %s shards wait for a sum, on this rank %s",
            (long) count, used, text.isEmpty() ? "none" : text));
  }

  private static String describe(Need need) {
    return (need.isBackward ? "in backward of " : "in forward of ") + need.layer;
  }

  @Override
  public void close() {
    threads.shutdown();
    flats.close();
  }
}
