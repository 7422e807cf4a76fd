package dev.bellows.spark.worker;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.Module;
import dev.bellows.optim.Optimizer;
import dev.bellows.proto.coordinator.Membership;
import dev.bellows.proto.coordinator.StateHeader;
import dev.bellows.proto.coordinator.StateTensor;
import dev.bellows.spark.Evaluations;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gives ranks that lack the state of a step that of ranks that hold it, from memory to memory:
 * weights, buffers, the optimizer's state, averaged and best weights, and the position of the
 * random numbers. Tensors travel in pieces. All ranks compare a checksum of the whole state
 * afterwards.
 */
final class StateTransfer {
  private static final int MOST_PIECE_BYTES = 16 << 20;

  private final ProcessGroup group;
  private final Duration timeout;
  private final Module model;
  private final Optimizer optimizer;
  private final KeptWeights<?> kept;

  StateTransfer(
      ProcessGroup group,
      Duration timeout,
      Module model,
      Optimizer optimizer,
      KeptWeights<?> kept) {
    this.group = group;
    this.timeout = timeout;
    this.model = model;
    this.optimizer = optimizer;
    this.kept = kept;
  }

  /**
   * Takes part; afterwards all ranks hold the state of the start step.
   *
   * @param done number of steps of the state that this rank holds
   */
  void run(Membership membership, long done) {
    var evaluations =
        membership.getEvaluationsList().stream()
            .map(e -> new Evaluations.Result(e.getSteps(), e.getMetric()))
            .toList();
    if (done == membership.getStartStep()) {
      // The metric of this state, if others evaluated it, and it was stopped before.
      evaluations.stream()
          .filter(result -> result.step() == done)
          .forEach(result -> kept.evaluated(done, result.metric()));
    }
    var givers = ranks(membership, true);
    var takers = ranks(membership, false);
    for (int i = 0; i < takers.size(); i++) {
      int giver = givers.get(i % givers.size());
      if (giver == group.rank()) {
        send(takers.get(i));
      } else if (takers.get(i) == group.rank()) {
        receive(giver, evaluations);
      }
    }
  }

  private static List<Integer> ranks(Membership membership, boolean haveState) {
    var ranks = new ArrayList<Integer>();
    for (var member : membership.getMembersList()) {
      if (member.getHasState() == haveState) {
        ranks.add(member.getRank());
      }
    }
    return ranks;
  }

  private void send(int to) {
    var state = optimizer.stateDict();
    var tensors = new LinkedHashMap<String, Tensor>();
    model.stateDict().asMap().forEach((k, t) -> tensors.put(StateTensors.MODEL.key(k), t));
    state.tensors().forEach((k, t) -> tensors.put(StateTensors.OPTIMIZER.key(k), t));
    tensors.putAll(kept.tensors());
    temporary().forEach((k, buffer) -> tensors.put(k, buffer.detach()));
    var header =
        StateHeader.newBuilder()
            .putAllOptimizerValues(state.values())
            .setRandomState(Generator.current().state());
    tensors.forEach(
        (key, tensor) -> {
          var described = StateTensor.newBuilder().setKey(key).setDtype(tensor.dtype().name());
          for (var size : tensor.shape()) {
            described.addShape(size);
          }
          header.addTensors(described);
        });
    var bytes = header.build().toByteArray();
    send(direct(Integer.BYTES).putInt(0, bytes.length), to);
    send(direct(bytes.length).put(0, bytes), to);
    for (var tensor : tensors.values()) {
      try (var scope = TensorScope.open()) {
        assert scope != null;
        var host = tensor.detach().to(Device.CPU).reshape(-1);
        pieces(host, piece -> send(Exchange.bytes(piece.clone()), to));
      }
    }
  }

  private void send(ByteBuffer data, int to) {
    group.send(data, to, 0).await(timeout);
  }

  private void receive(int from, List<Evaluations.Result> evaluations) {
    var length = direct(Integer.BYTES);
    receive(length, from);
    var bytes = direct(length.getInt(0));
    receive(bytes, from);
    var header = parse(bytes);
    var tensors = new LinkedHashMap<String, Tensor>();
    try {
      for (var described : header.getTensorsList()) {
        tensors.put(described.getKey(), receive(described, from));
      }
      temporary().forEach((k, buffer) -> buffer.detach().copy_(tensors.get(k)));
      var saved = new LinkedHashMap<>(tensors);
      saved.keySet().removeAll(temporary().keySet());
      StateTensors.load(
          "the state of rank " + from, saved, values(header), evaluations, model, optimizer, kept);
      Generator.current().setState(header.getRandomState());
    } finally {
      tensors.values().forEach(Tensor::close);
    }
  }

  /** Returns the buffers that no state dict has. */
  private Map<String, Buffer> temporary() {
    var buffers = new LinkedHashMap<String, Buffer>();
    var saved = model.stateDict().asMap().keySet();
    model
        .namedBuffers()
        .forEach(
            (name, buffer) -> {
              if (!saved.contains(name)) {
                buffers.put("temporary." + name, buffer);
              }
            });
    return buffers;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static StateHeader parse(ByteBuffer bytes) {
    try {
      return StateHeader.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw CommException.fatal("join: the header of a state must be whole; " + e.getMessage());
    }
  }

  /** Returns the values in the order in which the optimizer itself has them. */
  private LinkedHashMap<String, String> values(StateHeader header) {
    var values = new LinkedHashMap<String, String>();
    header.getOptimizerValuesMap().forEach(values::put);
    return values;
  }

  private Tensor receive(StateTensor described, int from) {
    try (var scope = TensorScope.open()) {
      assert scope != null;
      var shape = described.getShapeList().stream().mapToLong(Long::longValue).toArray();
      var whole = Tensor.zeros(DType.valueOf(described.getDtype()), shape);
      pieces(
          whole.reshape(-1),
          piece -> {
            var place = piece.clone();
            receive(Exchange.bytes(place), from);
            piece.copy_(place);
          });
      return whole.retain();
    }
  }

  private void receive(ByteBuffer data, int from) {
    group.receive(data, from, 0).await(timeout);
  }

  /** Calls {@code each} with one piece of a flat tensor after the other. */
  private static void pieces(Tensor flat, Consumer<Tensor> each) {
    long most = MOST_PIECE_BYTES / flat.dtype().bytes();
    for (long at = 0; at < flat.numel(); at += most) {
      try (var scope = TensorScope.open()) {
        assert scope != null;
        each.accept(flat.narrow(0, at, Math.min(most, flat.numel() - at)));
      }
    }
  }
}
