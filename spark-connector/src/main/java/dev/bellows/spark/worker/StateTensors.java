package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.OptimizerState;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.checkpoint.CheckpointDirectory;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.TrainLoop;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/** Names the tensors of a checkpoint: those of model, optimizer, average and best weights. */
enum StateTensors {
  MODEL("model."),
  OPTIMIZER("optimizer."),
  AVERAGE("average."),
  BEST("best.");

  private final String prefix;

  StateTensors(String prefix) {
    this.prefix = prefix;
  }

  /** Returns the name of a tensor in checkpoints. */
  String key(String name) {
    return prefix + name;
  }

  /** Returns the bytes of each tensor, in the order of {@link #forEach}. */
  static Map<String, Long> bytes(TrainLoop<?> loop, KeptWeights<?> kept) {
    var bytes = new LinkedHashMap<String, Long>();
    var weights = loop.model().stateDict().asMap();
    weights.forEach((name, tensor) -> bytes.put(MODEL.key(name), bytes(tensor)));
    loop.optimizerBytes().forEach((name, size) -> bytes.put(OPTIMIZER.key(name), size));
    kept.tensors().forEach((key, tensor) -> bytes.put(key, bytes(tensor)));
    return bytes;
  }

  private static long bytes(Tensor tensor) {
    return tensor.numel() * tensor.dtype().bytes();
  }

  /** Visits all tensors; every rank must call this, as a sharded state is gathered. */
  static void forEach(TrainLoop<?> loop, KeptWeights<?> kept, BiConsumer<String, Tensor> visitor) {
    var weights = loop.model().stateDict().asMap();
    weights.forEach((name, tensor) -> visitor.accept(MODEL.key(name), tensor));
    loop.optimizerTensors((name, tensor) -> visitor.accept(OPTIMIZER.key(name), tensor));
    kept.tensors().forEach(visitor);
  }

  /** Loads a checkpoint, which must be of that step, into model, optimizer and kept weights. */
  static void restore(
      CheckpointDirectory directory,
      String checkpoint,
      long step,
      Module model,
      Optimizer optimizer,
      KeptWeights<?> kept) {
    var manifest = directory.read(checkpoint);
    if (manifest.step() != step) {
      throw BellowsException.fatal(
          message(
              "checkpoint: %s must be of the start step; it is of step %s, training starts at %s",
              checkpoint, manifest.step(), step));
    }
    var all = directory.load(manifest);
    try {
      load(
          checkpoint,
          all,
          new LinkedHashMap<>(manifest.optimizerValues()),
          manifest.evaluations(),
          model,
          optimizer,
          kept);
    } finally {
      all.values().forEach(Tensor::close);
    }
  }

  /** Loads the tensors and values of a state; {@code from}: where they are from, for the error. */
  static void load(
      String from,
      Map<String, Tensor> all,
      LinkedHashMap<String, String> values,
      List<Evaluations.Result> evaluations,
      Module model,
      Optimizer optimizer,
      KeptWeights<?> kept) {
    var weights = MODEL.of(all);
    var state = OPTIMIZER.of(all);
    var average = AVERAGE.of(all);
    var best = BEST.of(all);
    if (weights.size() + state.size() + average.size() + best.size() < all.size()) {
      throw new CheckpointException(
          message(
              "checkpoint: %s must hold tensors of model, optimizer, average and best; got %s",
              from, all.keySet()));
    }
    model.loadStateDict(StateDict.of(weights));
    optimizer.loadStateDict(new OptimizerState(state, values));
    kept.load(average, best, evaluations);
  }

  /** Returns the checksum of the whole state, which is equal on all ranks. */
  static String crc32c(TrainLoop<?> loop, KeptWeights<?> kept) {
    var sum = new CRC32C();
    forEach(loop, kept, (key, tensor) -> SafeTensors.update(sum, key, tensor));
    return StorageFiles.hex(end(sum, loop));
  }

  /** Adds the values that are not tensors to a checksum of the state. */
  static CRC32C end(CRC32C sum, TrainLoop<?> loop) {
    var values = loop.optimizer().stateDict().values();
    sum.update(values.toString().getBytes(StandardCharsets.UTF_8));
    return sum;
  }

  private LinkedHashMap<String, Tensor> of(Map<String, Tensor> all) {
    var mine = new LinkedHashMap<String, Tensor>();
    all.forEach(
        (key, tensor) -> {
          if (key.startsWith(prefix)) {
            mine.put(key.substring(prefix.length()), tensor);
          }
        });
    return mine;
  }
}
