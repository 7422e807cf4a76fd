package dev.bellows.train;

import dev.bellows.backend.Backends;
import dev.bellows.backend.KernelGraph;
import dev.bellows.data.Batch;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Warnings;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forward and backward of a shard as a graph of kernels that the device runs by itself, one graph
 * for each set of shapes. The first shard of its shapes runs as usual (so that all kernels are
 * compiled), the second is captured, and all later ones copy their rows to where the captured
 * kernels read them and launch the graph. Random numbers are those of the shard all the same. What
 * cannot be captured runs as usual, with one line in the log.
 *
 * @param <M> the model's class
 */
final class ShardGraphs<M extends Module> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardGraphs.class);

  /** More sets of shapes than this run as usual: each graph keeps its own memory. */
  private static final int MOST = 4;

  private final M model;
  private final LossFunction<M> loss;
  private final GradientBuckets buckets;
  private final Map<String, Captured> captured = new HashMap<>();
  private long[] addresses = {};
  private Captured current;
  private boolean givenUp;
  private long launches;

  /**
   * Creates an empty set of graphs.
   *
   * @param isSynchronized whether the model needs the other shards in the middle of forward
   */
  ShardGraphs(M model, LossFunction<M> loss, GradientBuckets buckets, boolean isSynchronized) {
    this.model = model;
    this.loss = loss;
    this.buckets = buckets;
    if (isSynchronized) {
      giveUp("synchronised batch normalisation needs the host");
    }
  }

  /** One graph, and what its kernels read and write. */
  private static final class Captured {
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private List<Tensor> gradients = List.of();
    private Tensor loss;
    private long firstDraw;
    private KernelGraph graph;

    void close() {
      if (graph != null) {
        graph.close();
      }
      inputs.values().forEach(Tensor::close);
      gradients.forEach(Tensor::close);
      if (loss != null) {
        loss.close();
      }
    }
  }

  /**
   * Returns whether {@link #run} accepts a shard; otherwise it must be run as usual.
   *
   * @param rows of the shard, wherever they are
   * @param weight of the shard's mean loss
   */
  boolean accepts(Device device, Batch rows, double weight) {
    if (!Backends.of(device).captures()) {
      giveUp("device " + device + " does not capture graphs");
    }
    if (givenUp) {
      return false;
    }
    forgetIfMoved();
    String key = rows + " " + weight;
    current = captured.get(key);
    if (current == null) {
      if (captured.size() < MOST) {
        captured.put(key, new Captured());
      }
      return false;
    }
    return current.graph != null || capture(current, device, rows, weight);
  }

  /**
   * Runs the shard that {@link #accepts} took, and gives its mean loss. Its gradients are not in
   * their buckets before {@link #take}.
   */
  double run(Batch rows) {
    current.inputs.forEach((name, input) -> input.copy_(rows.input(name)));
    launches++;
    current.graph.launch(Generator.current().state() - current.firstDraw);
    return current.loss.item();
  }

  /** Returns how many shards ran as graphs so far. */
  long launches() {
    return launches;
  }

  /** Puts the gradients of the last run into their buckets. */
  void take() {
    buckets.take(current.gradients);
  }

  private boolean capture(Captured each, Device device, Batch rows, double weight) {
    for (String name : rows.names()) {
      Tensor row = rows.input(name);
      each.inputs.put(name, Tensor.on(device).empty(row.dtype(), row.shape()).retain());
      each.inputs.get(name).copy_(row);
    }
    each.loss = Tensor.on(device).zeros(DType.FLOAT64).retain();
    Generator generator = Generator.current();
    each.firstDraw = generator.state();
    Batch batch = Batch.of(each.inputs);
    try {
      each.gradients =
          buckets.capture(
              flats ->
                  each.graph =
                      Backends.of(device)
                          .capture(
                              () -> {
                                try (TensorScope scope = TensorScope.open()) {
                                  Tensor value = TrainLoop.value(loss, model, batch);
                                  each.loss.copy_(value.detach());
                                  value.backward(Tensor.fullLike(value.detach(), weight));
                                }
                              }));
    } catch (IllegalStateException e) {
      giveUp(e.getMessage());
      return false;
    } finally {
      generator.setState(each.firstDraw);
    }
    return true;
  }

  private void giveUp(String reason) {
    if (!givenUp) {
      Warnings.warn(LOG, "train: captureGraph: running without graphs: {}", reason);
      givenUp = true;
      close();
    }
  }

  /** Kernels know addresses: those of the model's tensors must be what they were. */
  private void forgetIfMoved() {
    List<Tensor> tensors = new ArrayList<>(model.parameters());
    tensors.addAll(model.buffers());
    long[] now = tensors.stream().mapToLong(t -> t.strided().deviceAddress()).toArray();
    if (!Arrays.equals(now, addresses)) {
      close();
      addresses = now;
    }
  }

  @Override
  public void close() {
    captured.values().forEach(Captured::close);
    captured.clear();
  }
}
