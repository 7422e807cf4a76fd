package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.group.ProcessGroups;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.AdamW;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Time;
import dev.bellows.spark.Tiny;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.TrainLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Train loops of several ranks in this JVM. */
@Timeout(60)
class ShardedOptimizerTest {
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final int SHARDS = 4;
  private static final int STEPS = 3;

  /** What a rank does. */
  interface Body<T> {
    T run(ProcessGroup group);
  }

  /** Runs all ranks of a group in this JVM and returns their results. */
  static <T> List<T> ranks(int worldSize, Body<T> body) {
    var groups = ProcessGroups.local(worldSize);
    var threads = Executors.newFixedThreadPool(worldSize);
    try {
      return groups.stream()
          .map(group -> CompletableFuture.supplyAsync(() -> body.run(group), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    } finally {
      groups.forEach(ProcessGroup::close);
      threads.shutdown();
    }
  }

  private static TrainLoop<Tiny.Net> loop(
      ProcessGroup group, Tiny.Net model, AdamW optimizer, boolean sharded) {
    var shards = ReductionTree.shardRange(SHARDS, group.worldSize(), group.rank());
    return TrainLoop.builder(model, Tiny::loss, optimizer, Tiny.source())
        .globalBatch(16)
        .shards(SHARDS)
        .shardRange(shards.first(), shards.end())
        .bucketBytes(8 << 10)
        .exchange(new Exchange(group, WAIT, Time.SYSTEM))
        .shardOptimizer(sharded)
        .build();
  }

  /** The state of a rank after some steps. */
  private record Result(
      Map<String, List<Float>> weights, Map<String, List<Float>> state, long stateBytes) {}

  private static Result train(ProcessGroup group, boolean sharded) {
    Generator.setCurrent(new Generator(5)); // ranks of one process have one each
    var model = new Tiny.Net(500);
    var optimizer = new AdamW(model.parameters(), 0.01);
    try (var loop = loop(group, model, optimizer, sharded)) {
      for (var step = 0; step < STEPS; step++) {
        loop.step(step);
      }
      var weights = new HashMap<String, List<Float>>();
      model.stateDict().asMap().forEach((key, tensor) -> weights.put(key, values(tensor)));
      var state = new HashMap<String, List<Float>>();
      loop.optimizerTensors((key, tensor) -> state.put(key, values(tensor)));
      var bytes =
          optimizer.stateDict().tensors().values().stream()
              .mapToLong(t -> t.numel() * t.dtype().bytes())
              .sum();
      return new Result(weights, state, bytes);
    }
  }

  private static List<Float> values(Tensor tensor) {
    var list = new ArrayList<Float>();
    for (var value : tensor.detach().contiguous().reshape(tensor.numel()).toFloatArray()) {
      list.add(value);
    }
    return list;
  }

  @Test
  void theSameBitsWithTheStateDividedByTheRanks() {
    var whole = ranks(1, group -> train(group, false)).get(0);
    for (var worldSize = 1; worldSize <= 4; worldSize++) {
      var n = worldSize;
      for (var result : ranks(n, group -> train(group, true))) {
        assertThat(result.weights).isEqualTo(whole.weights);
        assertThat(result.state).isEqualTo(whole.state);
        // 3 buckets, whose parts are rounded up to a cache line, with two tensors each.
        assertThat(result.stateBytes).isLessThanOrEqualTo(whole.stateBytes / n + 3 * 2 * 64);
      }
    }
  }

  @Test
  void ranksWithOtherBucketsAreNamed() {
    IntFunction<String> message =
        worldSize -> {
          var messages =
              ranks(
                  worldSize,
                  group -> {
                    Generator.setCurrent(new Generator(5));
                    var model = new Tiny.Net(group.rank() == worldSize - 1 ? 40 : 50);
                    var optimizer = new AdamW(model.parameters(), 0.01);
                    assertThatThrownBy(() -> loop(group, model, optimizer, false))
                        .isInstanceOf(BellowsException.class)
                        .extracting(e -> ((BellowsException) e).category())
                        .isEqualTo(BellowsException.Category.USER);
                    try {
                      loop(group, model, optimizer, false);
                      return "";
                    } catch (BellowsException e) {
                      return e.getMessage();
                    }
                  });
          assertThat(messages).containsOnly(messages.get(0));
          return messages.get(0);
        };
    assertThat(message.apply(3))
        .isEqualTo(
            "agree: all ranks must have equal buckets of gradients, in the same order; rank 2 has"
                + " \"bucket 0 of 1: FLOAT32[3, 40]\" where rank 0 has \"bucket 0 of 1:"
                + " FLOAT32[3, 50]\"");
  }

  @Test
  void aPartOfALayerIsSteppedAlone() {
    Generator.manualSeed(1);
    var layer = new Linear(3, 2);
    var before = values(layer.parameters().get(0));
    var optimizer = new AdamW(layer.parameters(), 0.5);
    optimizer.partition(
        new dev.bellows.optim.Partition() {
          @Override
          public long first(Tensor parameter) {
            return 1;
          }

          @Override
          public long end(Tensor parameter) {
            return 2;
          }
        });
    layer.call(Tensor.ones(1, 3)).sum().backward();
    optimizer.step();
    var after = values(layer.parameters().get(0));
    var changed = new boolean[6];
    for (var i = 0; i < changed.length; i++) {
      changed[i] = !before.get(i).equals(after.get(i));
    }
    assertThat(Arrays.toString(changed)).isEqualTo("[false, true, false, false, false, false]");
    assertThat(optimizer.stateDict().tensors().get("state.0.exp_avg").shape()).containsExactly(1);
  }
}
