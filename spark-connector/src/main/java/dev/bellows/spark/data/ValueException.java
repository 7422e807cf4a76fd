package dev.bellows.spark.data;

/** Thrown if a value does not fit its column; the caller prepends the row to the message. */
final class ValueException extends Exception {
  private static final long serialVersionUID = 1L;

  ValueException(String message) {
    super(message, null, false, false);
  }
}
