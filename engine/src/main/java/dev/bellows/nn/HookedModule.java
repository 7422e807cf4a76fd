package dev.bellows.nn;

import dev.bellows.autograd.HookHandle;
import java.util.Objects;
import java.util.function.BiConsumer;

/** The hooks of a module, and the methods that register them. Hooks run in that order. */
abstract sealed class HookedModule permits Module {
  private final ModuleHooks hooks = new ModuleHooks();

  final ModuleHooks hooks() {
    return hooks;
  }

  /** Registers a hook that runs before each forward, after those registered before it. */
  public final HookHandle registerForwardPreHook(ForwardPreHook hook) {
    return registerForwardPreHook(hook, false);
  }

  /**
   * Registers a hook that runs before each forward.
   *
   * @param prepend whether it runs before all hooks registered so far; default false
   */
  public final HookHandle registerForwardPreHook(ForwardPreHook hook, boolean prepend) {
    return hooks.forwardPre.add(hook, prepend);
  }

  /** Registers a hook that runs after each forward, after those registered before it. */
  public final HookHandle registerForwardHook(ForwardHook hook) {
    return registerForwardHook(hook, false, false);
  }

  /**
   * Registers a hook that runs after each forward.
   *
   * @param prepend whether it runs before all hooks registered so far; default false
   * @param alwaysCall whether it also runs if forward or another hook throws; default false. It
   *     receives no outputs then, unless forward returned, and its own exceptions are added to the
   *     first one as suppressed
   */
  public final HookHandle registerForwardHook(
      ForwardHook hook, boolean prepend, boolean alwaysCall) {
    Objects.requireNonNull(hook, "hook");
    return hooks.forward.add(new ModuleHooks.AfterForward(hook, alwaysCall), prepend);
  }

  /**
   * Registers a hook that runs in each backward once the gradients of all outputs are known, after
   * those registered before it; see {@link #registerFullBackwardPreHook(BackwardPreHook, boolean)}.
   */
  public final HookHandle registerFullBackwardPreHook(BackwardPreHook hook) {
    return registerFullBackwardPreHook(hook, false);
  }

  /**
   * Registers a hook that runs in each backward once the gradients of all outputs are known, from
   * the next call on. Inputs and outputs of the module must not be changed in place meanwhile.
   *
   * @param prepend whether it runs before all hooks registered so far; default false
   */
  public final HookHandle registerFullBackwardPreHook(BackwardPreHook hook, boolean prepend) {
    return hooks.backwardPre.add(hook, prepend);
  }

  /**
   * Registers a hook that runs in each backward once the gradients of all inputs are known, after
   * those registered before it; see {@link #registerFullBackwardHook(BackwardHook, boolean)}.
   */
  public final HookHandle registerFullBackwardHook(BackwardHook hook) {
    return registerFullBackwardHook(hook, false);
  }

  /**
   * Registers a hook that runs in each backward once the gradients of all inputs are known, from
   * the next call on. If no input requires grad, it runs with the gradients of the outputs, and
   * must not return any. Inputs and outputs of the module must not be changed in place meanwhile.
   *
   * @param prepend whether it runs before all hooks registered so far; default false
   */
  public final HookHandle registerFullBackwardHook(BackwardHook hook, boolean prepend) {
    return hooks.backward.add(hook, prepend);
  }

  /**
   * Registers a hook that receives the prefix of the keys before {@link Module#stateDict} reads
   * this.
   */
  public final HookHandle registerStateDictPreHook(BiConsumer<? super Module, String> hook) {
    return hooks.statePre.add(hook);
  }

  /**
   * Registers a hook that may change the state dict after {@link Module#stateDict} has read this.
   */
  public final HookHandle registerStateDictPostHook(StateDictHook hook) {
    return hooks.statePost.add(hook);
  }

  /** Registers a hook that may change a copy of the state dict before it is checked and loaded. */
  public final HookHandle registerLoadStateDictPreHook(StateDictHook hook) {
    return hooks.loadPre.add(hook);
  }

  /**
   * Registers a hook that runs after a state dict was loaded, and may remove keys from the report's
   * lists: what is left is an error if the load is strict.
   */
  public final HookHandle registerLoadStateDictPostHook(
      BiConsumer<? super Module, LoadReport> hook) {
    return hooks.loadPost.add(hook);
  }
}
