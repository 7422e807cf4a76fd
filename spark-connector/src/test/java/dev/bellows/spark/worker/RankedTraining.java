package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.comm.ProcessGroup;
import dev.bellows.data.TensorDataset;
import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.StateDict;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.OptimizerState;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.spark.Time;
import dev.bellows.spark.WeightsHash;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.TrainLoop;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Trains a model for 3 steps, on ranks that are threads of this JVM.
 *
 * @param model makes the model, whose input is {@code x}
 * @param optimizer makes the optimizer
 * @param rowShape shape of a row of the input
 */
record RankedTraining(
    Supplier<? extends Module> model,
    Function<List<Parameter>, Optimizer> optimizer,
    long... rowShape) {
  private static final int ROWS = 22; // the second batch of an epoch is smaller
  private static final int BATCH = 12;
  private static final int SHARDS = 4;

  /** What a checkpoint holds. */
  private record State(
      Map<String, Tensor> weights,
      LinkedHashMap<String, Tensor> optimizer,
      LinkedHashMap<String, String> values) {
    String hash() {
      var all = new LinkedHashMap<>(weights);
      optimizer.forEach((key, tensor) -> all.put("optimizer." + key, tensor));
      return HexFormat.of().formatHex(WeightsHash.of(all)) + values;
    }
  }

  /** Returns a hash of the state after training on one rank. */
  String undisturbed() {
    return train(1, null, 0, 3, false).hash();
  }

  /**
   * Returns a hash of the state after training on 2 ranks, and then, from what they saved, on 4.
   *
   * @param sharded whether the 2 ranks divide the optimizer's state
   */
  String resumed(boolean sharded) {
    return train(4, train(2, null, 0, 2, sharded), 2, 3, false).hash();
  }

  private State train(int ranks, State start, long first, long end, boolean sharded) {
    var states =
        ShardedOptimizerTest.ranks(ranks, group -> rank(group, start, first, end, sharded));
    assertThat(states.stream().map(State::hash).distinct()).as("equal ranks").hasSize(1);
    return states.get(0);
  }

  private State rank(ProcessGroup group, State start, long first, long end, boolean sharded) {
    Generator.setCurrent(new Generator(start == null ? 5 : 6)); // what is drawn must not matter
    var net = model.get();
    var steps = optimizer.apply(net.parameters());
    if (start != null) {
      net.loadStateDict(StateDict.of(start.weights));
      steps.loadStateDict(new OptimizerState(start.optimizer, start.values));
    }
    var shards = ReductionTree.shardRange(SHARDS, group.worldSize(), group.rank());
    try (var loop =
        TrainLoop.<Module>builder(
                net,
                (layer, batch) -> loss(layer.call(batch.input("x"))),
                steps,
                TensorDataset.of(Map.of("x", data())))
            .globalBatch(BATCH)
            .shards(SHARDS)
            .shardRange(shards.first(), shards.end())
            .bucketBytes(256)
            .exchange(new Exchange(group, Duration.ofSeconds(20), Time.SYSTEM))
            .shardOptimizer(sharded)
            .build()) {
      for (var step = first; step < end; step++) {
        loop.step(step);
      }
      var state = new State(new LinkedHashMap<>(), new LinkedHashMap<>(), values(loop));
      net.stateDict().asMap().forEach((key, tensor) -> state.weights.put(key, copy(tensor)));
      loop.optimizerTensors((key, tensor) -> state.optimizer.put(key, copy(tensor)));
      return state;
    }
  }

  private static LinkedHashMap<String, String> values(TrainLoop<?> loop) {
    return new LinkedHashMap<>(loop.optimizer().stateDict().values());
  }

  private static Tensor copy(Tensor tensor) {
    return tensor.detach().clone().retain();
  }

  private static Tensor loss(Tensor out) {
    return out.mul(out).mean().add(out.mean());
  }

  private Tensor data() {
    var shape = new long[rowShape.length + 1];
    shape[0] = ROWS;
    System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
    return Tensor.randn(new Generator(3), DType.FLOAT32, shape).retain();
  }
}
