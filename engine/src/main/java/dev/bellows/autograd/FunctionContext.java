package dev.bellows.autograd;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Stores the state of a {@link Function} call for its backward. */
public final class FunctionContext {
  private static final Tensor[] NONE = {};

  private final Function function;
  private final Edge[] edges;
  private TensorMeta[] inputs;
  private Tensor[] toSave = NONE;
  private Tensor[] toClose = NONE;
  private Tensor[] dirty = NONE;
  private Tensor[] constant = NONE;
  private Tensor overwritten;
  private SavedTensor[] saved;
  private Object kept;
  private Node node;
  private boolean materializeGrads = true;

  /**
   * Creates the context of a call.
   *
   * @param function the function that is called
   * @param edges for each input, where its gradient flows; null if nothing is recorded
   */
  FunctionContext(Function function, Edge[] edges) {
    this.function = function;
    this.edges = edges;
  }

  /** Returns whether a graph is recorded; if not, nothing needs to be saved. */
  public boolean isRecording() {
    return edges != null;
  }

  /** Returns whether the gradient of input {@code i} is needed. */
  public boolean needsInputGrad(int i) {
    return edges != null && edges[i].node() != null;
  }

  /** Returns the number of inputs, for backward. */
  public int inputs() {
    return inputs.length;
  }

  /** Returns a copy of the shape of input {@code i}, for backward. */
  public long[] inputShape(int i) {
    return inputs[i].shape().clone();
  }

  /** Returns the element type of input {@code i}, for backward. */
  public DType inputType(int i) {
    return inputs[i].dtype();
  }

  /**
   * Saves tensors for backward, or null for one that backward does not read; a second call adds to
   * the first. Inputs and outputs stay connected to the graph, others are constants of it. Later
   * changes in place are detected. Does nothing if nothing is recorded.
   *
   * @throws IllegalStateException if one is an inference tensor
   */
  public void saveForBackward(Tensor... tensors) {
    if (edges == null) {
      return;
    }
    int start = toSave.length;
    toSave = Arrays.copyOf(toSave, start + tensors.length);
    for (int i = 0; i < tensors.length; i++) {
      SavedTensor.check(tensors[i]);
      boolean copy = tensors[i] != null && tensors[i] == overwritten;
      toSave[start + i] = copy ? GraphPosition.snapshot(tensors[i]) : tensors[i];
    }
  }

  /**
   * Works like {@link #saveForBackward} for a tensor that is not shared: it is released with the
   * graph.
   */
  public void saveAndClose(Tensor tensor) {
    if (edges == null) {
      tensor.close();
      return;
    }
    saveForBackward(tensor);
    toClose = append(toClose, tensor);
  }

  /**
   * Makes {@link #saveForBackward} copy a tensor that is about to be overwritten; null for none.
   */
  public void overwrites(Tensor tensor) {
    overwritten = tensor;
  }

  /** Stores a value that is not a tensor, such as a size determined in forward. */
  public void keep(Object value) {
    kept = value;
  }

  /** Returns the value stored in forward, or null if there is none. */
  public <T> T kept(Class<T> type) {
    return type.cast(kept);
  }

  /**
   * Returns all tensors that {@link #saveForBackward} saved, for backward.
   *
   * @throws IllegalStateException if they were freed, or one was changed in place since
   */
  public Tensor[] savedTensors() {
    Tensor[] out = new Tensor[saved().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = saved[i] == null ? null : saved[i].unpack(node.name());
    }
    return out;
  }

  /**
   * Returns the i-th saved tensor, for backward.
   *
   * @throws IllegalStateException if it was freed, or changed in place since
   */
  public Tensor saved(int i) {
    return saved()[i].unpack(node.name());
  }

  private SavedTensor[] saved() {
    if (saved == null) {
      throw new IllegalStateException("savedTensors: is for backward; forward has its own tensors");
    }
    return saved;
  }

  /**
   * Declares inputs that forward changes in place and returns as outputs.
   *
   * @throws IllegalStateException if one must not be changed in place
   */
  public void markDirty(Tensor... tensors) {
    for (Tensor tensor : tensors) {
      markDirty(function.name(), tensor);
    }
  }

  /** Works like {@link #markDirty(Tensor...)} for an operation that messages name. */
  public void markDirty(String operation, Tensor tensor) {
    InPlaceChecks.check(operation, tensor, isRecording());
    dirty = append(dirty, tensor);
  }

  /** Declares outputs without a gradient. */
  public void markNonDifferentiable(Tensor... outputs) {
    constant = append(constant, outputs);
  }

  /**
   * Sets whether backward receives zeros instead of null for an output without an incoming
   * gradient; default true.
   */
  public void setMaterializeGrads(boolean materialize) {
    materializeGrads = materialize;
  }

  private static Tensor[] append(Tensor[] list, Tensor... more) {
    Tensor[] out = Arrays.copyOf(list, list.length + more.length);
    System.arraycopy(more, 0, out, list.length, more.length);
    return out;
  }

  private static boolean holds(Tensor[] list, Tensor tensor) {
    for (Tensor each : list) {
      if (each == tensor) {
        return true;
      }
    }
    return false;
  }

  /** Returns the edges of the inputs as they were before the function ran. */
  Edge[] edges() {
    return edges;
  }

  TensorMeta input(int i) {
    return inputs[i];
  }

  boolean materializesGrads() {
    return materializeGrads;
  }

  boolean isDirty(Tensor tensor) {
    return holds(dirty, tensor);
  }

  /** Creates the saved tensors; saved outputs become outputs of the node. */
  void pack(Node owner, Tensor[] outputs, Tensor... given) {
    node = owner;
    inputs = TensorMeta.of(given);
    saved = new SavedTensor[toSave.length];
    for (int i = 0; i < saved.length; i++) {
      if (toSave[i] != null) {
        saved[i] = new SavedTensor(toSave[i]);
        for (int k = 0; k < outputs.length; k++) {
          if (outputs[k] == toSave[i] && isInGraph(outputs[k])) {
            saved[i].bindOutput(owner, k);
          }
        }
      }
    }
    for (Tensor tensor : toClose) {
      tensor.close();
    }
    toSave = NONE;
    toClose = NONE;
    overwritten = null;
  }

  /** Returns whether an output has a gradient. */
  boolean isInGraph(Tensor output) {
    return output.dtype().isFloatingPoint() && !holds(constant, output);
  }

  void forgetMarks() {
    dirty = NONE;
    constant = NONE;
  }

  void release() {
    for (SavedTensor tensor : saved) {
      if (tensor != null) {
        tensor.release();
      }
    }
  }
}
