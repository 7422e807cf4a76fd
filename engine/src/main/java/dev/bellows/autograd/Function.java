package dev.bellows.autograd;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.ops.Broadcasting;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * An operation with a gradient of the user's own. {@code forward} computes with recording off;
 * {@code backward} computes with tensor operations, so that gradients of gradients work too:
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
 * <p>Arguments that are no tensors are fields of the function; what a call keeps goes to its
 * context. Source: PyTorch's {@code torch.autograd.Function}.
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
   * Computes the gradients of the inputs.
   *
   * @param gradOutputs one for each output; zeros where nothing flowed, unless {@link
   *     FunctionContext#setMaterializeGrads} was set to false (then null)
   * @return one for each input, of its shape or one that it broadcasts to; null where there is none
   */
  protected abstract Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs);

  /** Name in messages: the class's. */
  public String name() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? "Function" : name;
  }

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
    Edge[] edges = new Edge[inputs.length];
    boolean recording = false;
    for (int i = 0; i < inputs.length; i++) {
      boolean needs = GradMode.isEnabled() && inputs[i].requiresGrad();
      edges[i] = needs ? GraphPosition.edge(inputs[i]) : Edge.NONE;
      recording |= needs;
    }
    FunctionContext ctx = new FunctionContext(edges, recording);
    Tensor[] given;
    try (GradMode mode = GradMode.noGrad()) {
      given = forward(ctx, inputs);
    }
    if (given == null || given.length == 0 || Arrays.asList(given).contains(null)) {
      throw new IllegalStateException(
          name()
              + ": forward must give at least one output, none of them null; got "
              + (given == null ? "null" : given.length + " outputs"));
    }
    Tensor[] outputs = given.clone();
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = output(ctx, outputs[i], recording, inputs);
    }
    if (recording) {
      ctx.describe(inputs);
      record(ctx, outputs, edges, inputs);
    }
    return outputs;
  }

  /** An output that is an input becomes a tensor of its own, unless it was changed in place. */
  private Tensor output(FunctionContext ctx, Tensor output, boolean recording, Tensor... inputs) {
    if (ctx.isDirty(output)) {
      if (indexOf(output, inputs) < 0) {
        throw new IllegalStateException(
            name()
                + ": markDirty is for inputs that forward changed in place; got an output that is none");
      }
      Internals.checkInPlace(name(), output, recording);
      return output;
    }
    for (Tensor input : inputs) {
      if (input == output) {
        return output.detach();
      }
    }
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

  private void record(FunctionContext ctx, Tensor[] outputs, Edge[] edges, Tensor... inputs) {
    FunctionNode node = new FunctionNode(this, ctx, outputs, edges);
    for (int i = 0; i < outputs.length; i++) {
      Tensor output = outputs[i];
      if (!output.dtype().isFloatingPoint() || ctx.isNonDifferentiable(output)) {
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
    ctx.pack(node, outputs);
  }

  private static final class FunctionNode extends Node {
    private final Function function;
    private final FunctionContext ctx;
    private final DType[] types;
    private final long[][] shapes;
    private final Device[] devices;

    FunctionNode(Function function, FunctionContext ctx, Tensor[] outputs, Edge[] edges) {
      super(edges);
      this.function = function;
      this.ctx = ctx;
      this.types = new DType[outputs.length];
      this.shapes = new long[outputs.length][];
      this.devices = new Device[outputs.length];
      for (int i = 0; i < outputs.length; i++) {
        types[i] = outputs[i].dtype();
        shapes[i] = outputs[i].shape();
        devices[i] = outputs[i].device();
      }
    }

    @Override
    public String name() {
      return function.name() + "Backward";
    }

    @Override
    protected int outputs() {
      return types.length;
    }

    @Override
    protected Tensor[] backward(Tensor[] gradOutputs) {
      Tensor[] given = gradOutputs.clone();
      for (int i = 0; i < given.length; i++) {
        if (given[i] == null && ctx.materializesGrads()) {
          given[i] = Tensor.on(devices[i]).zeros(types[i], shapes[i]);
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
      long[] shape = ctx.inputShape(i);
      if (!Broadcasting.isExpandable(shape, grad.shape())) {
        throw new IllegalStateException(
            "Function "
                + name()
                + " returned an invalid gradient at index "
                + i
                + " - got "
                + Arrays.toString(grad.shape())
                + " but expected shape compatible with "
                + Arrays.toString(shape));
      }
      if (!grad.device().equals(ctx.inputDevice(i))) {
        throw new IllegalStateException(
            "Function "
                + name()
                + " returned an invalid gradient at index "
                + i
                + " - expected device "
                + ctx.inputDevice(i)
                + " but got "
                + grad.device());
      }
      return Broadcasting.sumTo(grad, shape).to(ctx.inputType(i));
    }

    @Override
    protected void releaseSaved() {
      ctx.release();
    }
  }
}
