package dev.bellows.spark.data;

/** A value of a row does not fit its column; the message ends before it says which row. */
final class ValueException extends Exception {
  private static final long serialVersionUID = 1L;

  ValueException(String message) {
    super(message, null, false, false);
  }
}
