package dev.bellows.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Releases the tensors made inside it when it is closed, except those that are kept: parameters,
 * buffers, gradients of leaves, optimizer state, and whatever {@link Tensor#retain()} was called
 * on. Scopes nest; a scope belongs to the thread that opened it.
 *
 * <pre>{@code
 * try (var scope = TensorScope.open()) {
 *   Tensor loss = crossEntropy(model.call(x), y);
 *   loss.backward();
 *   optimizer.step();
 * }
 * }</pre>
 *
 * <p>Code without a scope works too: unreachable tensors are found by the garbage collector, only
 * later.
 */
public final class TensorScope implements AutoCloseable {
  private static final ThreadLocal<TensorScope[]> CURRENT =
      ThreadLocal.withInitial(() -> new TensorScope[1]);

  private final TensorScope[] slot;
  private final TensorScope parent;
  private final List<Tensor> tensors = new ArrayList<>();
  private boolean closed;

  private TensorScope(TensorScope[] slot) {
    this.slot = slot;
    this.parent = slot[0];
    slot[0] = this;
  }

  /** Opens a scope on the calling thread. */
  public static TensorScope open() {
    return new TensorScope(CURRENT.get());
  }

  static TensorScope current() {
    return CURRENT.get()[0];
  }

  void add(Tensor tensor) {
    tensors.add(tensor);
  }

  Tensor[] tensors() {
    return tensors.toArray(Tensor[]::new);
  }

  /**
   * Releases what was made inside and not kept.
   *
   * @throws IllegalStateException if an inner scope is still open, or another thread closes it
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (slot != CURRENT.get() || slot[0] != this) {
      throw new IllegalStateException(
          "TensorScope.close: the innermost scope must be closed first, by the thread that opened"
              + " it");
    }
    closed = true;
    slot[0] = parent;
    for (Tensor tensor : tensors) {
      tensor.closeWithScope(this);
    }
    tensors.clear();
  }
}
