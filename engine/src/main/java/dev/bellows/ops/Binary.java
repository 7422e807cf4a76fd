package dev.bellows.ops;

import dev.bellows.tensor.Tensor;

/**
 * An elementwise operation on two tensors whose gradients are summed back to the inputs' shapes.
 */
abstract class Binary extends Elementwise {
  private final String name;

  Binary(String name) {
    this.name = name;
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
  }

  @Override
  protected final Tensor[] backward(OpContext ctx, Tensor gradOut) {
    Tensor a = ctx.needs(0) ? Broadcasting.sumTo(gradA(ctx, gradOut), ctx.shape(0)) : null;
    Tensor b = ctx.needs(1) ? Broadcasting.sumTo(gradB(ctx, gradOut), ctx.shape(1)) : null;
    return new Tensor[] {a, b};
  }
}
