package dev.bellows.amp;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/** Casts of parameters, each used again while it is valid. */
final class CastCache {
  private final Map<Tensor, Entry> entries = new IdentityHashMap<>();
  private boolean closed;

  private record Entry(Tensor cast, int version) {}

  /** Returns a tensor in a type; if it is a parameter, maybe the cast of an earlier call. */
  Tensor cast(Tensor x, DType type) {
    if (closed || !x.requiresGrad() || !x.isLeaf() || x.isView() || !GradMode.isEnabled()) {
      return x.to(type);
    }
    int version = x.strided().storage().version();
    Entry entry = entries.get(x);
    if (entry == null
        || entry.cast.dtype() != type
        || entry.cast.isReleased()
        || entry.version != version) {
      entry = new Entry(x.to(type), version);
      entries.put(x, entry);
    }
    return entry.cast;
  }

  /** Forgets all casts, and keeps none from now on. */
  void close() {
    closed = true;
    entries.clear();
  }
}
