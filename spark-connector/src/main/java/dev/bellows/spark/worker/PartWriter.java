package dev.bellows.spark.worker;

import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.OptimizerState;
import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.checkpoint.CheckpointManifest;
import dev.bellows.spark.checkpoint.CheckpointStore;
import dev.bellows.spark.checkpoint.StorageFault;
import dev.bellows.spark.checkpoint.Tries;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.TrainLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes this rank's part of checkpoints in the background, from a copy of the state. One write at
 * a time: a checkpoint that comes before the last one is written waits for it.
 */
final class PartWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartWriter.class);
  private static final String MODEL = "model.";
  private static final String OPTIMIZER = "optimizer.";

  private final CheckpointStore store;
  private final int rank;
  private final int worldSize;
  private final Consumer<ToDriver> sender;
  private final ExecutorService thread;
  private Future<?> running;

  PartWriter(CheckpointStore store, int rank, int worldSize, Consumer<ToDriver> sender) {
    this.store = store;
    this.rank = rank;
    this.worldSize = worldSize;
    this.sender = sender;
    this.thread =
        Executors.newSingleThreadExecutor(
            run -> {
              var result = new Thread(run, "bellows-checkpoint-r" + rank);
              result.setDaemon(true);
              return result;
            });
  }

  /**
   * Starts to write the state after {@code done} steps. Every rank calls this, as a sharded state
   * is put together tensor by tensor. That a part cannot be written is told to the driver, and ends
   * nothing here.
   *
   * @param last whether no other checkpoint follows, so that writing is tried several times
   */
  void write(String attempt, long done, boolean last, TrainLoop<?> loop)
      throws InterruptedException {
    await();
    var weights = loop.model().stateDict().asMap();
    var values = loop.optimizer().stateDict().values();
    var bytes = new LinkedHashMap<String, Long>();
    weights.forEach((key, t) -> bytes.put(MODEL + key, t.numel() * t.dtype().bytes()));
    loop.optimizerBytes().forEach((key, size) -> bytes.put(OPTIMIZER + key, size));
    var mine = Set.copyOf(CheckpointStore.assign(bytes, worldSize).get(rank));
    var copies = new LinkedHashMap<String, Tensor>();
    try (var sum = new StorageFiles.Summing(OutputStream.nullOutputStream())) {
      BiConsumer<String, Tensor> each =
          (key, tensor) -> {
            add(sum, Map.of(key, tensor), Map.of());
            if (mine.contains(key)) {
              copies.put(key, tensor.detach().clone().retain());
            }
          };
      weights.forEach((key, tensor) -> each.accept(MODEL + key, tensor));
      loop.optimizerTensors((key, tensor) -> each.accept(OPTIMIZER + key, tensor));
      add(sum, Map.of(), values);
      var part =
          CheckpointPart.newBuilder()
              .setStep(done)
              .setAttempt(attempt)
              .setLr(loop.optimizer().lr())
              .setStateCrc32C(sum.crc32c());
      if (rank == 0) {
        part.putAllOptimizerValues(values);
      }
      running =
          thread.submit(
              () -> {
                write(attempt, last, copies, part);
                return null;
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To a sum over all ranks' parts together, so that ranks whose states differ are found out. */
  private static void add(
      OutputStream sum, Map<String, Tensor> tensors, Map<String, String> values) {
    try {
      SafeTensors.write(tensors, values, sum);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(
      String attempt, boolean last, Map<String, Tensor> tensors, CheckpointPart.Builder part)
      throws Exception {
    try {
      var info =
          Tries.run(
              () -> store.writePart(attempt, rank, worldSize, tensors),
              () -> last && !thread.isShutdown());
      part.setFile(info.name())
          .setBytes(info.bytes())
          .setCrc32C(info.crc32c())
          .setTensors(info.tensors());
    } catch (Throwable failure) {
      if (!StorageFault.isPossible(failure)) {
        throw failure;
      }
      LOG.warn("rank {}: a part of {} is not written", rank, attempt, failure);
      sender.accept(
          ToDriver.newBuilder()
              .setFailure(
                  Failure.newBuilder()
                      .setStep(part.getStep())
                      .setMessage(Failures.message(failure)))
              .build());
      return;
    } finally {
      tensors.values().forEach(Tensor::close);
    }
    sender.accept(ToDriver.newBuilder().setPart(part).build());
  }

  /** Throws what the last write threw, if it has ended. */
  void poll() throws InterruptedException {
    if (running != null && running.isDone()) {
      await();
    }
  }

  /** Waits for the write under way; throws what it threw. */
  void await() throws InterruptedException {
    if (running == null) {
      return;
    }
    try {
      running.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException r
          ? r
          : new IllegalStateException(e.getCause());
    } finally {
      running = null;
    }
  }

  /** Gives model and optimizer the state of a checkpoint, which must be of that step. */
  static void restore(
      CheckpointStore store, String checkpoint, long step, Module model, Optimizer optimizer) {
    CheckpointManifest manifest = store.read(checkpoint);
    if (manifest.step() != step) {
      throw BellowsException.fatal(
          "checkpoint: "
              + checkpoint
              + " must be of the start step; it is of step "
              + manifest.step()
              + ", training starts at "
              + step);
    }
    var loaded = store.load(manifest);
    try {
      var weights = new StateDict();
      var tensors = new LinkedHashMap<String, Tensor>();
      loaded.forEach(
          (key, tensor) -> {
            if (key.startsWith(MODEL)) {
              weights.put(key.substring(MODEL.length()), tensor);
            } else {
              tensors.put(key.substring(OPTIMIZER.length()), tensor);
            }
          });
      model.loadStateDict(weights);
      optimizer.loadStateDict(
          new OptimizerState(tensors, new LinkedHashMap<>(manifest.optimizerValues())));
    } finally {
      loaded.values().forEach(Tensor::close);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
