package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** ln x; gradient g/x. */
public final class Log extends Unary {
  private static final Log OP = new Log();

  private Log() {
    super("log", UnaryOp.LOG);
  }

  /** The operation on one tensor. */
  public static Tensor of(Tensor x) {
    return OP.apply(x);
  }

  @Override
  protected void saveInputs(OpContext ctx, Tensor... in) {
    ctx.save(in[0]);
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    return new Tensor[] {gradOut.div(ctx.saved(0))};
  }
}
