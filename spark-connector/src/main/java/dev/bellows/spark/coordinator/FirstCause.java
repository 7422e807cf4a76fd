package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Category;
import dev.bellows.spark.BellowsException;

/**
 * Finds the first cause among failures that arrive in any order: when one rank fails, the others
 * fail because of it, and their reports may arrive first.
 */
final class FirstCause {
  static final String ABORTED = "aborted: ";

  private int weight = Integer.MAX_VALUE;
  private BellowsException cause;

  /** Records a worker's report; returns whether nothing else can be the first cause. */
  boolean reported(Category category, String message) {
    var aborted = message.startsWith(ABORTED);
    var kind = category(category);
    offer(
        aborted ? 9 : kind == BellowsException.Category.RETRYABLE ? 5 : 1,
        new BellowsException(kind, message));
    return !aborted && kind != BellowsException.Category.RETRYABLE;
  }

  /** Records that a worker is gone. */
  void lost(String message) {
    offer(3, BellowsException.retryable(message));
  }

  /** Records a decision of the coordinator itself. */
  void decided(BellowsException exception) {
    offer(2, exception);
  }

  private void offer(int candidate, BellowsException exception) {
    if (candidate < weight) {
      weight = candidate;
      cause = exception;
    }
  }

  boolean isKnown() {
    return cause != null;
  }

  BellowsException get() {
    return cause;
  }

  static BellowsException.Category category(Category category) {
    return switch (category) {
      case USER -> BellowsException.Category.USER;
      case FATAL -> BellowsException.Category.FATAL;
      default -> BellowsException.Category.RETRYABLE;
    };
  }
}
