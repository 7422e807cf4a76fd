package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/**
 * A tensor that belongs to a module and is not learned, as a running mean. It is kept beyond any
 * scope and, if persistent, is part of the state dict.
 */
public final class Buffer extends Tensor {
  private final boolean persistent;

  private Buffer(Tensor data, boolean persistent) {
    super(data);
    this.persistent = persistent;
    retain();
  }

  /** A persistent buffer on the memory of {@code data}, which is shared. */
  public static Buffer of(Tensor data) {
    return of(data, true);
  }

  /** A buffer that is part of the state dict only if {@code persistent}. */
  public static Buffer of(Tensor data, boolean persistent) {
    return new Buffer(data, persistent);
  }

  /** Whether the state dict holds this buffer. */
  public boolean isPersistent() {
    return persistent;
  }
}
