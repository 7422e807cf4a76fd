package dev.bellows.autograd;

import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * A tensor kept for backward, with the version it had: if it was changed in place since, the
 * gradient would be wrong, and {@link #unpack} says so instead.
 */
public final class SavedTensor {
  private final Tensor alias;
  private final int version;
  private boolean released;

  /** Saves a tensor; it shares the memory and its place in the graph. */
  public SavedTensor(Tensor tensor) {
    this.alias = Internals.alias(tensor);
    this.version = tensor.storage().version();
  }

  /** Makes this saved output of {@code node} part of the graph, for gradients of gradients. */
  public void bindOutput(Node node, int output) {
    Internals.setGradFn(alias, node, output);
  }

  /**
   * The saved tensor.
   *
   * @throws IllegalStateException if it was freed by an earlier backward, or changed in place since
   */
  public Tensor unpack(String nodeName) {
    if (released) {
      throw new IllegalStateException(
          "Trying to backward through the graph a second time (or directly access saved tensors after"
              + " they have already been freed). Saved intermediate values of the graph are freed when"
              + " you call backward() or Autograd.grad(). Specify retainGraph=true if you need to"
              + " backward through the graph a second time; node "
              + nodeName);
    }
    if (alias.isReleased()) {
      throw new IllegalStateException(
          "backward: saved tensors must be live; those of "
              + nodeName
              + " were released with the TensorScope they were made in. Call backward() inside it.");
    }
    int now = alias.storage().version();
    if (now != version) {
      throw new IllegalStateException(
          "one of the variables needed for gradient computation has been modified by an inplace"
              + " operation: "
              + alias.dtype()
              + Arrays.toString(alias.shape())
              + ", saved by "
              + nodeName
              + ", is at version "
              + now
              + "; expected version "
              + version
              + " instead.");
    }
    return alias;
  }

  /** Ends the use of the memory. */
  public void release() {
    released = true;
    alias.close();
  }
}
