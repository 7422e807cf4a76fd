package dev.bellows.ops;

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
import dev.bellows.ops.BinaryFunction.Operand;
import dev.bellows.tensor.Tensor;

/** Arithmetic of one and two tensors: rows of {@link Pointwise}. */
public final class Arithmetic {
  private static final String NEGATED_TRUTH =
      "Negation of a BOOL tensor is not supported; use logicalNot() to invert a mask";
  private static final String SUBTRACTED_TRUTH =
      "Subtraction, the `-` operator, with a bool tensor is not supported; use"
          + " logicalXor() or bitwiseXor() of two masks, logicalNot() to invert one";

  /** −this. */
  public static final UnaryFunction NEG =
      row(
          "neg",
          UnaryOp.NEG,
          Accepted.notBool(NEGATED_TRUTH),
          UnaryFunction.Gradient.of(g -> g.neg()));

  /** |this|. The gradient at 0 is 0. */
  public static final UnaryFunction ABS =
      row("abs", UnaryOp.ABS, Accepted.numeric("abs_cpu"), ofX((g, x) -> g.mul(x.sign())));

  /** −1, 0 or 1; 0 for NaN. */
  public static final UnaryFunction SIGN =
      row("sign", UnaryOp.SIGN, Accepted.ANY, UnaryFunction.Gradient.ZERO);

  /** 1 / this. */
  public static final UnaryFunction RECIPROCAL =
      real("reciprocal", UnaryOp.RECIPROCAL, ofY((g, y) -> g.mul(y).mul(y).neg()));

  /** Square root. */
  public static final UnaryFunction SQRT =
      real("sqrt", UnaryOp.SQRT, ofY((g, y) -> g.div(y.mul(2))));

  /** 1 / √this. */
  public static final UnaryFunction RSQRT =
      real("rsqrt", UnaryOp.RSQRT, ofY((g, y) -> g.mul(-0.5).mul(y.pow(3))));

  /** this + other. */
  public static final BinaryFunction ADD =
      arithmetic(
          "add",
          BinaryOp.ADD,
          Accepted.ANY,
          BinaryFunction.Gradient.of(g -> g),
          BinaryFunction.Gradient.of(g -> g));

  /**
   * this − other.
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

  /** this · other. */
  public static final BinaryFunction MUL =
      arithmetic(
          "mul",
          BinaryOp.MUL,
          Accepted.ANY,
          ofB((g, a, b) -> Arithmetic.MUL.of(g, b)),
          ofA((g, a) -> g.mul(a)));

  /** this / other; integers are divided as FLOAT32. */
  public static final BinaryFunction DIV =
      arithmetic(
          "div",
          BinaryOp.DIV,
          Accepted.REAL,
          ofB((g, a, b) -> Arithmetic.DIV.of(g, b)),
          ofTensors((g, a, b) -> g.neg().mul(a.div(b).div(b))));

  /** this to the power of other. */
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

  /** g·b·aᵇ⁻¹; 0 where b is 0, since the result does not depend on a there, not even at a = 0. */
  private static Tensor slopeOfPower(Tensor g, Tensor a, Operand b) {
    Number c = b.number();
    if (c == null) {
      Tensor power = b.tensor();
      return zeroWhere(power.eq(0), g.mul(power.mul(a.pow(power.sub(1)))));
    }
    return c.doubleValue() == 0 ? Tensor.zerosLike(g) : g.mul(a.pow(c.doubleValue() - 1).mul(c));
  }
}
