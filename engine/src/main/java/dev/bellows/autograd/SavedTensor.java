package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * A tensor saved for backward, with its position in the graph and its version. If the tensor was
 * changed in place since, the gradient would be wrong, so {@link #unpack} throws. If {@link
 * SavedTensorHooks} are open, the packed value is stored instead.
 */
final class SavedTensor {
  private final SavedTensorHooks hooks;
  private Object packed;
  private final Tensor alias;
  private final DType dtype;
  private final long[] shape;
  private final int version;
  private Edge edge;
  private boolean released;

  /**
   * Checks that a tensor may be saved; null is allowed.
   *
   * @throws IllegalStateException if it is an inference tensor
   */
  static void check(Tensor tensor) {
    if (tensor != null && tensor.isInference()) {
      throw new IllegalStateException(
          "Inference tensors cannot be saved for backward. Make a clone() to get a normal tensor"
              + " and use it in autograd, or use noGrad() instead of inferenceMode()");
    }
  }

  /** Saves a tensor that {@link #check} accepts. */
  SavedTensor(Tensor tensor) {
    this.dtype = tensor.dtype();
    this.shape = tensor.strided().sizes();
    this.version = tensor.storage().version();
    this.hooks = SavedTensorHooks.current();
    if (hooks == null) {
      this.alias = GraphPosition.alias(tensor);
      this.packed = null;
    } else {
      this.alias = null;
      this.edge = GraphPosition.edge(tensor);
      this.packed = hooks.pack(tensor.detach());
    }
  }

  /** Makes this saved output part of the graph of {@code node}, for gradients of gradients. */
  void bindOutput(Node node, int output) {
    if (alias == null) {
      edge = new Edge(node, output);
    } else {
      GraphPosition.setGradFn(alias, node, output);
    }
  }

  /**
   * Returns the saved tensor.
   *
   * @throws IllegalStateException if it was freed by an earlier backward, or changed in place since
   */
  Tensor unpack(String nodeName) {
    if (released) {
      throw new IllegalStateException(
          message(
              "Trying to backward through the graph a second time (or directly access saved tensors"
                  + " after they have already been freed). Saved intermediate values of the graph"
                  + " are freed when you call backward() or Autograd.grad(). Specify"
                  + " retainGraph=true if you need to backward through the graph a second time;"
                  + " node %s",
              nodeName));
    }
    if (alias == null) {
      return unpackWithHooks(nodeName);
    }
    if (alias.isReleased()) {
      throw new IllegalStateException(
          message(
              "backward: saved tensors must be live; those of %s were released with the TensorScope"
                  + " they were made in. Call backward() inside it.",
              nodeName));
    }
    checkVersion(nodeName);
    return alias;
  }

  private void checkVersion(String nodeName) {
    int now = alias.storage().version();
    if (now != version) {
      Edge from = GraphPosition.edge(alias);
      boolean result = from.node() != null && !(from.node() instanceof AccumulateGrad);
      String what =
          result ? message(", which is output %s of %s", from.output(), from.node().name()) : "";
      throw new IllegalStateException(
          message(
              "one of the variables needed for gradient computation has been modified by an inplace"
                  + " operation: %s%s%s, saved by %s, is at version %s; expected version %s"
                  + " instead. Hint: AnomalyMode.detect() finds the operation that failed to"
                  + " compute its gradient.",
              dtype, shape, what, nodeName, now, version));
    }
  }

  private Tensor unpackWithHooks(String nodeName) {
    Tensor tensor = hooks.unpack(packed);
    if (tensor == null || tensor.dtype() != dtype || !Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalStateException(
          message(
              "savedTensorHooks: unpack must give back the dtype and shape that were packed; got %s"
                  + " for %s%s, saved by %s",
              tensor == null ? "null" : tensor.dtype() + Arrays.toString(tensor.shape()),
              dtype,
              shape,
              nodeName));
    }
    return GraphPosition.alias(tensor, edge);
  }

  /** Releases the memory. */
  void release() {
    if (hooks != null && !released) {
      hooks.release(packed);
      packed = null;
    }
    released = true;
    if (alias != null) {
      alias.close();
    }
  }
}
