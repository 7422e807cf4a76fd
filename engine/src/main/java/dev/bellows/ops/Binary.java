package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/**
 * An elementwise operation on two tensors whose gradients are summed back to the inputs' shapes.
 */
abstract class Binary extends Elementwise {
  private final String name;
  private final BinaryOp kernel;

  Binary(String name, BinaryOp kernel) {
    this.name = name;
    this.kernel = kernel;
  }

  @Override
  public final String name() {
    return name;
  }

  /** Gradient for a, of the result's shape. */
  protected abstract Tensor gradA(FunctionContext ctx, Tensor gradOut);

  /** Gradient for b, of the result's shape. */
  protected abstract Tensor gradB(FunctionContext ctx, Tensor gradOut);

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in[0], in[1]);
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).binary(kernel, in[0], in[1], out);
  }

  @Override
  protected final Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor a = ctx.needsInputGrad(0) ? gradA(ctx, gradOut) : null;
    Tensor b = ctx.needsInputGrad(1) ? gradB(ctx, gradOut) : null;
    return new Tensor[] {a, b};
  }
}
