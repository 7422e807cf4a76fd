package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.NONE;
import static dev.bellows.ops.BinaryFunction.Gradient.ZERO;
import static dev.bellows.ops.BinaryFunction.Gradient.ofTensors;
import static dev.bellows.ops.Pointwise.row;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/**
 * Rounding to whole numbers or decimals, and division with a rounded quotient; most are rows of
 * {@link Pointwise}.
 */
public final class Rounding {
  /** Rounds down to a whole number. */
  public static final UnaryFunction FLOOR =
      row("floor", UnaryOp.FLOOR, Accepted.numeric("floor_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** Rounds up to a whole number. */
  public static final UnaryFunction CEIL =
      row("ceil", UnaryOp.CEIL, Accepted.numeric("ceil_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** Rounds to the nearest whole number, the even one of two. */
  public static final UnaryFunction ROUND =
      row("round", UnaryOp.ROUND, Accepted.numeric("round_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** Rounds towards 0 to a whole number. */
  public static final UnaryFunction TRUNC =
      row("trunc", UnaryOp.TRUNC, Accepted.numeric("trunc_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** Computes the remainder of this / other rounded to 0: it has the sign of this. */
  public static final BinaryFunction FMOD =
      row(
          "fmod",
          BinaryOp.FMOD,
          Accepted.numeric("fmod_cpu"),
          BinaryFunction.Gradient.of(g -> g),
          ofTensors((g, a, b) -> g.neg().mul(a.div(b, RoundingMode.TRUNC))));

  /**
   * Computes the remainder of this / other rounded down: it has the sign of other, as in Python.
   */
  public static final BinaryFunction REMAINDER =
      row(
          "remainder",
          BinaryOp.REMAINDER,
          Accepted.numeric("remainder_cpu"),
          BinaryFunction.Gradient.of(g -> g),
          ofTensors((g, a, b) -> g.neg().mul(a.div(b, RoundingMode.FLOOR))));

  /** Computes this / other rounded down. Backward throws: there is no gradient. */
  public static final BinaryFunction FLOOR_DIVIDE =
      row("floorDivide", BinaryOp.FLOOR_DIVIDE, Accepted.numeric("div_floor_cpu"), NONE, NONE);

  /** Computes {@code div} rounded down. */
  static final BinaryFunction DIV_FLOOR =
      row("div", BinaryOp.FLOOR_DIVIDE, Accepted.numeric("div_floor_cpu"), ZERO, ZERO);

  /** Computes {@code div} rounded to 0. */
  static final BinaryFunction DIV_TRUNC =
      row("div", BinaryOp.TRUNC_DIVIDE, Accepted.numeric("div_trunc_cpu"), ZERO, ZERO);

  private Rounding() {}

  /** Computes self / other, rounded; integers stay integers. The gradients are 0. */
  public static Tensor div(Tensor self, Tensor other, RoundingMode rounding) {
    return rounded(rounding).of(self, other);
  }

  /** Computes self / other, rounded; integers stay integers. The gradient is 0. */
  public static Tensor div(Tensor self, Number other, RoundingMode rounding) {
    return rounded(rounding).of(self, other);
  }

  /**
   * Divides by other in place, rounds, and gives this back. See {@link Tensor#div(Tensor,
   * RoundingMode)}.
   */
  public static Tensor div_(Tensor self, Tensor other, RoundingMode rounding) {
    return rounded(rounding).inPlace(self, other);
  }

  private static BinaryFunction rounded(RoundingMode rounding) {
    return rounding == RoundingMode.FLOOR ? Rounding.DIV_FLOOR : Rounding.DIV_TRUNC;
  }

  /**
   * Computes the fractional part, with the sign of this.
   *
   * @throws IllegalArgumentException if this type has none
   */
  public static Tensor frac(Tensor self) {
    Accepted.check("frac", self.dtype());
    return self.sub(self.trunc());
  }

  /** Overwrites this with {@link Tensor#frac()} and gives it back. */
  public static Tensor frac_(Tensor self) {
    Overwriting.check("frac_", self);
    Accepted.check("frac", self.dtype());
    return self.sub_(self.trunc());
  }

  /**
   * Rounds to a number of decimals, which may be negative; of two equally near numbers to the one
   * that is even in the last place.
   */
  public static Tensor round(Tensor self, int decimals) {
    Accepted.check("round to decimals", self.dtype());
    if (decimals == 0) {
      return self.round();
    }
    double scale = Math.pow(10, Math.abs(decimals));
    return decimals > 0 ? self.mul(scale).round().div(scale) : self.div(scale).round().mul(scale);
  }
}
