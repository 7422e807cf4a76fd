package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** Whether an element is 0; BOOL without a gradient. */
public final class LogicalNot extends Elementwise {
  private static final LogicalNot OP = new LogicalNot();

  /** The operation on one tensor. */
  public static Tensor of(Tensor x) {
    return OP.apply(x);
  }

  @Override
  public String name() {
    return "logicalNot";
  }

  @Override
  protected boolean isDifferentiable() {
    return false;
  }

  @Override
  protected DType outputType(Tensor... in) {
    return DType.BOOL;
  }

  @Override
  protected void compute(Tensor out, Strided... in) {
    Internals.kernels(out).unary(UnaryOp.LOGICAL_NOT, in[0], out.strided());
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    throw new IllegalStateException(name() + ": has no gradient");
  }
}
