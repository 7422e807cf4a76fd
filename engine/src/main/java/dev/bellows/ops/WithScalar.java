package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Locale;

/**
 * x op c for a constant c: ADD (gradient g), SUB (g), MUL (c·g), DIV (g/c), POW (g·c·xᶜ⁻¹), MAXIMUM
 * and MINIMUM (0 where x loses, ½·g where equal, else g), and comparisons (BOOL, no gradient).
 */
public final class WithScalar extends Elementwise {
  private final BinaryOp op;
  private final Number c;

  private WithScalar(BinaryOp op, Number c) {
    this.op = op;
    this.c = c;
  }

  /** x op c. */
  public static Tensor of(BinaryOp op, Tensor x, Number c) {
    return new WithScalar(op, c).apply(x);
  }

  /** x = x op c; answers x. */
  public static Tensor inPlace(BinaryOp op, Tensor x, Number c) {
    return new WithScalar(op, c).applyInPlace(x);
  }

  @Override
  public String name() {
    return op.name().toLowerCase(Locale.ROOT);
  }

  @Override
  protected boolean isDifferentiable() {
    return !op.isLogical();
  }

  @Override
  protected DType outputType(Tensor... in) {
    return op.isLogical() ? DType.BOOL : in[0].dtype();
  }

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    if (op == BinaryOp.POW || op == BinaryOp.MAXIMUM || op == BinaryOp.MINIMUM) {
      ctx.saveForBackward(in[0]);
    }
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).binaryScalar(op, in[0], c, out);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {
      switch (op) {
        case ADD, SUB -> gradOut;
        case MUL -> gradOut.mul(c);
        case DIV -> gradOut.div(c);
        case POW ->
            c.doubleValue() == 0
                ? Tensor.zerosLike(gradOut)
                : gradOut.mul(ctx.saved(0).pow(c.doubleValue() - 1).mul(c));
        case MAXIMUM -> share(gradOut, ctx.saved(0), BinaryOp.LT);
        case MINIMUM -> share(gradOut, ctx.saved(0), BinaryOp.GT);
        default -> throw new IllegalStateException(name() + ": has no gradient");
      }
    };
  }

  private Tensor share(Tensor g, Tensor x, BinaryOp loses) {
    return Extremum.share(g, of(loses, x, c), of(BinaryOp.EQ, x, c));
  }
}
