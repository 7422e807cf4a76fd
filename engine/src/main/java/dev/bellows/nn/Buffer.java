package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/**
 * A tensor that belongs to a module but is not learned, such as a running mean. No scope releases
 * it; if persistent, it is part of the state dict.
 */
public final class Buffer extends Tensor {
  private final boolean persistent;

  private Buffer(Tensor data, boolean persistent) {
    super(data);
    this.persistent = persistent;
    retain();
  }

  /** Returns a persistent buffer that shares the memory of {@code data}. */
  public static Buffer of(Tensor data) {
    return of(data, true);
  }

  /**
   * Returns a buffer that shares the memory of {@code data} and is part of the state dict only if
   * {@code persistent}.
   */
  public static Buffer of(Tensor data, boolean persistent) {
    return new Buffer(data, persistent);
  }

  /** Returns whether this buffer is part of the state dict. */
  public boolean isPersistent() {
    return persistent;
  }
}
