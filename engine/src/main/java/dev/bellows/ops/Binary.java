package dev.bellows.ops;

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
  protected abstract Tensor gradA(OpContext ctx, Tensor gradOut);

  /** Gradient for b, of the result's shape. */
  protected abstract Tensor gradB(OpContext ctx, Tensor gradOut);

  @Override
  protected void saveInputs(OpContext ctx, Tensor... in) {
    ctx.keepShapes(in[0].strided().sizes(), in[1].strided().sizes());
    ctx.save(in[0], in[1]);
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).binary(kernel, in[0], in[1], out);
  }

  @Override
  protected final Tensor[] backward(OpContext ctx, Tensor gradOut) {
    Tensor a = ctx.needs(0) ? Broadcasting.sumTo(gradA(ctx, gradOut), ctx.shape(0)) : null;
    Tensor b = ctx.needs(1) ? Broadcasting.sumTo(gradB(ctx, gradOut), ctx.shape(1)) : null;
    return new Tensor[] {a, b};
  }
}
