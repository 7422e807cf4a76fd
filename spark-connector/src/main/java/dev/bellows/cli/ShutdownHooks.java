package dev.bellows.cli;

/** Registers and removes JVM shutdown hooks. */
final class ShutdownHooks {
  private ShutdownHooks() {}

  /** Removes a hook that is no longer needed. Returns false if it is already running. */
  static boolean remove(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
