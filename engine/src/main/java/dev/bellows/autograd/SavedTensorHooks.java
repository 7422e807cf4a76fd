package dev.bellows.autograd;

import dev.bellows.tensor.Tensor;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Customises how tensors are saved for backward: while the hooks are open on a thread, each saved
 * tensor is packed, and unpacked each time backward reads it. For example, to save them in half the
 * memory:
 *
 * <pre>{@code
 * try (var hooks = SavedTensorHooks.open(t -> t.to(BFLOAT16), p -> ((Tensor) p).to(FLOAT32))) {
 *   loss = model.call(x).sum();
 * }
 * }</pre>
 *
 * <p>Packed values are outside any graph; unpacked tensors must have the original shape and type.
 * The innermost open hooks apply. Source: PyTorch's {@code
 * torch.autograd.graph.saved_tensors_hooks}.
 */
public final class SavedTensorHooks implements AutoCloseable {
  private static final ThreadLocal<SavedTensorHooks[]> CURRENT =
      ThreadLocal.withInitial(() -> new SavedTensorHooks[1]);

  private final SavedTensorHooks[] slot = CURRENT.get();
  private final SavedTensorHooks previous = slot[0];
  private final Function<Tensor, Object> pack;
  private final Function<Object, Tensor> unpack;
  private final Consumer<Object> release;

  private SavedTensorHooks(
      Function<Tensor, Object> pack, Function<Object, Tensor> unpack, Consumer<Object> release) {
    this.pack = Objects.requireNonNull(pack, "pack");
    this.unpack = Objects.requireNonNull(unpack, "unpack");
    this.release = release;
    slot[0] = this;
  }

  /** Applies the functions to tensors that the calling thread saves, until closed. */
  public static SavedTensorHooks open(
      Function<Tensor, Object> pack, Function<Object, Tensor> unpack) {
    return new SavedTensorHooks(pack, unpack, packed -> {});
  }

  /**
   * Works like {@link #open(Function, Function)}, and calls {@code release} for values that
   * backward will not read again.
   */
  static SavedTensorHooks open(
      Function<Tensor, Object> pack, Function<Object, Tensor> unpack, Consumer<Object> release) {
    return new SavedTensorHooks(pack, unpack, release);
  }

  static SavedTensorHooks current() {
    return CURRENT.get()[0];
  }

  Object pack(Tensor tensor) {
    slot[0] = previous; // tensors that packing computes are not packed
    try (GradMode mode = GradMode.noGrad()) {
      return pack.apply(tensor);
    } finally {
      slot[0] = this;
    }
  }

  Tensor unpack(Object packed) {
    return unpack.apply(packed);
  }

  void release(Object packed) {
    release.accept(packed);
  }

  /** Restores the previous hooks. */
  @Override
  public void close() {
    slot[0] = previous;
  }
}
