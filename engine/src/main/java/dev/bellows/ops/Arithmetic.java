package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;
import static dev.bellows.ops.BinaryFunction.Gradient.ofA;
import static dev.bellows.ops.BinaryFunction.Gradient.ofB;
import static dev.bellows.ops.BinaryFunction.Gradient.ofBoth;
import static dev.bellows.ops.BinaryFunction.Gradient.ofTensors;
import static dev.bellows.ops.Pointwise.arithmetic;
import static dev.bellows.ops.Pointwise.real;
import static dev.bellows.ops.Pointwise.row;
import static dev.bellows.ops.Pointwise.zeroWhere;
import static dev.bellows.ops.UnaryFunction.Gradient.ofX;
import static dev.bellows.ops.UnaryFunction.Gradient.ofY;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.ops.BinaryFunction.Operand;
import dev.bellows.tensor.Tensor;

/** Arithmetic of one and two tensors; most are rows of {@link Pointwise}. */
public final class Arithmetic {
  private static final String NEGATED_TRUTH =
      "Negation of a BOOL tensor is not supported; use logicalNot() to invert a mask";
  private static final String SUBTRACTED_TRUTH =
      "Subtraction, the `-` operator, with a bool tensor is not supported; use"
          + " logicalXor() or bitwiseXor() of two masks, logicalNot() to invert one";

  /** Computes −this. */
  public static final UnaryFunction NEG =
      row(
          "neg",
          UnaryOp.NEG,
          Accepted.notBool(NEGATED_TRUTH),
          UnaryFunction.Gradient.of(g -> g.neg()));

  /** Computes |this|. The gradient at 0 is 0. */
  public static final UnaryFunction ABS =
      row("abs", UnaryOp.ABS, Accepted.numeric("abs_cpu"), ofX((g, x) -> g.mul(x.sign())));

  /** Returns the sign: −1, 0 or 1; 0 for NaN. */
  public static final UnaryFunction SIGN =
      row("sign", UnaryOp.SIGN, Accepted.ANY, UnaryFunction.Gradient.ZERO);

  /** Computes 1 / this. */
  public static final UnaryFunction RECIPROCAL =
      real("reciprocal", UnaryOp.RECIPROCAL, ofY((g, y) -> g.mul(y).mul(y).neg()));

  /** Computes the square root. */
  public static final UnaryFunction SQRT =
      real("sqrt", UnaryOp.SQRT, ofY((g, y) -> g.div(y.mul(2))));

  /** Computes 1 / √this. */
  public static final UnaryFunction RSQRT =
      real("rsqrt", UnaryOp.RSQRT, ofY((g, y) -> g.mul(-0.5).mul(y.pow(3))));

  /** Computes this + other. */
  public static final BinaryFunction ADD =
      arithmetic(
          "add",
          BinaryOp.ADD,
          Accepted.ANY,
          BinaryFunction.Gradient.of(g -> g),
          BinaryFunction.Gradient.of(g -> g));

  /**
   * Computes this − other.
   *
   * @throws IllegalArgumentException if one of them is BOOL
   */
  public static final BinaryFunction SUB =
      arithmetic(
          "sub",
          BinaryOp.SUB,
          Accepted.notBool(SUBTRACTED_TRUTH),
          BinaryFunction.Gradient.of(g -> g),
          BinaryFunction.Gradient.of(g -> g.mul(-1)));

  /** Computes this · other. */
  public static final BinaryFunction MUL =
      arithmetic(
          "mul",
          BinaryOp.MUL,
          Accepted.ANY,
          ofB((g, a, b) -> Arithmetic.MUL.of(g, b)),
          ofA((g, a) -> g.mul(a)));

  /** Computes this / other; integers are divided as FLOAT32. */
  public static final BinaryFunction DIV =
      arithmetic(
          "div",
          BinaryOp.DIV,
          Accepted.REAL,
          ofB((g, a, b) -> Arithmetic.DIV.of(g, b)),
          ofTensors((g, a, b) -> g.neg().mul(a.div(b).div(b))));

  /** Computes this to the power of other. */
  @Forms(number = false)
  public static final BinaryFunction POW =
      arithmetic(
          "pow",
          BinaryOp.POW,
          Accepted.numeric("pow"),
          ofBoth(Arithmetic::slopeOfPower),
          ofTensors(
              (g, a, b) -> {
                Tensor slope = a.pow(b).mul(a.log());
                return g.mul(zeroWhere(a.eq(0).logicalAnd(b.ge(0)), slope));
              }));

  private Arithmetic() {}

  /**
   * Computes self + alpha · other, broadcast, in the promoted type.
   *
   * @param alpha a whole number if the result is of integers
   * @throws IllegalArgumentException if alpha is a fraction and the result is of integers
   */
  public static Tensor add(Tensor self, Tensor other, Number alpha) {
    DType type = Types.promote(self, other);
    checkAlpha("add", alpha, type);
    return AddScaled.of(self.to(type), other.to(type), alpha);
  }

  /** Adds alpha · other in place and gives this back. See {@link Tensor#add(Tensor, Number)}. */
  public static Tensor add_(Tensor self, Tensor other, Number alpha) {
    checkAlpha("add_", alpha, self.dtype());
    DType type = Types.promote(self, other);
    Types.checkResult("add_", type, self.dtype());
    return type == self.dtype()
        ? AddScaled.inPlace(self, other.to(type), alpha)
        : Overwriting.with("add_", self, x -> add(x, other, alpha));
  }

  /**
   * Computes self − alpha · other, broadcast, in the promoted type.
   *
   * @param alpha a whole number if the result is of integers
   * @throws IllegalArgumentException if alpha is a fraction and the result is of integers, or for
   *     BOOL
   */
  public static Tensor sub(Tensor self, Tensor other, Number alpha) {
    Arithmetic.SUB.check(self, other);
    return add(self, other, negated(alpha));
  }

  /**
   * Subtracts alpha · other in place and gives this back. See {@link Tensor#sub(Tensor, Number)}.
   */
  public static Tensor sub_(Tensor self, Tensor other, Number alpha) {
    Arithmetic.SUB.check(self, other);
    return add_(self, other, negated(alpha));
  }

  /**
   * Computes other − self.
   *
   * @throws IllegalArgumentException for BOOL
   */
  public static Tensor rsub(Tensor self, Number other) {
    Arithmetic.SUB.check(self);
    try (Tensor constant = self.newFull(other, Types.promote(self, other))) {
      return constant.sub(self);
    }
  }

  private static void checkAlpha(String operation, Number alpha, DType result) {
    if (!result.isFloatingPoint() && Types.isReal(alpha)) {
      throw new IllegalArgumentException(
          message(
              "%s: For integral input tensors, argument alpha must not be a floating point number;"
                  + " got %s for %s",
              operation, alpha, result));
    }
  }

  private static Number negated(Number number) {
    return Types.isReal(number) ? (Number) (-number.doubleValue()) : (Number) (-number.longValue());
  }

  /**
   * Computes self to the power of other.
   *
   * @throws IllegalArgumentException if an integer would be raised to a negative power
   */
  public static Tensor pow(Tensor self, Number other) {
    checkPower(self, other);
    return Arithmetic.POW.of(self, other);
  }

  /** Overwrites this with {@link Tensor#pow(Number)} and gives it back. */
  public static Tensor pow_(Tensor self, Number other) {
    checkPower(self, other);
    return Arithmetic.POW.inPlace(self, other);
  }

  private static void checkPower(Tensor x, Number power) {
    if (!Types.promote(x, power).isFloatingPoint() && power.longValue() < 0) {
      throw new IllegalArgumentException(
          message(
              "pow: Integers to negative integer powers are not allowed; got %s and %s",
              x.dtype(), power));
    }
  }

  /** Computes self · self; BOOL is squared in INT64. */
  public static Tensor square(Tensor self) {
    Tensor x = self.dtype() == DType.BOOL ? self.to(DType.INT64) : self;
    return x.mul(x);
  }

  /** Overwrites this with {@link Tensor#square()} and gives it back. */
  public static Tensor square_(Tensor self) {
    Overwriting.check("square_", self);
    if (self.dtype() == DType.BOOL) {
      Types.checkResult("square_", DType.INT64, DType.BOOL);
    }
    return self.mul_(self);
  }

  /**
   * Computes g·b·aᵇ⁻¹; 0 where b is 0, since the result does not depend on a there, not even at a =
   * 0.
   */
  private static Tensor slopeOfPower(Tensor g, Tensor a, Operand b) {
    Number c = b.number();
    if (c == null) {
      Tensor power = b.tensor();
      return zeroWhere(power.eq(0), g.mul(power.mul(a.pow(power.sub(1)))));
    }
    return c.doubleValue() == 0 ? Tensor.zerosLike(g) : g.mul(a.pow(c.doubleValue() - 1).mul(c));
  }
}
