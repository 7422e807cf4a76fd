package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.NONE;
import static dev.bellows.ops.BinaryFunction.Gradient.ofBoth;
import static dev.bellows.ops.Pointwise.arithmetic;
import static dev.bellows.ops.Pointwise.real;
import static dev.bellows.ops.UnaryFunction.Gradient.ofX;
import static dev.bellows.ops.UnaryFunction.Gradient.ofY;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/**
 * The error function, the gamma function and their derivatives; most are rows of {@link Pointwise}.
 */
public final class ErrorAndGamma {
  private static final double TWO_OVER_ROOT_PI = 1.1283791670955126;

  /** Computes the error function. */
  public static final UnaryFunction ERF = real("erf", UnaryOp.ERF, ofX((g, x) -> g.mul(bell(x))));

  /** Computes 1 − erf(this), exact where that is small. */
  public static final UnaryFunction ERFC =
      real("erfc", UnaryOp.ERFC, ofX((g, x) -> g.mul(bell(x)).neg()));

  /** Computes the inverse of the error function. */
  public static final UnaryFunction ERFINV =
      real(
          "erfinv", UnaryOp.ERFINV, ofY((g, y) -> g.mul(y.mul(y).exp()).mul(1 / TWO_OVER_ROOT_PI)));

  /** Computes the logarithm of the absolute value of the gamma function. */
  public static final UnaryFunction LGAMMA =
      real("lgamma", UnaryOp.LGAMMA, ofX((g, x) -> g.mul(x.digamma())));

  /** Computes the derivative of {@link Tensor#lgamma}. */
  public static final UnaryFunction DIGAMMA =
      real("digamma", UnaryOp.DIGAMMA, ofX((g, x) -> g.mul(x.polygamma(1))));

  /** Computes the derivative of order b of {@link #DIGAMMA} at a. */
  static final BinaryFunction POLYGAMMA =
      arithmetic(
          "polygamma",
          BinaryOp.POLYGAMMA,
          Accepted.REAL,
          ofBoth((g, a, b) -> g.mul(ErrorAndGamma.POLYGAMMA.of(a, b.number().intValue() + 1))),
          NONE);

  private ErrorAndGamma() {}

  /**
   * Computes the derivative of order n of the digamma function.
   *
   * @throws IllegalArgumentException if n is negative
   */
  public static Tensor polygamma(Tensor self, int n) {
    checkOrder(n);
    return n == 0 ? self.digamma() : ErrorAndGamma.POLYGAMMA.of(self, n);
  }

  /** Overwrites this with {@link Tensor#polygamma(int)} and gives it back. */
  public static Tensor polygamma_(Tensor self, int n) {
    Overwriting.check("polygamma_", self);
    checkOrder(n);
    return n == 0 ? self.digamma_() : ErrorAndGamma.POLYGAMMA.inPlace(self, n);
  }

  private static void checkOrder(int n) {
    if (n < 0) {
      throw new IllegalArgumentException(
          "polygamma: polygamma(n, x) does not support negative n; got " + n);
    }
  }

  private static Tensor bell(Tensor x) {
    return x.mul(x).neg().exp().mul(TWO_OVER_ROOT_PI);
  }
}
