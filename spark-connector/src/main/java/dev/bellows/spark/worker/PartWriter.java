package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

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
import dev.bellows.spark.checkpoint.ShardAssignment;
import dev.bellows.spark.checkpoint.StorageFault;
import dev.bellows.spark.checkpoint.Tries;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.TrainLoop;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes this rank's part of checkpoints in the background, from a copy of the state, one at a
 * time: a checkpoint waits until the one before it is written.
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
   * Starts to write the state after {@code done} steps. Every rank must call this, as a sharded
   * state is gathered tensor by tensor. If the part cannot be written, the driver is told and
   * training continues.
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
    var mine = Set.copyOf(ShardAssignment.assign(bytes, worldSize).get(rank));
    var copies = new LinkedHashMap<String, Tensor>();
    var sum = new CRC32C(); // of the whole state, so that ranks whose states differ are found out
    BiConsumer<String, Tensor> each =
        (key, tensor) -> {
          SafeTensors.update(sum, key, tensor);
          if (mine.contains(key)) {
            copies.put(key, tensor.detach().clone().retain());
          }
        };
    weights.forEach((key, tensor) -> each.accept(MODEL + key, tensor));
    loop.optimizerTensors((key, tensor) -> each.accept(OPTIMIZER + key, tensor));
    sum.update(values.toString().getBytes(StandardCharsets.UTF_8));
    var part =
        CheckpointPart.newBuilder()
            .setStep(done)
            .setAttempt(attempt)
            .setLr(loop.optimizer().lr())
            .setStateCrc32C(StorageFiles.hex(sum));
    if (rank == 0) {
      part.putAllOptimizerValues(values);
    }
    running =
        thread.submit(
            () -> {
              write(attempt, last, copies, part);
              return null;
            });
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

  /** Rethrows the failure of the last write, if it has ended. */
  void poll() throws InterruptedException {
    if (running != null && running.isDone()) {
      await();
    }
  }

  /** Waits for the write under way and rethrows its failure. */
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

  /** Loads a checkpoint, which must be of that step, into model and optimizer. */
  static void restore(
      CheckpointStore store, String checkpoint, long step, Module model, Optimizer optimizer) {
    CheckpointManifest manifest = store.read(checkpoint);
    if (manifest.step() != step) {
      throw BellowsException.fatal(
          message(
              "checkpoint: %s must be of the start step; it is of step %s, training starts at %s",
              checkpoint, manifest.step(), step));
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
