package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** 0 where x ≤ 0, else g, at NaN too; linear in g, and flat in x. */
final class ReluGrad extends Elementwise {
  private static final ReluGrad OP = new ReluGrad();

  static Tensor of(Tensor x, Tensor grad) {
    return OP.apply(x, grad);
  }

  @Override
  public String name() {
    return "reluGrad";
  }

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in[0]);
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).binary(BinaryOp.RELU_GRAD, in[0], in[1], out);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor gradX = ctx.needsInputGrad(0) ? Tensor.zerosLike(gradOut) : null;
    return new Tensor[] {gradX, ctx.needsInputGrad(1) ? of(ctx.saved(0), gradOut) : null};
  }
}
