package dev.bellows.autograd;

/** Takes a registered hook away again. */
@FunctionalInterface
public interface HookHandle {
  /** Removes the hook; calling it again does nothing. */
  void remove();
}
