package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** A step of the backward pass: computes the gradients of its inputs from those of its outputs. */
public abstract class Node {
  private static final AtomicLong NEXT = new AtomicLong();

  private final long sequence;
  private final Edge[] edges;
  private final Throwable forward = AnomalyMode.trace();
  private List<TensorHook> tensorHooks;
  private List<TensorHook> retainHooks;
  private List<UnaryOperator<Tensor[]>> preHooks;
  private List<BinaryOperator<Tensor[]>> hooks;

  /**
   * Creates a node whose i-th input gradient flows along {@code edges[i]}; nodes created later run
   * earlier.
   */
  protected Node(Edge... edges) {
    this(NEXT.getAndIncrement(), edges);
  }

  Node(long sequence, Edge[] edges) {
    this.sequence = sequence;
    this.edges = edges;
  }

  /** Returns the name for messages and printing, for example {@code MulBackward}. */
  public abstract String name();

  /**
   * Computes the gradients of the inputs.
   *
   * @param gradOutputs one per output; null if no gradient flowed to it
   * @return one per edge; null if no gradient is needed
   */
  protected abstract Tensor[] backward(Tensor[] gradOutputs);

  /** Frees the tensors saved for backward. */
  protected void releaseSaved() {}

  /** Returns the number of outputs. */
  protected int outputs() {
    return 1;
  }

  /** Returns the edges along which gradients flow; callers must not modify them. */
  public final Edge[] edges() {
    return edges;
  }

  final long sequence() {
    return sequence;
  }

  /** Returns the stack trace of the node's creation if anomaly mode was on, otherwise null. */
  final Throwable forward() {
    return forward;
  }

  /**
   * Registers a hook that receives, and may replace, the gradient of one output before it is used.
   */
  public final synchronized HookHandle addHook(int output, UnaryOperator<Tensor> hook) {
    return add(tensorHooks = listOr(tensorHooks), new TensorHook(output, hook));
  }

  /** Registers a hook like {@link #addHook} that runs after all hooks that replace the gradient. */
  public final synchronized HookHandle addRetainHook(int output, UnaryOperator<Tensor> hook) {
    return add(retainHooks = listOr(retainHooks), new TensorHook(output, hook));
  }

  /**
   * Registers a hook that receives the gradients of all outputs before this node runs (null if no
   * gradient flowed), and may return others, or null to keep them.
   */
  public final synchronized HookHandle registerPreHook(UnaryOperator<Tensor[]> hook) {
    return add(preHooks = listOr(preHooks), hook::apply);
  }

  /**
   * Registers a hook that receives the gradients of the inputs and of the outputs after this node
   * has run, and may return other gradients of the inputs, or null to keep them.
   */
  public final synchronized HookHandle registerHook(BinaryOperator<Tensor[]> hook) {
    return add(hooks = listOr(hooks), hook::apply);
  }

  private static <T> List<T> listOr(List<T> list) {
    return list == null ? new ArrayList<>() : list;
  }

  /**
   * Adds a hook. Entries are compared by identity: one function may be added twice and removed
   * once.
   */
  private synchronized <T> HookHandle add(List<T> list, T entry) {
    list.add(entry);
    return () -> {
      synchronized (this) {
        list.removeIf(each -> each == entry);
      }
    };
  }

  /**
   * Returns a snapshot of a list of hooks, as hooks and other threads may register more meanwhile.
   */
  private synchronized <T> List<T> copy(List<T> list) {
    return List.copyOf(list);
  }

  /**
   * Runs the hooks of single gradients, then retain-grad hooks, then those of all gradients. Each
   * hook receives its own handle, which it may keep, and keeps ownership of the tensor it returns.
   *
   * @param close whether replaced gradients are released
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

  /** Runs the hooks that receive this node's results; {@code gradInputs} is modified in place. */
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
          message(
              "hook: has changed the number of gradients; got %s for %s at %s",
              replaced.length, grads.length, name()));
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
          message(
              "hook: has changed the size or type of value: must keep the gradient's dtype and"
                  + " shape; got %s%s for %s%s at %s",
              replaced.dtype(), replaced.shape(), grad.dtype(), grad.shape(), name()));
    }
    if (!replaced.device().equals(grad.device())) {
      throw new IllegalStateException(
          message(
              "hook: has changed the device of value: must keep the gradient on %s; got one on %s"
                  + " at %s",
              grad.device(), replaced.device(), name()));
    }
  }

  @Override
  public String toString() {
    return "<" + name() + ">";
  }

  /** Not a record: hooks are compared by identity, as one function may be registered twice. */
  private static final class TensorHook {
    private final int output;
    private final UnaryOperator<Tensor> function;

    TensorHook(int output, UnaryOperator<Tensor> function) {
      this.output = output;
      this.function = Objects.requireNonNull(function, "hook");
    }
  }
}
