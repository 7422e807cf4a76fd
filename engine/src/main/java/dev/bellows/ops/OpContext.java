package dev.bellows.ops;

import dev.bellows.autograd.Edge;
import dev.bellows.autograd.GraphPosition;
import dev.bellows.autograd.Node;
import dev.bellows.autograd.SavedTensor;
import dev.bellows.memory.DType;
import dev.bellows.memory.Layout;
import dev.bellows.tensor.Tensor;

/** What one application of an operation keeps for its backward. */
public final class OpContext {
  private static final SavedTensor[] NOTHING = {};

  private final Edge[] edges;
  private SavedTensor[] saved = NOTHING;
  private Tensor overwritten;
  private boolean savedOutput;
  private long[][] shapes;
  private Layout layout;
  private DType type;
  private Node node;

  /**
   * @param edges for each input, where its gradient flows on to; null when nothing is recorded
   */
  OpContext(Edge[] edges) {
    this.edges = edges;
  }

  /** Whether a graph is recorded; if not, nothing needs to be saved. */
  public boolean isRecording() {
    return edges != null;
  }

  /** Whether the gradient of input {@code i} is needed. */
  public boolean needs(int i) {
    return edges != null && edges[i].node() != null;
  }

  /** Number of inputs. */
  public int inputs() {
    return edges == null ? 0 : edges.length;
  }

  /** Where the gradients of the inputs flow on to, as it was before the operation ran. */
  Edge[] edges() {
    return edges;
  }

  /** Has {@link #save} keep a copy of a tensor that the operation is about to overwrite. */
  void overwrites(Tensor tensor) {
    overwritten = edges == null ? null : tensor;
  }

  /**
   * Keeps tensors for backward, in this order, null for one that this backward will not read; does
   * nothing when nothing is recorded.
   */
  public void save(Tensor... tensors) {
    if (edges == null) {
      return;
    }
    int start = saved.length;
    SavedTensor[] all = java.util.Arrays.copyOf(saved, start + tensors.length);
    for (int i = 0; i < tensors.length; i++) {
      Tensor each = tensors[i];
      all[start + i] =
          each == null
              ? null
              : new SavedTensor(each == overwritten ? GraphPosition.snapshot(each) : each);
    }
    saved = all;
  }

  /** Keeps the result itself; it becomes the last of the saved tensors. */
  public void saveOutput(Tensor output) {
    overwritten = null;
    save(output);
    savedOutput = edges != null;
  }

  /** Keeps sizes (of inputs, not to be changed) for backward. */
  public void keepShapes(long[]... sizes) {
    if (edges != null) {
      shapes = sizes;
    }
  }

  /** The i-th of the kept sizes. */
  public long[] shape(int i) {
    return shapes[i];
  }

  /** Keeps an order of memory for backward. */
  void keepLayout(Layout order) {
    if (edges != null) {
      layout = order;
    }
  }

  /** The kept order of memory. */
  Layout layout() {
    return layout;
  }

  /** Keeps an element type for backward. */
  public void keepType(DType dtype) {
    if (edges != null) {
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
      if (tensor != null) {
        tensor.release();
      }
    }
  }
}
