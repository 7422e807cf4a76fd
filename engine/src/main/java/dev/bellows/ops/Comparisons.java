package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;
import static dev.bellows.ops.Pointwise.condition;
import static dev.bellows.ops.Pointwise.row;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Comparisons, the logic of conditions, and tests for infinity and NaN; most are rows of {@link
 * Pointwise}.
 */
public final class Comparisons {
  /** Returns whether (BOOL) this equals other. */
  public static final BinaryFunction EQ = condition("eq", BinaryOp.EQ);

  /** Returns whether (BOOL) this does not equal other. */
  public static final BinaryFunction NE = condition("ne", BinaryOp.NE);

  /** Returns whether (BOOL) this is less than other. */
  public static final BinaryFunction LT = condition("lt", BinaryOp.LT);

  /** Returns whether (BOOL) this is at most other. */
  public static final BinaryFunction LE = condition("le", BinaryOp.LE);

  /** Returns whether (BOOL) this is greater than other. */
  public static final BinaryFunction GT = condition("gt", BinaryOp.GT);

  /** Returns whether (BOOL) this is at least other. */
  public static final BinaryFunction GE = condition("ge", BinaryOp.GE);

  /** Returns whether (BOOL) this is 0. */
  public static final UnaryFunction LOGICAL_NOT =
      row("logicalNot", UnaryOp.LOGICAL_NOT, Accepted.ANY, UnaryFunction.Gradient.NONE);

  /** Returns whether (BOOL) both are not 0. */
  @Forms(number = false)
  public static final BinaryFunction LOGICAL_AND = condition("logicalAnd", BinaryOp.LOGICAL_AND);

  /** Returns whether (BOOL) one is not 0. */
  @Forms(number = false)
  public static final BinaryFunction LOGICAL_OR = condition("logicalOr", BinaryOp.LOGICAL_OR);

  /** Returns whether (BOOL) just one is not 0. */
  @Forms(number = false)
  public static final BinaryFunction LOGICAL_XOR = condition("logicalXor", BinaryOp.LOGICAL_XOR);

  private Comparisons() {}

  /** Replaces NaN by 0, infinity and −infinity by the largest and the least number of the type. */
  public static Tensor nanToNum(Tensor self) {
    return nanToNum(self, null, null, null);
  }

  /** Overwrites this with {@link Tensor#nanToNum()} and gives it back. */
  public static Tensor nanToNum_(Tensor self) {
    return nanToNum_(self, null, null, null);
  }

  /**
   * Replaces NaN, infinity and −infinity.
   *
   * @param nan null for 0
   * @param positive null for the largest number of the type
   * @param negative null for the least number of the type
   */
  public static Tensor nanToNum(Tensor self, Number nan, Number positive, Number negative) {
    if (!self.dtype().isFloatingPoint()) {
      return self.clone();
    }
    return replace(self, Tensor::maskedFill, nan, positive, negative);
  }

  /**
   * Overwrites this with {@link Tensor#nanToNum(Number, Number, Number)} and gives it back.
   *
   * @param nan null for 0
   * @param positive null for the largest number of the type
   * @param negative null for the least number of the type
   */
  public static Tensor nanToNum_(Tensor self, Number nan, Number positive, Number negative) {
    Overwriting.check("nanToNum_", self);
    if (!self.dtype().isFloatingPoint()) {
      return self;
    }
    return replace(self, Tensor::maskedFill_, nan, positive, negative);
  }

  private interface Fill {
    Tensor apply(Tensor x, Tensor mask, Number value);
  }

  private static Tensor replace(Tensor x, Fill fill, Number nan, Number positive, Number negative) {
    double largest = x.dtype().largest();
    Tensor isHighest = x.isposinf();
    Tensor isLowest = x.isneginf();
    Tensor numbers = fill.apply(x, x.isnan(), nan == null ? 0 : nan);
    Tensor bounded = fill.apply(numbers, isHighest, positive == null ? largest : positive);
    return fill.apply(bounded, isLowest, negative == null ? -largest : negative);
  }

  /** Returns whether (BOOL) each element is NaN. */
  public static Tensor isnan(Tensor self) {
    return Comparisons.NE.of(self, self);
  }

  /** Returns whether (BOOL) each element is infinity. */
  public static Tensor isposinf(Tensor self) {
    return self.eq(Double.POSITIVE_INFINITY);
  }

  /** Returns whether (BOOL) each element is −infinity. */
  public static Tensor isneginf(Tensor self) {
    return self.eq(Double.NEGATIVE_INFINITY);
  }

  /** Returns whether (BOOL) each element is infinite. */
  public static Tensor isinf(Tensor self) {
    return self.dtype().isFloatingPoint()
        ? self.detach().abs().eq(Double.POSITIVE_INFINITY)
        : self.ne(self);
  }

  /** Returns whether (BOOL) each element is neither infinite nor NaN. */
  public static Tensor isfinite(Tensor self) {
    return self.dtype().isFloatingPoint()
        ? self.detach().abs().lt(Double.POSITIVE_INFINITY)
        : self.eq(self);
  }

  /** Returns whether (BOOL) the sign bit of each element is set, that of −0.0 too. */
  public static Tensor signbit(Tensor self) {
    if (!self.dtype().isFloatingPoint()) {
      return self.lt(0);
    }
    return Tensor.onesLike(self.detach()).copysign(self.detach()).lt(0);
  }

  /**
   * Returns whether (BOOL) |self − other| ≤ atol + rtol · |other|, or both are equal.
   *
   * @param equalNan whether NaN counts as equal to NaN
   * @throws IllegalArgumentException if they differ in type, or a tolerance is negative
   */
  public static Tensor isclose(
      Tensor self,
      Tensor other,
      @Default("1e-5") double rtol,
      @Default("1e-8") double atol,
      @Default("false") boolean equalNan) {
    if (self.dtype() != other.dtype()) {
      throw new IllegalArgumentException(
          message("isclose: both must have one dtype; got %s and %s", self.dtype(), other.dtype()));
    }
    if (!(rtol >= 0) || !(atol >= 0)) {
      throw new IllegalArgumentException(
          message(
              "isclose: rtol and atol must be greater than or equal to zero; got %s and %s",
              rtol, atol));
    }
    Tensor a = self.detach();
    Tensor b = other.detach();
    Tensor close = a.eq(b);
    if (equalNan) {
      close = close.logicalOr(a.isnan().logicalAnd(b.isnan()));
    }
    if (!a.dtype().isFloatingPoint()) {
      a = a.to(DType.FLOAT64);
      b = b.to(DType.FLOAT64);
    }
    Tensor distance = a.sub(b).abs();
    Tensor within = distance.le(b.mul(rtol).abs().add(atol));
    return close.logicalOr(within.logicalAnd(distance.isfinite()));
  }

  /**
   * Returns whether all elements are close; see {@link Tensor#isclose(Tensor, double, double,
   * boolean)}.
   */
  public static boolean allclose(
      Tensor self,
      Tensor other,
      @Default("1e-5") double rtol,
      @Default("1e-8") double atol,
      @Default("false") boolean equalNan) {
    return allTrue(isclose(self, other, rtol, atol, equalNan));
  }

  /** Returns whether both have the same shape and equal elements; NaN equals nothing. */
  public static boolean equal(Tensor self, Tensor other) {
    return Arrays.equals(self.shape(), other.shape()) && allTrue(self.eq(other));
  }

  /** Returns whether no element is 0. */
  public static boolean allTrue(Tensor mask) {
    try (Tensor all = mask.all()) {
      return all.item() != 0;
    }
  }
}
