package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** An elementwise function of one tensor that is one kernel: a row of {@link Pointwise}. */
public final class UnaryFunction extends PointwiseFunction {
  /** What backward reads. */
  private enum Reads {
    NOTHING,
    ARGUMENT,
    RESULT
  }

  /**
   * The gradient of the argument, from the gradient of the result and what was saved (null for
   * NOTHING).
   */
  record Gradient(Reads reads, BinaryOperator<Tensor> slope) {
    /** There is none: backward throws, unless the results have none by nature. */
    static final Gradient NONE = new Gradient(Reads.NOTHING, null);

    /** Of a function that is constant between its steps. */
    static final Gradient ZERO = of(Tensor::zerosLike);

    /** Returns a gradient computed from the gradient g of the result. */
    static Gradient of(UnaryOperator<Tensor> slope) {
      return new Gradient(Reads.NOTHING, (g, none) -> slope.apply(g));
    }

    /** Returns a gradient computed from g and the argument x. */
    static Gradient ofX(BinaryOperator<Tensor> slope) {
      return new Gradient(Reads.ARGUMENT, slope);
    }

    /** Returns a gradient computed from g and the result y. */
    static Gradient ofY(BinaryOperator<Tensor> slope) {
      return new Gradient(Reads.RESULT, slope);
    }
  }

  private final UnaryOp kernel;
  private final Accepted accepted;
  private final Gradient gradient;

  /**
   * @param name of the operation and of its node, in camel case
   */
  UnaryFunction(String name, UnaryOp kernel, Accepted accepted, Gradient gradient) {
    super(name, kernel);
    this.kernel = kernel;
    this.accepted = accepted;
    this.gradient = gradient;
  }

  /**
   * Computes the function of each element.
   *
   * @throws IllegalArgumentException if x is of a type that the function does not take
   */
  public Tensor of(Tensor x) {
    return apply(x.to(accepted.type(name(), x.dtype(), x)));
  }

  /**
   * Replaces each element of x by its function and returns x.
   *
   * @throws IllegalArgumentException if the result is of a type that does not fit into x
   */
  public Tensor inPlace(Tensor x) {
    DType type = accepted.type(name(), x.dtype(), x);
    if (kernel.isLogical()) {
      return Copy.into(nameInPlace, x, of(x));
    }
    Types.checkResult(nameInPlace, type, x.dtype());
    return applyInPlace(x);
  }

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    if (gradient.reads == Reads.ARGUMENT) {
      ctx.saveForBackward(in[0]);
    }
  }

  @Override
  protected void saveResult(FunctionContext ctx, Tensor out) {
    if (gradient.reads == Reads.RESULT) {
      ctx.saveForBackward(out);
    }
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).unary(kernel, in[0], out);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    if (gradient.slope == null) {
      return super.backward(ctx, gradOutputs);
    }
    Tensor saved = gradient.reads == Reads.NOTHING ? null : ctx.saved(0);
    if (gradient.reads == Reads.ARGUMENT && !GradMode.isEnabled() && saved.numel() > 0) {
      Strided x = saved.strided();
      Kernels kernels = Internals.kernels(saved);
      if (kernels.hasUnaryGrad(kernel, x.dtype())) {
        Tensor grad = Internals.allocateLike(x.dtype(), x);
        Strided out = grad.strided().physical();
        kernels.unaryGrad(kernel, gradOutputs[0].strided().physical(), x.physical(), out);
        return new Tensor[] {grad};
      }
    }
    return new Tensor[] {gradient.slope.apply(gradOutputs[0], saved)};
  }
}
