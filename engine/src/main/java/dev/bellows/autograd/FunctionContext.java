package dev.bellows.autograd;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What one call of a {@link Function} keeps for its backward. */
public final class FunctionContext {
  private static final Tensor[] NOTHING = {};

  private final Edge[] edges;
  private final boolean recording;
  private final Set<Tensor> dirty = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Tensor> constant = Collections.newSetFromMap(new IdentityHashMap<>());
  private long[][] inputShapes;
  private DType[] inputTypes;
  private Device[] inputDevices;
  private Tensor[] toSave = NOTHING;
  private SavedTensor[] saved;
  private Node node;
  private boolean materializeGrads = true;

  FunctionContext(Edge[] edges, boolean recording) {
    this.edges = edges;
    this.recording = recording;
  }

  /**
   * Keeps tensors for backward; to be called once, in forward. Inputs and outputs stay connected
   * with the graph, others are constants of it. Changes in place until backward are noticed.
   */
  public void saveForBackward(Tensor... tensors) {
    toSave = tensors.clone();
  }

  /**
   * What {@link #saveForBackward} kept, for backward.
   *
   * @throws IllegalStateException if it was freed, or a tensor was changed in place since
   */
  public Tensor[] savedTensors() {
    if (saved == null) {
      throw new IllegalStateException("savedTensors: is for backward; forward has its own tensors");
    }
    Tensor[] out = new Tensor[saved.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = saved[i] == null ? null : saved[i].unpack(node.name());
    }
    return out;
  }

  /** Declares inputs that forward changed in place and gives as outputs. */
  public void markDirty(Tensor... inputs) {
    Collections.addAll(dirty, inputs);
  }

  /** Declares outputs without a gradient. */
  public void markNonDifferentiable(Tensor... outputs) {
    Collections.addAll(constant, outputs);
  }

  /** Whether backward gets zeros, not null, for an output that nothing flowed to; default true. */
  public void setMaterializeGrads(boolean materialize) {
    materializeGrads = materialize;
  }

  /** Whether the gradient of input {@code i} is needed. */
  public boolean needsInputGrad(int i) {
    return edges[i].node() != null;
  }

  boolean materializesGrads() {
    return materializeGrads;
  }

  boolean isDirty(Tensor tensor) {
    return dirty.contains(tensor);
  }

  boolean isNonDifferentiable(Tensor tensor) {
    return constant.contains(tensor);
  }

  void describe(Tensor... inputs) {
    inputShapes = new long[inputs.length][];
    inputTypes = new DType[inputs.length];
    inputDevices = new Device[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      inputShapes[i] = inputs[i].shape();
      inputTypes[i] = inputs[i].dtype();
      inputDevices[i] = inputs[i].device();
    }
  }

  long[] inputShape(int i) {
    return inputShapes[i];
  }

  Device inputDevice(int i) {
    return inputDevices[i];
  }

  DType inputType(int i) {
    return inputTypes[i];
  }

  /** Saves what was asked for, when outputs have their place in the graph. */
  void pack(Node owner, Tensor... outputs) {
    node = owner;
    saved = new SavedTensor[toSave.length];
    for (int i = 0; i < saved.length; i++) {
      saved[i] = toSave[i] == null ? null : new SavedTensor(toSave[i]);
    }
    toSave = NOTHING;
    dirty.clear();
    constant.clear();
  }

  void release() {
    for (SavedTensor tensor : saved) {
      if (tensor != null) {
        tensor.release();
      }
    }
  }
}
