package dev.bellows.nn;

/** A wrong argument found inside a module; the message starts with the innermost module's name. */
final class ModuleCallException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ModuleCallException(String message, Throwable cause) {
    super(message, cause);
  }
}
