package dev.bellows.nn;

import dev.bellows.errors.Messages;
import dev.bellows.tensor.Tensor;

/**
 * A tensor that belongs to a module but is not learned, such as a running mean. No scope releases
 * it; if persistent, it is part of the state dict. A buffer that forward changes in training needs
 * a {@link BufferRule}.
 */
public final class Buffer extends Tensor {
  private final boolean persistent;
  private final BufferRule rule;

  private Buffer(Tensor data, boolean persistent, BufferRule rule) {
    super(data);
    this.persistent = persistent;
    this.rule = rule;
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
    return new Buffer(data, persistent, BufferRule.REFUSE);
  }

  /**
   * Returns a persistent buffer that shares the memory of {@code data} and that forward may change
   * in training.
   *
   * @throws IllegalArgumentException if the rule is a mean and the type is not a floating-point
   *     type
   */
  public static Buffer of(Tensor data, BufferRule rule) {
    if (rule == BufferRule.MEAN && !data.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          Messages.message(
              "Buffer: a mean over shards needs a floating-point type; got %s", data.dtype()));
    }
    return new Buffer(data, true, rule);
  }

  /** Returns a buffer of other values, as persistent and under the same rule. */
  Buffer with(Tensor values) {
    return new Buffer(values, persistent, rule);
  }

  /** Returns whether this buffer is part of the state dict. */
  public boolean isPersistent() {
    return persistent;
  }

  /** Returns what becomes of this buffer where forward changes it; default REFUSE. */
  public BufferRule rule() {
    return rule;
  }
}
