package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Category;
import dev.bellows.spark.BellowsException;

/**
 * Finds the first cause among failures that arrive in any order: when one rank fails, the others
 * fail because of it, and may be heard first.
 */
final class FirstCause {
  static final String ABORTED = "aborted: ";

  private int weight = Integer.MAX_VALUE;
  private BellowsException cause;

  /** A worker said why it failed. Answers whether nothing else can be the first cause. */
  boolean reported(Category category, String message) {
    var aborted = message.startsWith(ABORTED);
    var kind = category(category);
    offer(
        aborted ? 9 : kind == BellowsException.Category.RETRYABLE ? 5 : 1,
        new BellowsException(kind, message));
    return !aborted && kind != BellowsException.Category.RETRYABLE;
  }

  /** A worker is gone. */
  void lost(String message) {
    offer(3, BellowsException.retryable(message));
  }

  /** The coordinator itself decided so. */
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

  static Category category(BellowsException.Category category) {
    return switch (category) {
      case USER -> Category.USER;
      case FATAL -> Category.FATAL;
      case RETRYABLE -> Category.RETRYABLE;
    };
  }
}
