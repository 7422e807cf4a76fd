package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Locale;

/** Comparisons and logic: BOOL results without a gradient. */
public final class Compare extends Elementwise {
  private final BinaryOp op;

  private Compare(BinaryOp op) {
    this.op = op;
  }

  /** a op b, broadcast. */
  public static Tensor of(BinaryOp op, Tensor a, Tensor b) {
    return new Compare(op).apply(a, b);
  }

  @Override
  public String name() {
    return op.name().toLowerCase(Locale.ROOT);
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
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).binary(op, in[0], in[1], out);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    throw new IllegalStateException(name() + ": has no gradient");
  }
}
