package dev.bellows.train;

import dev.bellows.autograd.GradMode;
import dev.bellows.errors.Messages;
import dev.bellows.errors.TrainingException;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.BufferRule;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.TreeAccumulator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Buffers that forward changes. Each shard starts from the values before the step; at its end every
 * rank has the value that the buffer's {@link BufferRule} makes of those of all shards, added in
 * the order of the {@link ReductionTree}, so that it does not depend on the number of ranks. A leaf
 * of the tree holds the shard's values in FLOAT64 and then, for each buffer, 1 if the shard changed
 * it.
 */
final class ShardBuffers implements AutoCloseable {
  private final Map<String, Buffer> refusing = new LinkedHashMap<>();
  private final Map<String, Parameter> parameters;
  private final List<Entry> entries = new ArrayList<>();
  private final int shards;
  private final ReductionTree.Range range;
  private final GradientExchange exchange;
  private final long values;
  private final Flats flats = new Flats(DType.FLOAT64, Device.CPU);
  private Map<String, Integer> bufferVersions = Map.of();
  private Map<String, Integer> parameterVersions = Map.of();
  private final Map<Integer, List<Tensor>> aside = new HashMap<>();
  private TreeAccumulator<Tensor> sums;

  /** A buffer with a rule, its place in the leaf, and its value before the step. */
  private record Entry(Buffer buffer, long start, int number, Tensor before) {
    Tensor of(Tensor leaf) {
      return leaf.narrow(0, start, buffer.numel()).view(buffer.shape());
    }

    void restore() {
      buffer.detach().copy_(before);
    }

    boolean restoreIfChanged() {
      boolean changed = !buffer.detach().equal(before);
      if (changed) {
        restore();
      }
      return changed;
    }
  }

  ShardBuffers(Module model, int shards, ReductionTree.Range range, GradientExchange exchange) {
    this.parameters = model.namedParameters();
    this.shards = shards;
    this.range = range;
    this.exchange = exchange;
    List<String> layout = new ArrayList<>();
    long count = 0;
    for (Map.Entry<String, Buffer> named : model.namedBuffers().entrySet()) {
      Buffer buffer = named.getValue();
      if (buffer.rule() == BufferRule.REFUSE) {
        refusing.put(named.getKey(), buffer);
      } else {
        Tensor before = Tensor.emptyLike(buffer.detach()).retain();
        entries.add(new Entry(buffer, count, entries.size(), before));
        count += buffer.numel();
        layout.add(
            Messages.message(
                "%s: %s %s%s",
                named.getKey(), buffer.rule(), buffer.dtype(), Arrays.toString(buffer.shape())));
      }
    }
    this.values = count;
    if (!entries.isEmpty()) {
      exchange.requireEqual("buffers that change in forward", layout);
      flats.allocate(count + entries.size());
    }
  }

  /** Keeps the values before a step. */
  @SuppressWarnings("try")
  void begin() {
    bufferVersions = versions(refusing);
    parameterVersions = shards > 1 ? versions(parameters) : Map.of();
    flats.begin();
    sums = new TreeAccumulator<>(shards, range.first(), range.end(), flats::add);
    try (GradMode mode = GradMode.noGrad()) {
      entries.forEach(entry -> entry.before.copy_(entry.buffer.detach()));
    }
  }

  /** Keeps the values of a shard that waits, and gives the buffers back those before the step. */
  @SuppressWarnings("try")
  void leaveShard(int shard) {
    try (GradMode mode = GradMode.noGrad()) {
      List<Tensor> kept = aside.computeIfAbsent(shard, s -> space());
      for (int i = 0; i < entries.size(); i++) {
        Entry entry = entries.get(i);
        kept.get(i).copy_(entry.buffer.detach());
        entry.restoreIfChanged();
      }
    }
  }

  private List<Tensor> space() {
    return entries.stream().map(entry -> Tensor.emptyLike(entry.before).retain()).toList();
  }

  /** Gives the buffers the values that a shard left. */
  @SuppressWarnings("try")
  void enterShard(int shard) {
    try (GradMode mode = GradMode.noGrad()) {
      List<Tensor> kept = aside.get(shard);
      for (int i = 0; i < entries.size(); i++) {
        Entry entry = entries.get(i);
        if (!kept.get(i).equal(entry.before)) {
          entry.buffer.detach().copy_(kept.get(i));
        }
      }
    }
  }

  /**
   * Takes the values that a shard left, and gives the buffers back those before the step.
   *
   * @param weight the shard's part of the batch; 0 if it has no rows
   */
  @SuppressWarnings("try")
  void endShard(int shard, double weight) {
    if (entries.isEmpty()) {
      return;
    }
    try (GradMode mode = GradMode.noGrad()) {
      Tensor leaf = flats.take();
      leaf.zero_();
      if (weight > 0) {
        entries.forEach(entry -> take(entry, leaf, shard, weight));
      }
      sums.add(leaf);
    }
  }

  private void take(Entry entry, Tensor leaf, int shard, double weight) {
    Tensor now = entry.buffer.detach();
    boolean isMean = entry.buffer.rule() == BufferRule.MEAN;
    if (isMean || shard == 0) {
      Tensor place = entry.of(leaf);
      place.copy_(now);
      if (isMean) {
        place.mul_(weight);
      }
    }
    if (entry.restoreIfChanged()) {
      leaf.narrow(0, values + entry.number, 1).fill_(1);
    }
  }

  /** Gives the buffers their values after the step, from the shards of all ranks. */
  @SuppressWarnings("try")
  void finish() {
    requireUnchanged();
    if (entries.isEmpty()) {
      return;
    }
    List<TreeAccumulator.Partial<Tensor>> partials = sums.finish();
    Tensor sum = partials.isEmpty() ? flats.take() : partials.get(0).value();
    exchange.start("buffers", shards, partials, sum).await();
    try (GradMode mode = GradMode.noGrad()) {
      for (Entry entry : entries) {
        if (sum.narrow(0, values + entry.number, 1).item() > 0) {
          entry.buffer.detach().copy_(entry.of(sum));
        }
      }
    }
  }

  /** Gives the buffers back the values before a step that failed. */
  @SuppressWarnings("try")
  void restore() {
    try (GradMode mode = GradMode.noGrad()) {
      entries.forEach(Entry::restore);
    }
  }

  private static Map<String, Integer> versions(Map<String, ? extends Tensor> tensors) {
    Map<String, Integer> versions = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> versions.put(name, tensor.strided().storage().version()));
    return versions;
  }

  private void requireUnchanged() {
    refuse(
        "train: a buffer that forward changes needs a rule for the values of several shards,"
            + " Buffer.of(data, BufferRule.MEAN) or FIRST_SHARD; got changed %s",
        bufferVersions, versions(refusing));
    if (shards > 1) {
      refuse(
          "train: forward must not change parameters, since the next shard would see it; got"
              + " changed %s (an Embedding with maxNorm changes its weight)",
          parameterVersions, versions(parameters));
    }
  }

  private static void refuse(
      String pattern, Map<String, Integer> before, Map<String, Integer> now) {
    if (!now.equals(before)) {
      List<String> changed =
          now.keySet().stream().filter(n -> !now.get(n).equals(before.get(n))).toList();
      throw new TrainingException(
          TrainingException.Category.USER, Messages.message(pattern, changed));
    }
  }

  @Override
  public void close() {
    flats.close();
    entries.forEach(entry -> entry.before.close());
    aside.values().forEach(kept -> kept.forEach(Tensor::close));
  }
}
