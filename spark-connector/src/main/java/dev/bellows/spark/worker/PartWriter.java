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
import java.nio.charset.StandardCharsets;
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
  private final int rank;
  private final int worldSize;
  private final Consumer<ToDriver> sender;
  private final Time time;
  private final ExecutorService thread;
  private Future<?> running;

  PartWriter(
      CheckpointDirectory directory,
      int rank,
      int worldSize,
      Consumer<ToDriver> sender,
      Time time) {
    this.time = time;
    this.directory = directory;
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
   * state is gathered tensor by tensor. If the part cannot be written, reports it to the driver,
   * and training continues.
   *
   * @param last whether no other checkpoint follows, so that writing is retried
   */
  void write(String attempt, long done, boolean last, TrainLoop<?> loop, KeptWeights<?> kept)
      throws InterruptedException {
    await();
    var values = loop.optimizer().stateDict().values();
    var mine =
        Set.copyOf(ShardAssignment.assign(StateTensors.bytes(loop, kept), worldSize).get(rank));
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
              time,
              () -> directory.writePart(attempt, rank, worldSize, tensors),
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

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
