package dev.bellows.tensor;

import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.DType;
import dev.bellows.ops.Add;
import dev.bellows.ops.Compare;
import dev.bellows.ops.Copy;
import dev.bellows.ops.Div;
import dev.bellows.ops.Extremum;
import dev.bellows.ops.Mul;
import dev.bellows.ops.Pow;
import dev.bellows.ops.Types;
import dev.bellows.ops.Unary;
import dev.bellows.ops.WithScalar;

/**
 * Functions of corresponding elements: arithmetic, comparisons, and what changes elements in place.
 */
abstract sealed class TensorMath extends TensorViews permits TensorReductions {
  private Tensor self() {
    return (Tensor) this;
  }

  /** this + other. */
  public final Tensor add(Tensor other) {
    DType type = Types.promote(self(), other);
    return Add.of(to(type), other.to(type), 1);
  }

  /** this + other. */
  public final Tensor add(Number other) {
    return WithScalar.of(BinaryOp.ADD, promoted(other), other);
  }

  /** this − other. */
  public final Tensor sub(Tensor other) {
    DType type = Types.promote(self(), other);
    return Add.of(to(type), other.to(type), -1);
  }

  /** this − other. */
  public final Tensor sub(Number other) {
    return WithScalar.of(BinaryOp.SUB, promoted(other), other);
  }

  /** this · other. */
  public final Tensor mul(Tensor other) {
    DType type = Types.promote(self(), other);
    return Mul.of(to(type), other.to(type));
  }

  /** this · other. */
  public final Tensor mul(Number other) {
    return WithScalar.of(BinaryOp.MUL, promoted(other), other);
  }

  /** this / other; integers are divided as FLOAT32. */
  public final Tensor div(Tensor other) {
    DType type = Types.promote(self(), other);
    type = type.isFloatingPoint() ? type : DType.FLOAT32;
    return Div.of(to(type), other.to(type));
  }

  /** this / other; integers are divided as FLOAT32. */
  public final Tensor div(Number other) {
    return WithScalar.of(BinaryOp.DIV, floating(), other);
  }

  /** this to the power of other. */
  public final Tensor pow(Tensor other) {
    DType type = Types.promote(self(), other);
    return Pow.of(to(type), other.to(type));
  }

  /**
   * this to the power of other.
   *
   * @throws IllegalArgumentException if an integer would be raised to a negative one
   */
  public final Tensor pow(Number other) {
    Tensor base = promoted(other);
    if (!base.dtype().isFloatingPoint() && other.longValue() < 0) {
      throw new IllegalArgumentException(
          "pow: Integers to negative integer powers are not allowed; got "
              + self().dtype()
              + " and "
              + other);
    }
    return WithScalar.of(BinaryOp.POW, base, other);
  }

  /** The larger of each two elements; NaN if either is. */
  public final Tensor maximum(Tensor other) {
    DType type = Types.promote(self(), other);
    return Extremum.maximum(to(type), other.to(type));
  }

  /** The larger of each two elements; NaN if either is. */
  public final Tensor maximum(Number other) {
    return WithScalar.of(BinaryOp.MAXIMUM, promoted(other), other);
  }

  /** The smaller of each two elements; NaN if either is. */
  public final Tensor minimum(Tensor other) {
    DType type = Types.promote(self(), other);
    return Extremum.minimum(to(type), other.to(type));
  }

  /** The smaller of each two elements; NaN if either is. */
  public final Tensor minimum(Number other) {
    return WithScalar.of(BinaryOp.MINIMUM, promoted(other), other);
  }

  private Tensor promoted(Number scalar) {
    return self().to(Types.promote(self(), scalar));
  }

  private Tensor floating() {
    return self().to(Types.floating(self().dtype()));
  }

  /** −this. */
  public final Tensor neg() {
    return Unary.NEG.of(self());
  }

  /** |this|. */
  public final Tensor abs() {
    return Unary.ABS.of(self());
  }

  /** −1, 0 or 1. */
  public final Tensor sign() {
    return Unary.SIGN.of(self());
  }

  /** e to the power of this. */
  public final Tensor exp() {
    return Unary.EXP.of(self());
  }

  /** Natural logarithm. */
  public final Tensor log() {
    return Unary.LOG.of(self());
  }

  /** Square root. */
  public final Tensor sqrt() {
    return Unary.SQRT.of(self());
  }

  /** 1 / this. */
  public final Tensor reciprocal() {
    return Unary.RECIPROCAL.of(self());
  }

  /** Hyperbolic tangent. */
  public final Tensor tanh() {
    return Unary.TANH.of(self());
  }

  /** 1 / (1 + e⁻ˣ). */
  public final Tensor sigmoid() {
    return Unary.SIGMOID.of(self());
  }

  /** Sine. */
  public final Tensor sin() {
    return Unary.SIN.of(self());
  }

  /** Cosine. */
  public final Tensor cos() {
    return Unary.COS.of(self());
  }

  /** max(this, 0). */
  public final Tensor relu() {
    return Unary.RELU.of(self());
  }

  /** BOOL: whether this equals other. */
  public final Tensor eq(Tensor other) {
    return compare(BinaryOp.EQ, other);
  }

  /** BOOL: whether this equals other. */
  public final Tensor eq(Number other) {
    return WithScalar.of(BinaryOp.EQ, promoted(other), other);
  }

  /** BOOL: whether this does not equal other. */
  public final Tensor ne(Tensor other) {
    return compare(BinaryOp.NE, other);
  }

  /** BOOL: whether this does not equal other. */
  public final Tensor ne(Number other) {
    return WithScalar.of(BinaryOp.NE, promoted(other), other);
  }

  /** BOOL: whether this is less than other. */
  public final Tensor lt(Tensor other) {
    return compare(BinaryOp.LT, other);
  }

  /** BOOL: whether this is less than other. */
  public final Tensor lt(Number other) {
    return WithScalar.of(BinaryOp.LT, promoted(other), other);
  }

  /** BOOL: whether this is at most other. */
  public final Tensor le(Tensor other) {
    return compare(BinaryOp.LE, other);
  }

  /** BOOL: whether this is at most other. */
  public final Tensor le(Number other) {
    return WithScalar.of(BinaryOp.LE, promoted(other), other);
  }

  /** BOOL: whether this is greater than other. */
  public final Tensor gt(Tensor other) {
    return compare(BinaryOp.GT, other);
  }

  /** BOOL: whether this is greater than other. */
  public final Tensor gt(Number other) {
    return WithScalar.of(BinaryOp.GT, promoted(other), other);
  }

  /** BOOL: whether this is at least other. */
  public final Tensor ge(Tensor other) {
    return compare(BinaryOp.GE, other);
  }

  /** BOOL: whether this is at least other. */
  public final Tensor ge(Number other) {
    return WithScalar.of(BinaryOp.GE, promoted(other), other);
  }

  private Tensor compare(BinaryOp op, Tensor other) {
    DType type = Types.promote(self(), other);
    return Compare.of(op, to(type), other.to(type));
  }

  /** BOOL: whether this is 0. */
  public final Tensor logicalNot() {
    return Unary.LOGICAL_NOT.of(self());
  }

  /** The other operand in this type, where the result of both fits into it. */
  private Tensor operand(String operation, Tensor other) {
    DType result = Types.promote(self(), other);
    if (operation.equals("div_") && !result.isFloatingPoint()) {
      result = DType.FLOAT32;
    }
    Types.checkResult(operation, result, self().dtype());
    return other.to(self().dtype());
  }

  private void checkOperand(String operation, Number other) {
    DType result = Types.promote(self(), other);
    result = operation.equals("div_") ? Types.floating(result) : result;
    Types.checkResult(operation, result, self().dtype());
  }

  /** this += other. */
  public final Tensor add_(Tensor other) {
    return Add.inPlace(self(), operand("add_", other), 1);
  }

  /** this += alpha · other. */
  public final Tensor add_(Tensor other, Number alpha) {
    return Add.inPlace(self(), operand("add_", other), alpha);
  }

  /** this −= other. */
  public final Tensor sub_(Tensor other) {
    return Add.inPlace(self(), operand("sub_", other), -1);
  }

  /** this ·= other. */
  public final Tensor mul_(Tensor other) {
    return Mul.inPlace(self(), operand("mul_", other));
  }

  /** this /= other. */
  public final Tensor div_(Tensor other) {
    return Div.inPlace(self(), operand("div_", other));
  }

  /** this += other. */
  public final Tensor add_(Number other) {
    checkOperand("add_", other);
    return WithScalar.inPlace(BinaryOp.ADD, self(), other);
  }

  /** this −= other. */
  public final Tensor sub_(Number other) {
    checkOperand("sub_", other);
    return WithScalar.inPlace(BinaryOp.SUB, self(), other);
  }

  /** this ·= other. */
  public final Tensor mul_(Number other) {
    checkOperand("mul_", other);
    return WithScalar.inPlace(BinaryOp.MUL, self(), other);
  }

  /** this /= other. */
  public final Tensor div_(Number other) {
    checkOperand("div_", other);
    return WithScalar.inPlace(BinaryOp.DIV, self(), other);
  }

  /** Overwrites every element with other's, broadcast and converted. */
  public final Tensor copy_(Tensor other) {
    return Copy.into(self(), other);
  }

  /** Overwrites every element with one value. */
  public final Tensor fill_(Number value) {
    try (Tensor source = scalar(value, self().dtype())) {
      return Copy.into(self(), source);
    }
  }

  /** Overwrites every element with 0. */
  public final Tensor zero_() {
    return fill_(0);
  }
}
