package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.SizeOverflowException;
import dev.bellows.ops.Broadcasting;
import dev.bellows.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * An operation and its gradient. The engine's operations and users' operations are both functions.
 * {@code forward} computes with recording off; {@code backward} computes with tensor operations, so
 * that gradients of gradients work too:
 *
 * <pre>{@code
 * final class Cube extends Function {
 *   protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
 *     ctx.saveForBackward(in[0]);
 *     return new Tensor[] {in[0].mul(in[0]).mul(in[0])};
 *   }
 *
 *   protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
 *     Tensor x = ctx.savedTensors()[0];
 *     return new Tensor[] {gradOutputs[0].mul(x.mul(x).mul(3))};
 *   }
 * }
 *
 * Tensor y = new Cube().apply(x);
 * }</pre>
 *
 * <p>Arguments that are not tensors are fields of the function; the state of a call is in its
 * context, so that an instance may be applied any number of times. Source: PyTorch's {@code
 * torch.autograd.Function}.
 */
public abstract class Function {
  /**
   * Computes the outputs.
   *
   * @param ctx stores what backward needs
   * @param inputs as given to {@link #apply}
   */
  protected abstract Tensor[] forward(FunctionContext ctx, Tensor... inputs);

  /**
   * Computes the gradients of the inputs. If a function does not override it, backward through the
   * function fails.
   *
   * @param gradOutputs one per output; zeros for an output without an incoming gradient, or null if
   *     {@link FunctionContext#setMaterializeGrads} was set to false
   * @return one per input, of its shape or of a shape that the input broadcasts to, which is then
   *     summed to the input's shape; null if there is no gradient
   */
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    throw new IllegalStateException("derivative for " + name() + " is not implemented");
  }

  /** Returns the function's name in messages; by default that of the class. */
  public String name() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? "Function" : name;
  }

  /**
   * Returns whether outputs belong to the graph. False is for results that have no derivative by
   * nature, such as comparisons; a function whose derivative is not implemented stays in the graph
   * and fails in backward.
   */
  protected boolean isDifferentiable() {
    return true;
  }

  /** Converts the inputs before forward. */
  protected Tensor[] prepare(Tensor... inputs) {
    return inputs;
  }

  /**
   * Links an output that is not an input to the inputs, in the caller's grad mode; does nothing by
   * default.
   */
  protected void link(Tensor output, Tensor... inputs) {}

  /** Runs the function and returns its first output. */
  public final Tensor apply(Tensor... inputs) {
    return applyAll(inputs)[0];
  }

  /**
   * Runs the function and returns all outputs.
   *
   * @throws IllegalStateException if forward changed an input in place that must not be changed
   */
  public final Tensor[] applyAll(Tensor... inputs) {
    Calls.recordApplied(this, inputs);
    Tensor[] in = prepare(inputs);
    FunctionContext ctx = contextFor(in);
    Tensor[] outputs;
    try (GradMode mode = GradMode.noGrad()) {
      outputs = forward(ctx, in);
    } catch (SizeOverflowException e) {
      throw e.in(name());
    }
    outputs = checked(ctx, outputs, in);
    record(ctx, outputs, in);
    Reference.reachabilityFence(in); // kernels use addresses, which do not keep a tensor reachable
    return outputs;
  }

  /** Returns a context, which records if the gradient of any input is needed. */
  private FunctionContext contextFor(Tensor... inputs) {
    Edge[] edges = null;
    if (GradMode.isEnabled() && isDifferentiable()) {
      for (int i = 0; i < inputs.length; i++) {
        if (inputs[i].requiresGrad()) {
          if (edges == null) {
            edges = new Edge[inputs.length];
            Arrays.fill(edges, Edge.NONE);
          }
          edges[i] = GraphPosition.edge(inputs[i]);
        }
      }
    }
    return new FunctionContext(this, edges);
  }

  private Tensor[] checked(FunctionContext ctx, Tensor[] given, Tensor... inputs) {
    if (given == null || given.length == 0 || indexOf(null, given) >= 0) {
      throw new IllegalStateException(
          name()
              + ": forward must give at least one output, none of them null; got "
              + (given == null ? "null" : given.length + " outputs"));
    }
    Tensor[] outputs = given;
    for (int i = 0; i < given.length; i++) {
      Tensor output = output(ctx, given[i], inputs);
      if (output != given[i]) {
        // the array may belong to the function
        outputs = outputs == given ? given.clone() : outputs;
        outputs[i] = output;
      }
    }
    return outputs;
  }

  /**
   * Returns a new tensor for an output that is also an input, unless the input was changed in
   * place.
   */
  private Tensor output(FunctionContext ctx, Tensor output, Tensor... inputs) {
    int input = indexOf(output, inputs);
    if (ctx.isDirty(output)) {
      if (input < 0) {
        throw new IllegalStateException(
            message(
                "%s: markDirty is for inputs that forward changed in place; got an output that is"
                    + " none",
                name()));
      }
      return output;
    }
    if (input >= 0) {
      return output.detach();
    }
    link(output, inputs);
    return output;
  }

  private static int indexOf(Tensor tensor, Tensor... all) {
    for (int i = 0; i < all.length; i++) {
      if (all[i] == tensor) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Makes the outputs results of this function in the graph, if the context records: those marked
   * dirty get a new history; integers and outputs marked as not differentiable get none.
   */
  private void record(FunctionContext ctx, Tensor[] outputs, Tensor... inputs) {
    if (!ctx.isRecording()) {
      return;
    }
    Node node = new FunctionNode(this, ctx, outputs);
    ctx.pack(node, outputs, inputs);
    for (int i = 0; i < outputs.length; i++) {
      Tensor output = outputs[i];
      if (!ctx.isInGraph(output)) {
        continue;
      }
      if (ctx.isDirty(output)) {
        if (outputs.length > 1 && output.isView()) {
          throw new IllegalStateException(
              message(
                  "%s: if a Function modifies in place an input that is a view, it cannot return"
                      + " more than one Tensor; got %s outputs",
                  name(), outputs.length));
        }
        GraphPosition.rebaseHistory(output, node, i, indexOf(output, inputs));
      } else {
        GraphPosition.setGradFn(output, node, i);
      }
    }
    ctx.forgetMarks();
  }

  private static final class FunctionNode extends Node {
    private final Function function;
    private final FunctionContext ctx;
    private final TensorMeta[] outputs;

    FunctionNode(Function function, FunctionContext ctx, Tensor... outputs) {
      super(ctx.edges());
      this.function = function;
      this.ctx = ctx;
      this.outputs = TensorMeta.of(outputs);
    }

    /** Returns "AddBackward" for "add". */
    @Override
    public String name() {
      String name = function.name();
      return Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Backward";
    }

    @Override
    protected int outputs() {
      return outputs.length;
    }

    @Override
    protected Tensor[] backward(Tensor[] gradOutputs) {
      Tensor[] given = gradOutputs.clone();
      for (int i = 0; i < given.length; i++) {
        if (given[i] == null && ctx.materializesGrads()) {
          given[i] = outputs[i].zeros();
        }
      }
      Tensor[] grads = function.backward(ctx, given);
      Edge[] edges = edges();
      if (grads == null || grads.length != edges.length) {
        throw new IllegalStateException(
            message(
                "function %s returned an incorrect number of gradients (expected %s, got %s)",
                name(), edges.length, grads == null ? "null" : grads.length));
      }
      Tensor[] out = grads.clone();
      for (int i = 0; i < out.length; i++) {
        out[i] = out[i] == null || edges[i].node() == null ? null : fit(out[i], i);
      }
      return out;
    }

    private Tensor fit(Tensor grad, int i) {
      TensorMeta input = ctx.input(i);
      if (!Broadcasting.isExpandable(input.shape(), grad.strided().sizes())) {
        throw new IllegalStateException(
            message(
                "Function %s returned an invalid gradient at index %s - got %s but expected shape"
                    + " compatible with %s",
                name(), i, grad.shape(), input.shape()));
      }
      if (!grad.device().equals(input.device())) {
        throw new IllegalStateException(
            message(
                "Function %s returned an invalid gradient at index %s - expected device %s but got"
                    + " %s",
                name(), i, input.device(), grad.device()));
      }
      return Broadcasting.sumTo(grad, input.shape()).to(input.dtype());
    }

    @Override
    protected void releaseSaved() {
      ctx.release();
    }
  }
}
