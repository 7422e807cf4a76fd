package dev.bellows.nn;

/** Thrown if a module rejects an argument; the message starts with the innermost module's name. */
final class ModuleCallException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ModuleCallException(String message, Throwable cause) {
    super(message, cause);
  }
}
