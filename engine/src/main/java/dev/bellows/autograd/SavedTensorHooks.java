package dev.bellows.autograd;

import dev.bellows.tensor.Tensor;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Decides how tensors are kept for backward: while it is open on a thread, each saved tensor is
 * packed, and unpacked when backward reads it (each time it does). For example, to keep them in
 * half the memory:
 *
 * <pre>{@code
 * try (var hooks = SavedTensorHooks.open(t -> t.to(BFLOAT16), p -> ((Tensor) p).to(FLOAT32))) {
 *   loss = model.call(x).sum();
 * }
 * }</pre>
 *
 * <p>What is packed is outside any graph; what is unpacked must have the same shape and type. The
 * innermost open one applies. Source: PyTorch's {@code torch.autograd.graph.saved_tensors_hooks}.
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

  /** Applies to what the calling thread saves, until closed. */
  public static SavedTensorHooks open(
      Function<Tensor, Object> pack, Function<Object, Tensor> unpack) {
    return new SavedTensorHooks(pack, unpack, packed -> {});
  }

  /** As above, and is told of what backward will not read again. */
  static SavedTensorHooks open(
      Function<Tensor, Object> pack, Function<Object, Tensor> unpack, Consumer<Object> release) {
    return new SavedTensorHooks(pack, unpack, release);
  }

  static SavedTensorHooks current() {
    return CURRENT.get()[0];
  }

  Object pack(Tensor tensor) {
    slot[0] = previous; // what packing computes is not packed
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

  /** Goes back to what was before. */
  @Override
  public void close() {
    slot[0] = previous;
  }
}
