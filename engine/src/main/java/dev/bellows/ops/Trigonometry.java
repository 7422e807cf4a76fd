package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.ofTensors;
import static dev.bellows.ops.Pointwise.real;
import static dev.bellows.ops.Pointwise.row;
import static dev.bellows.ops.Pointwise.zeroWhere;
import static dev.bellows.ops.UnaryFunction.Gradient.ofX;
import static dev.bellows.ops.UnaryFunction.Gradient.ofY;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** Trigonometric and hyperbolic functions and their inverses: rows of {@link Pointwise}. */
public final class Trigonometry {
  /** Sine. */
  public static final UnaryFunction SIN = real("sin", UnaryOp.SIN, ofX((g, x) -> g.mul(x.cos())));

  /** Cosine. */
  public static final UnaryFunction COS =
      real("cos", UnaryOp.COS, ofX((g, x) -> g.mul(x.sin()).neg()));

  /** Tangent. */
  public static final UnaryFunction TAN =
      real("tan", UnaryOp.TAN, ofY((g, y) -> g.mul(y.mul(y).add(1))));

  /** Inverse sine. */
  public static final UnaryFunction ASIN =
      real("asin", UnaryOp.ASIN, ofX((g, x) -> g.mul(x.mul(x).neg().add(1).rsqrt())));

  /** Inverse cosine. */
  public static final UnaryFunction ACOS =
      real("acos", UnaryOp.ACOS, ofX((g, x) -> g.mul(x.mul(x).neg().add(1).rsqrt()).neg()));

  /** Inverse tangent. */
  public static final UnaryFunction ATAN =
      real("atan", UnaryOp.ATAN, ofX((g, x) -> g.div(x.mul(x).add(1))));

  /** The angle of the point (other, this), from −π to π. The gradient at the origin is 0. */
  @Forms(number = false)
  public static final BinaryFunction ATAN2 =
      row(
          "atan2",
          BinaryOp.ATAN2,
          Accepted.REAL,
          ofTensors((g, a, b) -> g.mul(b).mul(inverseSquare(a, b))),
          ofTensors((g, a, b) -> g.mul(a.neg()).mul(inverseSquare(a, b))));

  /** √(this² + other²). */
  @Forms(number = false)
  public static final BinaryFunction HYPOT =
      row(
          "hypot",
          BinaryOp.HYPOT,
          Accepted.floating("hypot_cpu"),
          ofTensors((g, a, b) -> g.mul(a.div(a.hypot(b)))),
          ofTensors((g, a, b) -> g.mul(b.div(a.hypot(b)))));

  /** Hyperbolic sine. */
  public static final UnaryFunction SINH =
      real("sinh", UnaryOp.SINH, ofX((g, x) -> g.mul(x.cosh())));

  /** Hyperbolic cosine. */
  public static final UnaryFunction COSH =
      real("cosh", UnaryOp.COSH, ofX((g, x) -> g.mul(x.sinh())));

  /** Inverse hyperbolic sine. */
  public static final UnaryFunction ASINH =
      real("asinh", UnaryOp.ASINH, ofX((g, x) -> g.mul(x.mul(x).add(1).rsqrt())));

  /** Inverse hyperbolic cosine. */
  public static final UnaryFunction ACOSH =
      real("acosh", UnaryOp.ACOSH, ofX((g, x) -> g.mul(x.mul(x).sub(1).rsqrt())));

  /** Inverse hyperbolic tangent. */
  public static final UnaryFunction ATANH =
      real("atanh", UnaryOp.ATANH, ofX((g, x) -> g.div(x.mul(x).neg().add(1))));

  private Trigonometry() {}

  /** 1/(a² + b²), 0 at the origin. */
  private static Tensor inverseSquare(Tensor a, Tensor b) {
    Tensor square = a.mul(a).add(b.mul(b));
    return zeroWhere(square.eq(0), square.reciprocal());
  }
}
