package dev.bellows.autograd;

import dev.bellows.memory.SizeOverflowException;
import dev.bellows.ops.Broadcasting;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * An operation: what it computes, and its gradient. The engine's own operations are functions as
 * users' are. {@code forward} computes with recording off; {@code backward} computes with tensor
 * operations, so that gradients of gradients work too:
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
 * <p>Arguments that are not tensors are fields of the function; what one call keeps goes to its
 * context, so that an instance may be applied any number of times. Source: PyTorch's {@code
 * torch.autograd.Function}.
 */
public abstract class Function {
  /**
   * Computes the outputs.
   *
   * @param ctx what this call keeps
   * @param inputs as given to {@link #apply}
   */
  protected abstract Tensor[] forward(FunctionContext ctx, Tensor... inputs);

  /**
   * Computes the gradients of the inputs. A function that does not override it has no gradient, and
   * backward through it fails.
   *
   * @param gradOutputs one for each output; zeros where nothing flowed, unless {@link
   *     FunctionContext#setMaterializeGrads} was set to false (then null)
   * @return one for each input, of its shape or one that it broadcasts to, over which it is then
   *     summed; null where there is none
   */
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    throw new IllegalStateException("derivative for " + name() + " is not implemented");
  }

  /** Name in messages: the class's. */
  public String name() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? "Function" : name;
  }

  /**
   * Whether outputs belong to the graph. False is for results without a derivative by nature, such
   * as comparisons; a function whose derivative is merely missing stays in the graph and fails in
   * backward.
   */
  protected boolean isDifferentiable() {
    return true;
  }

  /** The inputs as forward gets them. */
  protected Tensor[] prepare(Tensor... inputs) {
    return inputs;
  }

  /** Called in the caller's grad mode with each output that is not an input; does nothing. */
  protected void link(Tensor output, Tensor... inputs) {}

  /** Runs the function; gives its first output. */
  public final Tensor apply(Tensor... inputs) {
    return applyAll(inputs)[0];
  }

  /**
   * Runs the function; gives all outputs.
   *
   * @throws IllegalStateException if an input that was changed in place must not be
   */
  public final Tensor[] applyAll(Tensor... inputs) {
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
    Reference.reachabilityFence(in); // kernels see addresses, which keep no tensor alive
    return outputs;
  }

  /** A context that records if the gradient of an input is needed. */
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
    return new FunctionContext(edges);
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
        outputs = outputs == given ? given.clone() : outputs; // may be the function's own array
        outputs[i] = output;
      }
    }
    return outputs;
  }

  /** An output that is an input becomes another tensor, unless it was changed in place. */
  private Tensor output(FunctionContext ctx, Tensor output, Tensor... inputs) {
    int input = indexOf(output, inputs);
    if (ctx.isDirty(output)) {
      if (input < 0) {
        throw new IllegalStateException(
            name()
                + ": markDirty is for inputs that forward changed in place; got an output that is none");
      }
      Internals.checkInPlace(name(), output, ctx.isRecording());
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
   * Makes outputs results of this function in the graph, if the context records: those marked dirty
   * get a new history, integers and outputs marked as not differentiable none.
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
              name()
                  + ": if a Function modifies in place an input that is a view, it cannot return more"
                  + " than one Tensor; got "
                  + outputs.length
                  + " outputs");
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

    /** "AddBackward" for "add". */
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
            "function "
                + name()
                + " returned an incorrect number of gradients (expected "
                + edges.length
                + ", got "
                + (grads == null ? "null" : grads.length)
                + ")");
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
            "Function "
                + name()
                + " returned an invalid gradient at index "
                + i
                + " - got "
                + Arrays.toString(grad.shape())
                + " but expected shape compatible with "
                + Arrays.toString(input.shape()));
      }
      if (!grad.device().equals(input.device())) {
        throw new IllegalStateException(
            "Function "
                + name()
                + " returned an invalid gradient at index "
                + i
                + " - expected device "
                + input.device()
                + " but got "
                + grad.device());
      }
      return Broadcasting.sumTo(grad, input.shape()).to(input.dtype());
    }

    @Override
    protected void releaseSaved() {
      ctx.release();
    }
  }
}
