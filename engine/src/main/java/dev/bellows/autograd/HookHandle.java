package dev.bellows.autograd;

/** Removes a registered hook. */
@FunctionalInterface
public interface HookHandle {
  /** Removes the hook; calling it again does nothing. */
  void remove();
}
