package dev.bellows.autograd;

import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
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

  final void runHooks(Tensor[] gradOutputs) {
    if (hooks == null) {
      return;
    }
    for (Hook hook : List.copyOf(hooks)) {
      Tensor grad = gradOutputs[hook.output];
      if (grad != null) {
        Tensor replaced = hook.function.apply(grad);
        if (replaced != null) {
          gradOutputs[hook.output] = replaced;
        }
      }
    }
  }

  @Override
  public String toString() {
    return "<" + name() + ">";
  }

  private record Hook(int output, UnaryOperator<Tensor> function) {}
}
