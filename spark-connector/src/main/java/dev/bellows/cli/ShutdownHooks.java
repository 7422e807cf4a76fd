package dev.bellows.cli;

/** Hooks that run when the JVM ends. */
final class ShutdownHooks {
  private ShutdownHooks() {}

  /** Removes a hook that is no longer needed. Answers false if it runs already. */
  static boolean remove(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
