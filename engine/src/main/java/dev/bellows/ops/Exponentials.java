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

/** Exponential functions and logarithms; most are rows of {@link Pointwise}. */
public final class Exponentials {
  private static final double LN_2 = 0.6931471805599453;
  private static final double LN_10 = 2.302585092994046;

  /** Computes e to the power of this. */
  public static final UnaryFunction EXP = real("exp", UnaryOp.EXP, ofY((g, y) -> g.mul(y)));

  /** Computes 2 to the power of this. */
  public static final UnaryFunction EXP2 =
      real("exp2", UnaryOp.EXP2, ofY((g, y) -> g.mul(y).mul(LN_2)));

  /** Computes e to the power of this, less 1; exact near 0. */
  public static final UnaryFunction EXPM1 =
      real("expm1", UnaryOp.EXPM1, ofY((g, y) -> g.mul(y.add(1))));

  /** Computes the natural logarithm. */
  public static final UnaryFunction LOG = real("log", UnaryOp.LOG, ofX((g, x) -> g.div(x)));

  /** Computes the logarithm to base 2. */
  public static final UnaryFunction LOG2 =
      real("log2", UnaryOp.LOG2, ofX((g, x) -> g.div(x.mul(LN_2))));

  /** Computes the logarithm to base 10. */
  public static final UnaryFunction LOG10 =
      real("log10", UnaryOp.LOG10, ofX((g, x) -> g.div(x.mul(LN_10))));

  /** Computes ln(1 + this); exact near 0. */
  public static final UnaryFunction LOG1P =
      real("log1p", UnaryOp.LOG1P, ofX((g, x) -> g.div(x.add(1))));

  /** Computes this · ln other, and 0 where this is 0. */
  public static final BinaryFunction XLOGY =
      row(
          "xlogy",
          BinaryOp.XLOGY,
          Accepted.REAL,
          ofTensors((g, a, b) -> zeroWhere(a.eq(0).logicalAnd(b.le(0)), g.xlogy(b))),
          ofTensors((g, a, b) -> g.mul(a).div(b)));

  /** Computes ln(e to the power of this + e to the power of other), without overflow. */
  @Forms(number = false, inPlace = false)
  public static final BinaryFunction LOG_ADD_EXP =
      row(
          "logAddExp",
          BinaryOp.LOG_ADD_EXP,
          Accepted.FLOATING,
          ofTensors((g, a, b) -> g.div(b.sub(a).exp().add(1))),
          ofTensors((g, a, b) -> g.div(a.sub(b).exp().add(1))));

  /** Computes log₂(2 to the power of this + 2 to the power of other), without overflow. */
  @Forms(number = false, inPlace = false)
  public static final BinaryFunction LOG_ADD_EXP2 =
      row(
          "logAddExp2",
          BinaryOp.LOG_ADD_EXP2,
          Accepted.FLOATING,
          ofTensors((g, a, b) -> g.div(b.sub(a).exp2().add(1))),
          ofTensors((g, a, b) -> g.div(a.sub(b).exp2().add(1))));

  private Exponentials() {}

  /** Computes self · 2 to the power of other. */
  public static Tensor ldexp(Tensor self, Tensor other) {
    return self.mul(self.newFull(2.0, DType.FLOAT32).pow(other));
  }
}
