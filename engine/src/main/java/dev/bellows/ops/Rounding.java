package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.NONE;
import static dev.bellows.ops.BinaryFunction.Gradient.ZERO;
import static dev.bellows.ops.BinaryFunction.Gradient.ofTensors;
import static dev.bellows.ops.Pointwise.row;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;

/** Rounding to whole numbers, and division with a rounded quotient: rows of {@link Pointwise}. */
public final class Rounding {
  /** The next whole number at or below. */
  public static final UnaryFunction FLOOR =
      row("floor", UnaryOp.FLOOR, Accepted.numeric("floor_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** The next whole number at or above. */
  public static final UnaryFunction CEIL =
      row("ceil", UnaryOp.CEIL, Accepted.numeric("ceil_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** The nearest whole number, the even one of two. */
  public static final UnaryFunction ROUND =
      row("round", UnaryOp.ROUND, Accepted.numeric("round_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** The next whole number towards 0. */
  public static final UnaryFunction TRUNC =
      row("trunc", UnaryOp.TRUNC, Accepted.numeric("trunc_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** The remainder of this / other rounded to 0: it has the sign of this. */
  public static final BinaryFunction FMOD =
      row(
          "fmod",
          BinaryOp.FMOD,
          Accepted.numeric("fmod_cpu"),
          BinaryFunction.Gradient.of(g -> g),
          ofTensors((g, a, b) -> g.neg().mul(a.div(b, RoundingMode.TRUNC))));

  /** The remainder of this / other rounded down: it has the sign of other, as in Python. */
  public static final BinaryFunction REMAINDER =
      row(
          "remainder",
          BinaryOp.REMAINDER,
          Accepted.numeric("remainder_cpu"),
          BinaryFunction.Gradient.of(g -> g),
          ofTensors((g, a, b) -> g.neg().mul(a.div(b, RoundingMode.FLOOR))));

  /** this / other rounded down. Backward throws: there is no gradient. */
  public static final BinaryFunction FLOOR_DIVIDE =
      row("floorDivide", BinaryOp.FLOOR_DIVIDE, Accepted.numeric("div_floor_cpu"), NONE, NONE);

  /** {@code div} rounded down. */
  static final BinaryFunction DIV_FLOOR =
      row("div", BinaryOp.FLOOR_DIVIDE, Accepted.numeric("div_floor_cpu"), ZERO, ZERO);

  /** {@code div} rounded to 0. */
  static final BinaryFunction DIV_TRUNC =
      row("div", BinaryOp.TRUNC_DIVIDE, Accepted.numeric("div_trunc_cpu"), ZERO, ZERO);

  private Rounding() {}
}
