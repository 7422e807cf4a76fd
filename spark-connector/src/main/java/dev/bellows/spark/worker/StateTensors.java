package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.OptimizerState;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.checkpoint.CheckpointDirectory;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.TrainLoop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Names the tensors of a checkpoint: those of the model, and those of the optimizer. */
enum StateTensors {
  MODEL("model."),
  OPTIMIZER("optimizer.");

  private final String prefix;

  StateTensors(String prefix) {
    this.prefix = prefix;
  }

  /** Returns the bytes of each tensor, in the order of {@link #forEach}. */
  static Map<String, Long> bytes(TrainLoop<?> loop) {
    var bytes = new LinkedHashMap<String, Long>();
    var weights = loop.model().stateDict().asMap();
    weights.forEach((key, t) -> bytes.put(MODEL.prefix + key, t.numel() * t.dtype().bytes()));
    loop.optimizerBytes().forEach((key, size) -> bytes.put(OPTIMIZER.prefix + key, size));
    return bytes;
  }

  /** Visits all tensors; every rank must call this, as a sharded state is gathered. */
  static void forEach(TrainLoop<?> loop, BiConsumer<String, Tensor> visitor) {
    var weights = loop.model().stateDict().asMap();
    weights.forEach((key, tensor) -> visitor.accept(MODEL.prefix + key, tensor));
    loop.optimizerTensors((key, tensor) -> visitor.accept(OPTIMIZER.prefix + key, tensor));
  }

  /** Loads a checkpoint, which must be of that step, into model and optimizer. */
  static void restore(
      CheckpointDirectory directory,
      String checkpoint,
      long step,
      Module model,
      Optimizer optimizer) {
    var manifest = directory.read(checkpoint);
    if (manifest.step() != step) {
      throw BellowsException.fatal(
          message(
              "checkpoint: %s must be of the start step; it is of step %s, training starts at %s",
              checkpoint, manifest.step(), step));
    }
    var all = directory.load(manifest);
    try {
      var weights = MODEL.of(all);
      var state = OPTIMIZER.of(all);
      if (weights.size() + state.size() < all.size()) {
        throw new CheckpointException(
            message(
                "checkpoint: %s must hold tensors of model and optimizer; got %s",
                checkpoint, all.keySet()));
      }
      model.loadStateDict(StateDict.of(weights));
      optimizer.loadStateDict(
          new OptimizerState(state, new LinkedHashMap<>(manifest.optimizerValues())));
    } finally {
      all.values().forEach(Tensor::close);
    }
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
