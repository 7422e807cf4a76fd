package dev.bellows.comm;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * An operation that was started. It owns its buffers until it is done; after {@link #await} has
 * returned or thrown, the caller owns them again.
 */
public interface Work {
  /** Returns whether the operation has succeeded or failed. */
  boolean isDone();

  /**
   * Blocks until the operation has ended. A wait that is longer than {@code timeout}, or an
   * interrupt, aborts the whole group, because the ranks can no longer agree.
   *
   * @param timeout the longest wait, more than zero
   * @throws CommException if the operation failed, with the first cause; if it failed because
   *     something else did, the message starts with "aborted: "
   */
  void await(Duration timeout);

  /**
   * Calls {@code listener} once when the operation ends, with null or with the error: at once if it
   * has ended, else on the group's event thread, which must not be blocked.
   */
  void onComplete(Consumer<Throwable> listener);
}
