package dev.bellows.spark.worker;

import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.OptimizerState;
import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.checkpoint.CheckpointManifest;
import dev.bellows.spark.checkpoint.CheckpointStore;
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

/**
 * Writes this rank's part of checkpoints in the background, from a copy of the state. One write at
 * a time: a checkpoint that comes before the last one is written waits for it.
 */
final class PartWriter implements AutoCloseable {
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
   * is put together tensor by tensor.
   */
  void write(String attempt, long done, TrainLoop<?> loop) throws InterruptedException {
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
      running = thread.submit(() -> write(attempt, copies, part));
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

  private void write(String attempt, Map<String, Tensor> tensors, CheckpointPart.Builder part) {
    try {
      var info = store.writePart(attempt, rank, worldSize, tensors);
      part.setFile(info.name())
          .setBytes(info.bytes())
          .setCrc32C(info.crc32c())
          .setTensors(info.tensors());
      sender.accept(ToDriver.newBuilder().setPart(part).build());
    } finally {
      tensors.values().forEach(Tensor::close);
    }
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
