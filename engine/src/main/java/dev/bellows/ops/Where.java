package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** condition ? a : b, broadcast; each gets the gradient where it was chosen. */
public final class Where extends Elementwise {
  private static final Where OP = new Where();

  /**
   * Chooses by a BOOL tensor.
   *
   * @throws IllegalArgumentException if the condition is not BOOL or a and b differ in type
   */
  public static Tensor of(Tensor condition, Tensor a, Tensor b) {
    if (condition.dtype() != DType.BOOL && condition.dtype() != DType.UINT8) {
      throw new IllegalArgumentException(
          message(
              "where expected condition to be a boolean tensor, but got a tensor with dtype %s",
              condition.dtype()));
    }
    DType type = a.dtype() == b.dtype() ? a.dtype() : Types.promote(a, b);
    return OP.apply(condition.to(DType.BOOL), a.to(type), b.to(type));
  }

  /**
   * This where a condition holds, else other; broadcast, in the promoted type.
   *
   * @param condition BOOL
   */
  public static Tensor where(Tensor self, Tensor condition, Tensor other) {
    return of(condition, self, other);
  }

  @Override
  public String name() {
    return "where";
  }

  @Override
  protected void checkTypes(Tensor... in) {
    // of() has checked them: the condition is BOOL, the others are of one type.
  }

  @Override
  protected DType outputType(Tensor... in) {
    return in[1].dtype();
  }

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in[0]);
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).where(in[0], in[1], in[2], out);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor condition = ctx.saved(0);
    Tensor zero = Tensor.zerosLike(gradOut);
    Tensor a = ctx.needsInputGrad(1) ? of(condition, gradOut, zero) : null;
    Tensor b = ctx.needsInputGrad(2) ? of(condition, zero, gradOut) : null;
    return new Tensor[] {null, a, b};
  }
}
