package dev.bellows.spark.worker;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.Time;
import dev.bellows.spark.checkpoint.CheckpointDirectory;
import dev.bellows.spark.checkpoint.ShardAssignment;
import dev.bellows.spark.checkpoint.StorageFault;
import dev.bellows.spark.checkpoint.Tries;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.TrainLoop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes this rank's part of checkpoints in the background, from a copy of the state. A checkpoint
 * waits until the previous one is written.
 */
final class PartWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartWriter.class);

  private final CheckpointDirectory directory;
  private final Consumer<ToDriver> sender;
  private final Time time;
  private final ExecutorService thread;
  private Future<?> running;

  PartWriter(CheckpointDirectory directory, int worker, Consumer<ToDriver> sender, Time time) {
    this.time = time;
    this.directory = directory;
    this.sender = sender;
    this.thread =
        Executors.newSingleThreadExecutor(
            run -> {
              var result = new Thread(run, "bellows-checkpoint-r" + worker);
              result.setDaemon(true);
              return result;
            });
  }

  /**
   * A part of a checkpoint.
   *
   * @param attempt name of the checkpoint
   * @param done number of steps of the state
   * @param rank that writes it, of so many
   */
  record Part(String attempt, long done, int rank, int worldSize) {}

  /**
   * Starts to write this rank's part of the state. Every rank must call this, as a sharded state is
   * gathered tensor by tensor. If the part cannot be written, reports it to the driver, and
   * training continues.
   *
   * @param last whether no other checkpoint follows, so that writing is retried
   */
  void write(Part which, boolean last, TrainLoop<?> loop, KeptWeights<?> kept)
      throws InterruptedException {
    await();
    var bytes = StateTensors.bytes(loop, kept);
    var mine = Set.copyOf(ShardAssignment.assign(bytes, which.worldSize()).get(which.rank()));
    var copies = new LinkedHashMap<String, Tensor>();
    var sum = new CRC32C(); // of the whole state, to detect ranks whose states differ
    StateTensors.forEach(
        loop,
        kept,
        (key, tensor) -> {
          SafeTensors.update(sum, key, tensor);
          if (mine.contains(key)) {
            copies.put(key, tensor.detach().clone().retain());
          }
        });
    var part =
        CheckpointPart.newBuilder()
            .setStep(which.done())
            .setAttempt(which.attempt())
            .setLr(loop.optimizer().lr())
            .setStateCrc32C(StorageFiles.hex(StateTensors.end(sum, loop)));
    if (which.rank() == 0) {
      part.putAllOptimizerValues(loop.optimizer().stateDict().values());
    }
    running =
        thread.submit(
            () -> {
              write(which, last, copies, part);
              return null;
            });
  }

  private void write(
      Part which, boolean last, Map<String, Tensor> tensors, CheckpointPart.Builder part)
      throws Exception {
    try {
      var info =
          Tries.run(
              time,
              () -> directory.writePart(which.attempt(), which.rank(), which.worldSize(), tensors),
              () -> last && !thread.isShutdown());
      part.setFile(info.name())
          .setBytes(info.bytes())
          .setCrc32C(info.crc32c())
          .setTensors(info.tensors());
    } catch (Throwable failure) {
      if (!StorageFault.isPossible(failure)) {
        throw failure;
      }
      LOG.warn("rank {}: a part of {} is not written", which.rank(), which.attempt(), failure);
      sender.accept(
          ToDriver.newBuilder()
              .setFailure(
                  Failure.newBuilder()
                      .setStep(which.done())
                      .setAttempt(which.attempt())
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

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
