package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * An elementwise function of two tensors, or of a tensor and a number, that is one kernel: a row of
 * {@link Pointwise}. Of a number, the gradient of the tensor is the same expression.
 */
public final class BinaryFunction extends PointwiseFunction {
  /** The second operand in the gradient of the first: a tensor, or a number. */
  record Operand(Tensor tensor, Number number) {}

  /** A gradient from the gradient g of the result and the operands. */
  interface Slope {
    Tensor of(Tensor g, Tensor a, Operand b);
  }

  /** As {@link Slope}, of tensors. */
  interface TensorSlope {
    Tensor of(Tensor g, Tensor a, Tensor b);
  }

  /** The gradient of an operand; what it does not read is null for it. */
  record Gradient(boolean readsA, boolean readsB, Slope slope) {
    /** There is none: backward throws, unless the results have none by nature. */
    static final Gradient NONE = new Gradient(false, false, null);

    /** Of an operand that the results are constant in, between steps. */
    static final Gradient ZERO = of(Tensor::zerosLike);

    /** Returns a gradient computed from the gradient g of the result. */
    static Gradient of(UnaryOperator<Tensor> slope) {
      return new Gradient(false, false, (g, a, b) -> slope.apply(g));
    }

    /** Returns a gradient computed from g and a. */
    static Gradient ofA(BinaryOperator<Tensor> slope) {
      return new Gradient(true, false, (g, a, b) -> slope.apply(g, a));
    }

    /** Returns a gradient computed from g and b, which may be a number. */
    static Gradient ofB(Slope slope) {
      return new Gradient(false, true, slope);
    }

    /** Returns a gradient computed from g, a and b, which may be a number. */
    static Gradient ofBoth(Slope slope) {
      return new Gradient(true, true, slope);
    }

    /** Returns a gradient computed from g, a and b. */
    static Gradient ofTensors(TensorSlope slope) {
      return new Gradient(true, true, (g, a, b) -> slope.of(g, a, b.tensor));
    }
  }

  private final BinaryOp kernel;
  private final boolean takesNumbers;
  private final Accepted accepted;
  private final Gradient ofA;
  private final Gradient ofB;

  /**
   * @param name of the operation and of its node, in camel case
   * @param takesNumbers whether a number is an argument of the kernel; if not, it becomes a tensor
   *     of the operation's type
   * @param ofA the gradient of the first operand
   * @param ofB the gradient of the second operand
   */
  BinaryFunction(
      String name,
      BinaryOp kernel,
      boolean takesNumbers,
      Accepted accepted,
      Gradient ofA,
      Gradient ofB) {
    super(name, kernel);
    this.kernel = kernel;
    this.takesNumbers = takesNumbers;
    this.accepted = accepted;
    this.ofA = ofA;
    this.ofB = ofB;
  }

  /**
   * Computes the function of corresponding elements, brought to one type and broadcast.
   *
   * @throws IllegalArgumentException if the type is not one that the function takes
   */
  public Tensor of(Tensor a, Tensor b) {
    DType type = accepted.type(name(), Types.promote(a, b), a, b);
    return apply(a.to(type), b.to(type));
  }

  /**
   * Writes {@link #of(Tensor, Tensor)} to a tensor of its shape, which is given back; no gradient.
   *
   * @throws IllegalStateException if a graph would be recorded
   * @throws IllegalArgumentException as {@link #of(Tensor, Tensor)}, or if the tensor has another
   *     shape or device, or a type that does not fit
   */
  public Tensor out(Tensor out, Tensor a, Tensor b) {
    DType type = accepted.type(name(), Types.promote(a, b), a, b);
    return writeTo(out, a.to(type), b.to(type));
  }

  /**
   * Computes the function of each element and a number.
   *
   * @throws IllegalArgumentException if the type is not one that the function takes
   */
  public Tensor of(Tensor a, Number b) {
    DType type = accepted.type(name(), Types.promote(a, b), a);
    if (takesNumbers) {
      return new OfNumber(b).apply(a.to(type));
    }
    try (Tensor constant = a.newFull(b, type)) {
      return apply(a.to(type), constant);
    }
  }

  /**
   * Checks the types of operands one by one.
   *
   * @throws IllegalArgumentException if the function does not take one of them
   */
  void check(Tensor... operands) {
    for (Tensor operand : operands) {
      accepted.type(name(), operand.dtype());
    }
  }

  Tensor of(Tensor a, Operand b) {
    return b.number == null ? of(a, b.tensor) : of(a, b.number);
  }

  /**
   * Replaces each element of a by the function of it and b, and returns a.
   *
   * @throws IllegalArgumentException if the result is of a type or shape that does not fit into a
   */
  public Tensor inPlace(Tensor a, Tensor b) {
    Overwriting.check(nameInPlace, a);
    DType type = accepted.type(name(), Types.promote(a, b), a, b);
    return isInPlace(type, a)
        ? applyInPlace(a, b.to(type))
        : Overwriting.with(nameInPlace, a, x -> of(x, b));
  }

  /**
   * Replaces each element of a by the function of it and b, and returns a.
   *
   * @throws IllegalArgumentException if the result is of a type that does not fit into a
   */
  public Tensor inPlace(Tensor a, Number b) {
    Overwriting.check(nameInPlace, a);
    DType type = accepted.type(name(), Types.promote(a, b), a);
    if (!isInPlace(type, a)) {
      return Overwriting.with(nameInPlace, a, x -> of(x, b));
    }
    if (takesNumbers) {
      return new OfNumber(b).applyInPlace(a);
    }
    try (Tensor constant = a.newFull(b, type)) {
      return applyInPlace(a, constant);
    }
  }

  /**
   * Returns whether results are of the type of a; if not, checks that they can be converted to it.
   */
  private boolean isInPlace(DType type, Tensor a) {
    DType result = kernel.isLogical() ? DType.BOOL : type;
    Types.checkResult(nameInPlace, result, a.dtype());
    return result == a.dtype() && type == a.dtype();
  }

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    boolean needsA = ctx.needsInputGrad(0);
    boolean needsB = ctx.needsInputGrad(1);
    ctx.saveForBackward(
        needsA && ofA.readsA || needsB && ofB.readsA ? in[0] : null,
        needsA && ofA.readsB || needsB && ofB.readsB ? in[1] : null);
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).binary(kernel, in[0], in[1], out);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor[] saved = ctx.savedTensors();
    Operand b = new Operand(saved[1], null);
    Tensor[] grads = new Tensor[2];
    for (int i = 0; i < grads.length; i++) {
      Gradient gradient = i == 0 ? ofA : ofB;
      if (ctx.needsInputGrad(i)) {
        if (gradient.slope == null) {
          return super.backward(ctx, gradOutputs);
        }
        grads[i] = gradient.slope.of(gradOutputs[0], saved[0], b);
      }
    }
    return grads;
  }

  /** The function of a tensor and a constant. */
  private final class OfNumber extends PointwiseFunction {
    private final Number number;

    OfNumber(Number number) {
      super(BinaryFunction.this);
      this.number = number;
    }

    @Override
    protected void saveInputs(FunctionContext ctx, Tensor... in) {
      if (ofA.readsA) {
        ctx.saveForBackward(in[0]);
      }
    }

    @Override
    protected void compute(Strided out, Strided... in) {
      Internals.kernels(out).binaryScalar(kernel, in[0], number, out);
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      if (ofA.slope == null) {
        return super.backward(ctx, gradOutputs);
      }
      Tensor a = ofA.readsA ? ctx.saved(0) : null;
      return new Tensor[] {ofA.slope.of(gradOutputs[0], a, new Operand(null, number))};
    }
  }
}
