package dev.bellows.ops;

import dev.bellows.autograd.Node;
import dev.bellows.autograd.SavedTensor;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/** What one application of an operation keeps for its backward. */
public final class OpContext {
  private static final SavedTensor[] NOTHING = {};

  private final boolean[] needs;
  private SavedTensor[] saved = NOTHING;
  private boolean savedOutput;
  private long[][] shapes;
  private DType type;
  private Node node;

  /**
   * @param needs for each input, whether its gradient is needed; null when nothing is recorded
   */
  OpContext(boolean[] needs) {
    this.needs = needs;
  }

  /** Whether a graph is recorded; if not, nothing needs to be saved. */
  public boolean isRecording() {
    return needs != null;
  }

  /** Whether the gradient of input {@code i} is needed. */
  public boolean needs(int i) {
    return needs != null && needs[i];
  }

  /** Number of inputs. */
  public int inputs() {
    return needs == null ? 0 : needs.length;
  }

  /** Keeps tensors for backward, in this order; does nothing when nothing is recorded. */
  public void save(Tensor... tensors) {
    if (needs == null) {
      return;
    }
    int start = saved.length;
    SavedTensor[] all = java.util.Arrays.copyOf(saved, start + tensors.length);
    for (int i = 0; i < tensors.length; i++) {
      all[start + i] = new SavedTensor(tensors[i]);
    }
    saved = all;
  }

  /** Keeps the result itself; it becomes the last of the saved tensors. */
  public void saveOutput(Tensor output) {
    save(output);
    savedOutput = needs != null;
  }

  /** Keeps sizes (of inputs, not to be changed) for backward. */
  public void keepShapes(long[]... sizes) {
    if (needs != null) {
      shapes = sizes;
    }
  }

  /** The i-th of the kept sizes. */
  public long[] shape(int i) {
    return shapes[i];
  }

  /** Keeps an element type for backward. */
  public void keepType(DType dtype) {
    if (needs != null) {
      type = dtype;
    }
  }

  /** The kept element type. */
  public DType type() {
    return type;
  }

  /** The i-th saved tensor. */
  public Tensor saved(int i) {
    return saved[i].unpack(node.name());
  }

  void bind(Node owner) {
    node = owner;
    if (savedOutput) {
      saved[saved.length - 1].bindOutput(owner, 0);
    }
  }

  void release() {
    for (SavedTensor tensor : saved) {
      tensor.release();
    }
  }
}
