package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.NONE;
import static dev.bellows.ops.BinaryFunction.Gradient.ZERO;
import static dev.bellows.ops.BinaryFunction.Gradient.ofBoth;
import static dev.bellows.ops.BinaryFunction.Gradient.ofTensors;
import static dev.bellows.ops.Pointwise.arithmetic;
import static dev.bellows.ops.Pointwise.onlyWhere;
import static dev.bellows.ops.Pointwise.row;
import static dev.bellows.ops.Pointwise.zeroWhere;

import dev.bellows.backend.BinaryOp;
import dev.bellows.tensor.Tensor;

/** The larger or smaller of two elements, and their signs: rows of {@link Pointwise}. */
public final class Extrema {
  /** Returns the larger of each two elements; NaN if either is. Equal ones share the gradient. */
  @Forms(inPlace = false)
  public static final BinaryFunction MAXIMUM =
      arithmetic(
          "maximum",
          BinaryOp.MAXIMUM,
          Accepted.ANY,
          ofBoth((g, a, b) -> share(g, Comparisons.LT.of(a, b), Comparisons.EQ.of(a, b))),
          ofTensors((g, a, b) -> share(g, b.lt(a), b.eq(a))));

  /** Returns the smaller of each two elements; NaN if either is. Equal ones share the gradient. */
  @Forms(inPlace = false)
  public static final BinaryFunction MINIMUM =
      arithmetic(
          "minimum",
          BinaryOp.MINIMUM,
          Accepted.ANY,
          ofBoth((g, a, b) -> share(g, Comparisons.GT.of(a, b), Comparisons.EQ.of(a, b))),
          ofTensors((g, a, b) -> share(g, b.gt(a), b.eq(a))));

  /**
   * Returns the larger of each two elements; the number if one is NaN. This gets the gradient if
   * equal.
   */
  @Forms(number = false, inPlace = false)
  public static final BinaryFunction FMAX =
      row(
          "fmax",
          BinaryOp.FMAX,
          Accepted.ANY,
          ofTensors((g, a, b) -> onlyWhere(a.ge(b).logicalOr(b.isnan()), g)),
          ofTensors((g, a, b) -> zeroWhere(a.ge(b).logicalOr(b.isnan()), g)));

  /**
   * Returns the smaller of each two elements; the number if one is NaN. This gets the gradient if
   * equal.
   */
  @Forms(number = false, inPlace = false)
  public static final BinaryFunction FMIN =
      row(
          "fmin",
          BinaryOp.FMIN,
          Accepted.ANY,
          ofTensors((g, a, b) -> onlyWhere(a.le(b).logicalOr(b.isnan()), g)),
          ofTensors((g, a, b) -> zeroWhere(a.le(b).logicalOr(b.isnan()), g)));

  /** Computes |this| with the sign of other. */
  public static final BinaryFunction COPYSIGN =
      row(
          "copysign",
          BinaryOp.COPYSIGN,
          Accepted.REAL,
          ofTensors((g, a, b) -> g.mul(zeroWhere(a.eq(0), a.copysign(b).div(a)))),
          ZERO);

  /**
   * Returns 0, other or 1 where this is negative, 0 or positive. Backward throws: there is no
   * gradient.
   */
  @Forms(number = false)
  public static final BinaryFunction HEAVISIDE =
      row("heaviside", BinaryOp.HEAVISIDE, Accepted.ANY, NONE, NONE);

  private Extrema() {}

  /** Returns the part of a gradient: none for the loser, half for an equal, all at NaN. */
  private static Tensor share(Tensor g, Tensor isLoser, Tensor isEqual) {
    return zeroWhere(isLoser, Tensor.where(isEqual, g.mul(0.5), g));
  }
}
