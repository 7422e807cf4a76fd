package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.Iterator;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The hooks of one module, and how they run around a forward. */
final class ModuleHooks {
  final HookList<ForwardPreHook> forwardPre = new HookList<>();
  final HookList<AfterForward> forward = new HookList<>();
  final HookList<BackwardPreHook> backwardPre = new HookList<>();
  final HookList<BackwardHook> backward = new HookList<>();
  final HookList<BiConsumer<? super Module, String>> statePre = new HookList<>();
  final HookList<StateDictHook> statePost = new HookList<>();
  final HookList<StateDictHook> loadPre = new HookList<>();
  final HookList<BiConsumer<? super Module, LoadReport>> loadPost = new HookList<>();

  /** A hook that runs after forward, or always. */
  record AfterForward(ForwardHook hook, boolean always) {}

  /** Runs the pre-hooks, a forward and the forward hooks, and prepares the backward hooks. */
  <I, O> O run(Module module, I input, Function<? super I, ? extends O> function) {
    boolean backwards = !backwardPre.isEmpty() || !backward.isEmpty();
    if (forwardPre.isEmpty() && forward.isEmpty() && !backwards) {
      return function.apply(input);
    }
    I in = input;
    O out = null;
    Iterator<AfterForward> after = null;
    try {
      for (ForwardPreHook hook : forwardPre) {
        Tensor[] leaves = TensorTree.leaves(in);
        Tensor[] replaced = hook.before(module, leaves.clone());
        in = replaced == null ? in : replaced(in, leaves.length, "input", replaced);
      }
      BackwardGate gate = new BackwardGate(module, this);
      in = backwards ? gate.enter(in) : in;
      out = function.apply(in);
      after = forward.iterator();
      while (after.hasNext()) {
        Tensor[] leaves = TensorTree.leaves(out);
        Tensor[] replaced =
            after.next().hook.afterAll(module, TensorTree.leaves(in), leaves.clone());
        out = replaced == null ? out : replaced(out, leaves.length, "output", replaced);
      }
      return backwards ? gate.leave(out) : out;
    } catch (RuntimeException | Error e) {
      runAlways(after == null ? forward.iterator() : after, module, in, out, e);
      throw e;
    }
  }

  /** Runs those of the hooks that are to be run after a failure, too. */
  private static void runAlways(
      Iterator<AfterForward> hooks, Module module, Object in, Object out, Throwable failure) {
    while (hooks.hasNext()) {
      AfterForward next = hooks.next();
      if (next.always) {
        Tensor[] outputs = out == null ? new Tensor[0] : TensorTree.leaves(out);
        try {
          next.hook.afterAll(module, TensorTree.leaves(in), outputs);
        } catch (RuntimeException | Error e) {
          failure.addSuppressed(e);
        }
      }
    }
  }

  @SuppressWarnings("unchecked") // an array of tensors stays one
  private static <T> T replaced(T value, int expected, String what, Tensor... by) {
    if (value instanceof Tensor[]) {
      return (T) by.clone(); // arguments of a call may become more or fewer
    }
    if (by.length != expected) {
      throw new IllegalArgumentException(
          message(
              "hook: must return as many tensors as there are %ss; got %s for %s",
              what, by.length, expected));
    }
    return TensorTree.replace(value, by);
  }
}
