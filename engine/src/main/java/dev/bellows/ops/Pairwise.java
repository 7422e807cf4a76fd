package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/**
 * Elementwise functions of two tensors that are one kernel each. A constant names the kernel, which
 * types it takes, and the gradients of a and b from the gradient g of the result, a and b.
 */
public final class Pairwise extends Binary {
  /** The angle of the point (b, a); g ↦ g·b/(a² + b²) and −g·a/(a² + b²), 0 at the origin. */
  public static final Pairwise ATAN2 =
      real(
          "atan2",
          BinaryOp.ATAN2,
          (g, a, b) -> g.mul(b).mul(inverse(a, b)),
          (g, a, b) -> g.mul(a.neg()).mul(inverse(a, b)));

  /** √(a² + b²); g ↦ g·a/y and g·b/y. */
  public static final Pairwise HYPOT =
      real(
          "hypot",
          BinaryOp.HYPOT,
          (g, a, b) -> g.mul(a.div(a.hypot(b))),
          (g, a, b) -> g.mul(b.div(a.hypot(b))));

  /** a − b·trunc(a/b); g ↦ g and −g·trunc(a/b). */
  public static final Pairwise FMOD =
      number(
          "fmod",
          BinaryOp.FMOD,
          (g, a, b) -> g,
          (g, a, b) -> g.neg().mul(a.div(b, RoundingMode.TRUNC)));

  /** a − b·floor(a/b); g ↦ g and −g·floor(a/b). */
  public static final Pairwise REMAINDER =
      number(
          "remainder",
          BinaryOp.REMAINDER,
          (g, a, b) -> g,
          (g, a, b) -> g.neg().mul(a.div(b, RoundingMode.FLOOR)));

  /** floor(a/b); no gradient. */
  public static final Pairwise FLOOR_DIVIDE =
      number("floorDivide", BinaryOp.FLOOR_DIVIDE, null, null);

  /** floor(a/b) of {@code div}, with gradients 0. */
  public static final Pairwise DIV_FLOOR =
      number("div", BinaryOp.FLOOR_DIVIDE, Pairwise::zero, Pairwise::zero);

  /** trunc(a/b) of {@code div}, with gradients 0. */
  public static final Pairwise DIV_TRUNC =
      number("div", BinaryOp.TRUNC_DIVIDE, Pairwise::zero, Pairwise::zero);

  /** |a| with the sign of b; g ↦ ±g, 0 where a is 0, and 0. */
  public static final Pairwise COPYSIGN =
      real(
          "copysign",
          BinaryOp.COPYSIGN,
          (g, a, b) -> {
            Tensor ratio = a.copysign(b).div(a);
            return g.mul(Tensor.where(a.eq(0), Tensor.zerosLike(ratio), ratio));
          },
          Pairwise::zero);

  /** The larger, and the number of a number and NaN; g goes to it, to a if equal. */
  public static final Pairwise FMAX =
      number(
          "fmax",
          BinaryOp.FMAX,
          (g, a, b) -> only(g, a.ge(b).logicalOr(b.isnan())),
          (g, a, b) -> only(g, a.ge(b).logicalOr(b.isnan()).logicalNot()));

  /** The smaller, and the number of a number and NaN; g goes to it, to a if equal. */
  public static final Pairwise FMIN =
      number(
          "fmin",
          BinaryOp.FMIN,
          (g, a, b) -> only(g, a.le(b).logicalOr(b.isnan())),
          (g, a, b) -> only(g, a.le(b).logicalOr(b.isnan()).logicalNot()));

  /** a·ln b, 0 where a is 0; g ↦ g·ln b (0 where a is 0 and b not positive) and g·a/b. */
  public static final Pairwise XLOGY =
      real(
          "xlogy",
          BinaryOp.XLOGY,
          (g, a, b) -> {
            Tensor slope = g.xlogy(b);
            return Tensor.where(a.eq(0).logicalAnd(b.le(0)), Tensor.zerosLike(slope), slope);
          },
          (g, a, b) -> g.mul(a).div(b));

  /** ln(eᵃ + eᵇ); g ↦ g·eᵃ/(eᵃ + eᵇ) and g·eᵇ/(eᵃ + eᵇ). */
  public static final Pairwise LOG_ADD_EXP =
      floating(
          "logAddExp",
          BinaryOp.LOG_ADD_EXP,
          (g, a, b) -> g.div(b.sub(a).exp().add(1)),
          (g, a, b) -> g.div(a.sub(b).exp().add(1)));

  /** log₂(2ᵃ + 2ᵇ); g ↦ g·2ᵃ/(2ᵃ + 2ᵇ) and g·2ᵇ/(2ᵃ + 2ᵇ). */
  public static final Pairwise LOG_ADD_EXP2 =
      floating(
          "logAddExp2",
          BinaryOp.LOG_ADD_EXP2,
          (g, a, b) -> g.div(b.sub(a).exp2().add(1)),
          (g, a, b) -> g.div(a.sub(b).exp2().add(1)));

  /** 0, b or 1 where a is negative, 0 or positive; no gradient. */
  public static final Pairwise HEAVISIDE = number("heaviside", BinaryOp.HEAVISIDE, null, null);

  /** And, of bits or of truth. */
  public static final Pairwise BITWISE_AND = bits("bitwiseAnd", BinaryOp.BITWISE_AND);

  /** Or, of bits or of truth. */
  public static final Pairwise BITWISE_OR = bits("bitwiseOr", BinaryOp.BITWISE_OR);

  /** Exclusive or, of bits or of truth. */
  public static final Pairwise BITWISE_XOR = bits("bitwiseXor", BinaryOp.BITWISE_XOR);

  /** a·2ᵇ of integers. */
  public static final Pairwise SHIFT_LEFT = integers("bitwiseLeftShift", BinaryOp.SHIFT_LEFT);

  /** floor(a/2ᵇ) of integers. */
  public static final Pairwise SHIFT_RIGHT = integers("bitwiseRightShift", BinaryOp.SHIFT_RIGHT);

  /** Greatest common divisor. */
  public static final Pairwise GCD = integers("gcd", BinaryOp.GCD);

  /** Least common multiple. */
  public static final Pairwise LCM = integers("lcm", BinaryOp.LCM);

  /** Which types a function takes. */
  private enum Domain {
    NUMBER,
    /** Others are converted to FLOAT32. */
    REAL,
    /** Others are refused. */
    FLOATING,
    BITS,
    INTEGERS
  }

  /** The gradient of one argument. */
  private interface Gradient {
    Tensor of(Tensor gradOut, Tensor a, Tensor b);
  }

  private final Domain domain;
  private final Gradient ofA;
  private final Gradient ofB;

  private Pairwise(String name, BinaryOp kernel, Domain domain, Gradient ofA, Gradient ofB) {
    super(name, kernel);
    this.domain = domain;
    this.ofA = ofA;
    this.ofB = ofB;
  }

  private static Pairwise number(String name, BinaryOp kernel, Gradient ofA, Gradient ofB) {
    return new Pairwise(name, kernel, Domain.NUMBER, ofA, ofB);
  }

  private static Pairwise real(String name, BinaryOp kernel, Gradient ofA, Gradient ofB) {
    return new Pairwise(name, kernel, Domain.REAL, ofA, ofB);
  }

  private static Pairwise floating(String name, BinaryOp kernel, Gradient ofA, Gradient ofB) {
    return new Pairwise(name, kernel, Domain.FLOATING, ofA, ofB);
  }

  private static Pairwise bits(String name, BinaryOp kernel) {
    return new Pairwise(name, kernel, Domain.BITS, null, null);
  }

  private static Pairwise integers(String name, BinaryOp kernel) {
    return new Pairwise(name, kernel, Domain.INTEGERS, null, null);
  }

  private static Tensor zero(Tensor g, Tensor a, Tensor b) {
    return Tensor.zerosLike(g);
  }

  private static Tensor only(Tensor g, Tensor where) {
    return Tensor.where(where, g, Tensor.zerosLike(g));
  }

  private static Tensor inverse(Tensor a, Tensor b) {
    Tensor square = a.mul(a).add(b.mul(b));
    Tensor inverse = square.reciprocal();
    return Tensor.where(square.eq(0), Tensor.zerosLike(inverse), inverse);
  }

  /**
   * The function of corresponding elements, brought to one type and broadcast.
   *
   * @throws IllegalArgumentException if the type is not one the function is for
   */
  public Tensor of(Tensor a, Tensor b) {
    DType type = type(Types.promote(a, b));
    return apply(a.to(type), b.to(type));
  }

  /**
   * The function of each element and a number.
   *
   * @throws IllegalArgumentException if the type is not one the function is for
   */
  public Tensor of(Tensor a, Number b) {
    DType type = type(Types.promote(a, b));
    try (Tensor constant = a.newFull(b, type)) {
      return apply(a.to(type), constant);
    }
  }

  private DType type(DType type) {
    Accepted.check(name().equals("div") ? "div rounded" : name(), type);
    boolean fits =
        switch (domain) {
          case NUMBER, REAL -> true;
          case FLOATING -> type.isFloatingPoint();
          case BITS -> !type.isFloatingPoint();
          case INTEGERS -> type.isIntegral() && type != DType.BOOL;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          name()
              + ": operands must be "
              + switch (domain) {
                case FLOATING -> "of floating point";
                case BITS -> "integers or BOOL";
                default -> "integers";
              }
              + "; got "
              + type);
    }
    return domain == Domain.REAL ? Types.floating(type) : type;
  }

  @Override
  protected boolean isDifferentiable() {
    return ofA != null;
  }

  @Override
  protected Tensor gradA(FunctionContext ctx, Tensor gradOut) {
    return ofA.of(gradOut, ctx.saved(0), ctx.saved(1));
  }

  @Override
  protected Tensor gradB(FunctionContext ctx, Tensor gradOut) {
    return ofB.of(gradOut, ctx.saved(0), ctx.saved(1));
  }
}
