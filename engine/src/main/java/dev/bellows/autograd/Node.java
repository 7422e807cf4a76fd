package dev.bellows.autograd;

import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** One step of the backward pass: takes the gradients of its outputs, gives those of its inputs. */
public abstract class Node {
  private static final AtomicLong NEXT = new AtomicLong();

  private final long sequence;
  private final Edge[] edges;
  private final Throwable forward = AnomalyMode.trace();
  private List<TensorHook> tensorHooks;
  private List<TensorHook> retainHooks;
  private List<UnaryOperator<Tensor[]>> preHooks;
  private List<BinaryOperator<Tensor[]>> hooks;

  /** A node whose i-th input gradient flows along {@code edges[i]}; a later node runs earlier. */
  protected Node(Edge... edges) {
    this(NEXT.getAndIncrement(), edges);
  }

  Node(long sequence, Edge[] edges) {
    this.sequence = sequence;
    this.edges = edges;
  }

  /** Name for messages and printing, as {@code MulBackward}. */
  public abstract String name();

  /**
   * Computes the gradients of the inputs.
   *
   * @param gradOutputs one for each output; null where nothing flowed
   * @return one for each edge; null where no gradient is needed
   */
  protected abstract Tensor[] backward(Tensor[] gradOutputs);

  /** Frees what was saved for backward. */
  protected void releaseSaved() {}

  /** Number of outputs. */
  protected int outputs() {
    return 1;
  }

  /** Where gradients flow on to; not to be changed. */
  public final Edge[] edges() {
    return edges;
  }

  final long sequence() {
    return sequence;
  }

  /** Where this node was made, if anomaly mode was on; else null. */
  final Throwable forward() {
    return forward;
  }

  /** Adds a function that sees, and may replace, the gradient of one output before it is used. */
  public final synchronized HookHandle addHook(int output, UnaryOperator<Tensor> hook) {
    return add(tensorHooks = listOr(tensorHooks), new TensorHook(output, hook));
  }

  /** As {@link #addHook}, but after all hooks that replace the gradient. */
  public final synchronized HookHandle addRetainHook(int output, UnaryOperator<Tensor> hook) {
    return add(retainHooks = listOr(retainHooks), new TensorHook(output, hook));
  }

  /**
   * Adds a function that gets the gradients of all outputs before this node runs, null where
   * nothing flowed, and may answer others (or null to leave them).
   */
  public final synchronized HookHandle registerPreHook(UnaryOperator<Tensor[]> hook) {
    return add(preHooks = listOr(preHooks), hook::apply);
  }

  /**
   * Adds a function that gets the gradients of the inputs and of the outputs after this node has
   * run, and may answer other gradients of the inputs (or null to leave them).
   */
  public final synchronized HookHandle registerHook(BinaryOperator<Tensor[]> hook) {
    return add(hooks = listOr(hooks), hook::apply);
  }

  private static <T> List<T> listOr(List<T> list) {
    return list == null ? new ArrayList<>() : list;
  }

  /** Entries are compared by identity: one function may be added twice and removed once. */
  private synchronized <T> HookHandle add(List<T> list, T entry) {
    list.add(entry);
    return () -> {
      synchronized (this) {
        list.removeIf(each -> each == entry);
      }
    };
  }

  /** What is registered now: hooks, and other threads, may register more meanwhile. */
  private synchronized <T> List<T> copy(List<T> list) {
    return List.copyOf(list);
  }

  /**
   * Runs the hooks of single gradients, then those of retained ones, then those of all. Each gets a
   * handle of its own, which it may keep, and what it answers stays its own too.
   *
   * @param close whether a gradient that was replaced is released
   */
  final void runPreHooks(Tensor[] gradOutputs, boolean close) {
    run(tensorHooks, gradOutputs, close);
    run(retainHooks, gradOutputs, close);
    if (preHooks == null) {
      return;
    }
    for (UnaryOperator<Tensor[]> hook : copy(preHooks)) {
      replace(hook.apply(aliases(gradOutputs)), gradOutputs, close);
    }
  }

  private void run(List<TensorHook> list, Tensor[] gradOutputs, boolean close) {
    if (list == null) {
      return;
    }
    for (TensorHook hook : copy(list)) {
      Tensor grad = gradOutputs[hook.output];
      if (grad == null) {
        continue;
      }
      Tensor seen = GraphPosition.alias(grad);
      Tensor replaced = hook.function.apply(seen);
      if (replaced != seen) {
        replace(replaced, hook.output, gradOutputs, close);
      }
    }
  }

  /** Runs the hooks that see what this node gave; {@code gradInputs} is changed in place. */
  final void runHooks(Tensor[] gradInputs, Tensor[] gradOutputs, boolean close) {
    if (hooks == null) {
      return;
    }
    for (BinaryOperator<Tensor[]> hook : copy(hooks)) {
      replace(hook.apply(aliases(gradInputs), aliases(gradOutputs)), gradInputs, close);
    }
  }

  private static Tensor[] aliases(Tensor[] grads) {
    Tensor[] out = new Tensor[grads.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = grads[i] == null ? null : GraphPosition.alias(grads[i]);
    }
    return out;
  }

  private void replace(Tensor[] replaced, Tensor[] grads, boolean close) {
    if (replaced == null) {
      return;
    }
    if (replaced.length != grads.length) {
      throw new IllegalStateException(
          "hook: has changed the number of gradients; got "
              + replaced.length
              + " for "
              + grads.length
              + " at "
              + name());
    }
    for (int i = 0; i < grads.length; i++) {
      replace(replaced[i], i, grads, close);
    }
  }

  private void replace(Tensor replaced, int i, Tensor[] grads, boolean close) {
    if (replaced == null || replaced == grads[i]) {
      return;
    }
    Tensor grad = grads[i];
    if (grad != null) {
      checkReplaced(grad, replaced);
    }
    grads[i] = GraphPosition.alias(replaced);
    if (close) {
      Internals.detachFromScope(grads[i]);
      if (grad != null) {
        grad.close();
      }
    }
  }

  private void checkReplaced(Tensor grad, Tensor replaced) {
    if (replaced.dtype() != grad.dtype() || !Arrays.equals(replaced.shape(), grad.shape())) {
      throw new IllegalStateException(
          "hook: has changed the size or type of value: must keep the gradient's dtype and shape; got "
              + replaced.dtype()
              + Arrays.toString(replaced.shape())
              + " for "
              + grad.dtype()
              + Arrays.toString(grad.shape())
              + " at "
              + name());
    }
    if (!replaced.device().equals(grad.device())) {
      throw new IllegalStateException(
          "hook: has changed the device of value: must keep the gradient on "
              + grad.device()
              + "; got one on "
              + replaced.device()
              + " at "
              + name());
    }
  }

  @Override
  public String toString() {
    return "<" + name() + ">";
  }

  /** No record: one function may be registered twice, and each time is removed by itself. */
  private static final class TensorHook {
    private final int output;
    private final UnaryOperator<Tensor> function;

    TensorHook(int output, UnaryOperator<Tensor> function) {
      this.output = output;
      this.function = Objects.requireNonNull(function, "hook");
    }
  }
}
