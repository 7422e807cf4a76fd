package dev.bellows.ops;

import dev.bellows.autograd.Edge;
import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.GraphPosition;
import dev.bellows.autograd.Node;
import dev.bellows.memory.Device;
import dev.bellows.memory.SizeOverflowException;
import dev.bellows.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * One operation with one result. An instance holds the operation's constants (dimensions, strides,
 * flags) and no state of a call; what a call keeps goes to its {@link OpContext}.
 */
public abstract class Op {
  private static final OpContext NOT_RECORDING = new OpContext(null);

  /** The name in messages, as {@code matmul}. */
  public abstract String name();

  /** Checks, allocates, computes, and saves what backward reads. */
  protected abstract Tensor forward(OpContext ctx, Tensor... in);

  /** One gradient for each input, null where {@code ctx.needs(i)} is false. */
  protected abstract Tensor[] backward(OpContext ctx, Tensor gradOut);

  /** Whether gradients flow through the result. */
  protected boolean isDifferentiable() {
    return true;
  }

  /** Runs the operation, and records it if an input requires grad. */
  public final Tensor apply(Tensor... given) {
    Tensor[] in = onOneDevice(given);
    OpContext ctx = contextFor(in);
    if (!ctx.isRecording()) {
      Tensor out = computed(ctx, in);
      GraphPosition.linkView(out, in[0]);
      Reference.reachabilityFence(in); // kernels see addresses, which keep no tensor alive
      return out;
    }
    Tensor out;
    try (GradMode mode = GradMode.noGrad()) {
      out = computed(ctx, in);
    }
    GraphPosition.linkView(out, in[0]);
    if (out.dtype().isFloatingPoint()) {
      record(ctx, out);
    }
    Reference.reachabilityFence(in);
    return out;
  }

  private Tensor computed(OpContext ctx, Tensor... in) {
    try {
      return forward(ctx, in);
    } catch (SizeOverflowException e) {
      throw e.in(name());
    }
  }

  /** The inputs, which kernels need on one device. */
  final Tensor[] onOneDevice(Tensor... in) {
    Device device = in[0].device();
    for (int i = 1; i < in.length; i++) {
      if (in[i].device() != device) {
        return SameDevice.holds(in) ? in : broughtTogether(in);
      }
    }
    return in;
  }

  /** Inputs on several devices brought to one, where the operation can. */
  Tensor[] broughtTogether(Tensor... in) {
    throw SameDevice.differ(name(), in);
  }

  final OpContext contextFor(Tensor... in) {
    if (!isDifferentiable() || !GradMode.isEnabled()) {
      return NOT_RECORDING;
    }
    Edge[] edges = null;
    for (int i = 0; i < in.length; i++) {
      if (in[i].requiresGrad()) {
        if (edges == null) {
          edges = new Edge[in.length];
          Arrays.fill(edges, Edge.NONE);
        }
        edges[i] = GraphPosition.edge(in[i]);
      }
    }
    return edges == null ? NOT_RECORDING : new OpContext(edges);
  }

  final Node node(OpContext ctx) {
    Node node = new OpNode(this, ctx);
    ctx.bind(node);
    return node;
  }

  final void record(OpContext ctx, Tensor out) {
    GraphPosition.setGradFn(out, node(ctx), 0);
  }

  /** Makes a tensor that was changed in place the result of this operation. */
  final void recordInPlace(OpContext ctx, Tensor self) {
    GraphPosition.rebaseHistory(self, node(ctx));
  }

  /** "AddBackward" for "add". */
  private String nodeName() {
    String name = name();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Backward";
  }

  private static final class OpNode extends Node {
    private final Op op;
    private final OpContext ctx;

    OpNode(Op op, OpContext ctx) {
      super(ctx.edges());
      this.op = op;
      this.ctx = ctx;
    }

    @Override
    public String name() {
      return op.nodeName();
    }

    @Override
    protected Tensor[] backward(Tensor[] gradOutputs) {
      return op.backward(ctx, gradOutputs[0]);
    }

    @Override
    protected void releaseSaved() {
      ctx.release();
    }
  }
}
