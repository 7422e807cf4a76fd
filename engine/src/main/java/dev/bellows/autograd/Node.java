package dev.bellows.autograd;

import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** One step of the backward pass: takes the gradients of its outputs, gives those of its inputs. */
public abstract class Node {
  private static final AtomicLong NEXT = new AtomicLong();

  private final long sequence;
  private final Edge[] edges;
  private List<Hook> hooks;

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

  /** Adds a function that sees, and may replace, the gradient of one output before it is used. */
  public final HookHandle addHook(int output, UnaryOperator<Tensor> hook) {
    if (hooks == null) {
      hooks = new ArrayList<>();
    }
    Hook entry = new Hook(output, hook);
    hooks.add(entry);
    return () -> hooks.remove(entry);
  }

  /**
   * Runs the hooks. Each gets a handle of its own, which it may keep, and what it answers stays its
   * own too.
   *
   * @param close whether a gradient that was replaced is released
   */
  final void runHooks(Tensor[] gradOutputs, boolean close) {
    if (hooks == null) {
      return;
    }
    for (Hook hook : List.copyOf(hooks)) {
      Tensor grad = gradOutputs[hook.output];
      if (grad == null) {
        continue;
      }
      Tensor seen = Internals.alias(grad);
      Tensor replaced = hook.function.apply(seen);
      if (replaced != null && replaced != seen) {
        checkReplaced(grad, replaced);
        gradOutputs[hook.output] = Internals.alias(replaced);
        if (close) {
          grad.close();
        }
      }
    }
  }

  private void checkReplaced(Tensor grad, Tensor replaced) {
    if (replaced.dtype() != grad.dtype() || !Arrays.equals(replaced.shape(), grad.shape())) {
      throw new IllegalStateException(
          "hook: must keep the gradient's dtype and shape; got "
              + replaced.dtype()
              + Arrays.toString(replaced.shape())
              + " for "
              + grad.dtype()
              + Arrays.toString(grad.shape())
              + " at "
              + name());
    }
  }

  @Override
  public String toString() {
    return "<" + name() + ">";
  }

  /** No record: one function may be registered twice, and each time is removed by itself. */
  private static final class Hook {
    private final int output;
    private final UnaryOperator<Tensor> function;

    Hook(int output, UnaryOperator<Tensor> function) {
      this.output = output;
      this.function = function;
    }
  }
}
