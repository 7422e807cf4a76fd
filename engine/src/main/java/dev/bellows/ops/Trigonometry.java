package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.ofTensors;
import static dev.bellows.ops.Pointwise.real;
import static dev.bellows.ops.Pointwise.row;
import static dev.bellows.ops.Pointwise.zeroWhere;
import static dev.bellows.ops.UnaryFunction.Gradient.ofX;
import static dev.bellows.ops.UnaryFunction.Gradient.ofY;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/**
 * Trigonometric and hyperbolic functions, their inverses, and angles; most are rows of {@link
 * Pointwise}.
 */
public final class Trigonometry {
  /** Computes the sine. */
  public static final UnaryFunction SIN = real("sin", UnaryOp.SIN, ofX((g, x) -> g.mul(x.cos())));

  /** Computes the cosine. */
  public static final UnaryFunction COS =
      real("cos", UnaryOp.COS, ofX((g, x) -> g.mul(x.sin()).neg()));

  /** Computes the tangent. */
  public static final UnaryFunction TAN =
      real("tan", UnaryOp.TAN, ofY((g, y) -> g.mul(y.mul(y).add(1))));

  /** Computes the inverse sine. */
  public static final UnaryFunction ASIN =
      real("asin", UnaryOp.ASIN, ofX((g, x) -> g.mul(x.mul(x).neg().add(1).rsqrt())));

  /** Computes the inverse cosine. */
  public static final UnaryFunction ACOS =
      real("acos", UnaryOp.ACOS, ofX((g, x) -> g.mul(x.mul(x).neg().add(1).rsqrt()).neg()));

  /** Computes the inverse tangent. */
  public static final UnaryFunction ATAN =
      real("atan", UnaryOp.ATAN, ofX((g, x) -> g.div(x.mul(x).add(1))));

  /**
   * Computes the angle of the point (other, this), from −π to π. The gradient at the origin is 0.
   */
  @Forms(number = false)
  public static final BinaryFunction ATAN2 =
      row(
          "atan2",
          BinaryOp.ATAN2,
          Accepted.REAL,
          ofTensors((g, a, b) -> g.mul(b).mul(inverseSquare(a, b))),
          ofTensors((g, a, b) -> g.mul(a.neg()).mul(inverseSquare(a, b))));

  /** Computes √(this² + other²). */
  @Forms(number = false)
  public static final BinaryFunction HYPOT =
      row(
          "hypot",
          BinaryOp.HYPOT,
          Accepted.floating("hypot_cpu"),
          ofTensors((g, a, b) -> g.mul(a.div(a.hypot(b)))),
          ofTensors((g, a, b) -> g.mul(b.div(a.hypot(b)))));

  /** Computes the hyperbolic sine. */
  public static final UnaryFunction SINH =
      real("sinh", UnaryOp.SINH, ofX((g, x) -> g.mul(x.cosh())));

  /** Computes the hyperbolic cosine. */
  public static final UnaryFunction COSH =
      real("cosh", UnaryOp.COSH, ofX((g, x) -> g.mul(x.sinh())));

  /** Computes the inverse hyperbolic sine. */
  public static final UnaryFunction ASINH =
      real("asinh", UnaryOp.ASINH, ofX((g, x) -> g.mul(x.mul(x).add(1).rsqrt())));

  /** Computes the inverse hyperbolic cosine. */
  public static final UnaryFunction ACOSH =
      real("acosh", UnaryOp.ACOSH, ofX((g, x) -> g.mul(x.mul(x).sub(1).rsqrt())));

  /** Computes the inverse hyperbolic tangent. */
  public static final UnaryFunction ATANH =
      real("atanh", UnaryOp.ATANH, ofX((g, x) -> g.div(x.mul(x).neg().add(1))));

  private Trigonometry() {}

  /** Converts degrees to radians. */
  public static Tensor deg2rad(Tensor self) {
    return self.mul(Math.PI / 180);
  }

  /** Overwrites this with {@link Tensor#deg2rad()} and gives it back. */
  public static Tensor deg2rad_(Tensor self) {
    return scaleInPlace("deg2rad_", self, Math.PI / 180);
  }

  private static Tensor scaleInPlace(String operation, Tensor self, double factor) {
    Overwriting.check(operation, self);
    Types.checkResult(operation, Types.floating(self.dtype()), self.dtype());
    return self.mul_(factor);
  }

  /** Converts radians to degrees. */
  public static Tensor rad2deg(Tensor self) {
    return self.mul(180 / Math.PI);
  }

  /** Overwrites this with {@link Tensor#rad2deg()} and gives it back. */
  public static Tensor rad2deg_(Tensor self) {
    return scaleInPlace("rad2deg_", self, 180 / Math.PI);
  }

  /** Computes sin(π · self) / (π · self), 1 at 0. */
  @InPlaceTwin
  public static Tensor sinc(Tensor self) {
    if (self.dtype().isHalf()) {
      return sinc(self.to(DType.FLOAT32)).to(self.dtype());
    }
    Tensor real = self.to(Types.floating(self.dtype()));
    Tensor isZero = real.eq(0);
    Tensor angle = Tensor.where(isZero, Tensor.onesLike(real), real).mul(Math.PI);
    Tensor value = angle.sin().div(angle);
    return Tensor.where(isZero, Tensor.onesLike(value), value);
  }

  /** Computes 1/(a² + b²), 0 at the origin. */
  private static Tensor inverseSquare(Tensor a, Tensor b) {
    Tensor square = a.mul(a).add(b.mul(b));
    return zeroWhere(square.eq(0), square.reciprocal());
  }
}
