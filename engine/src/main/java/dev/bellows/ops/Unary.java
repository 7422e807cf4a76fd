package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/**
 * Elementwise functions of one tensor that are one kernel each. A constant names the kernel, which
 * types it takes, what backward reads, and the gradient from the gradient g of the result and what
 * was saved: the argument x, or the result y.
 */
public final class Unary extends Elementwise {
  private static final double LN_2 = 0.6931471805599453;
  private static final double LN_10 = 2.302585092994046;
  private static final double TWO_OVER_ROOT_PI = 1.1283791670955126;

  /** −x; g ↦ −g. */
  public static final Unary NEG = anyNumber("neg", UnaryOp.NEG, Saves.NOTHING, (g, n) -> g.neg());

  /** |x|; g ↦ g·sign(x), 0 at 0. */
  public static final Unary ABS =
      anyNumber("abs", UnaryOp.ABS, Saves.ARGUMENT, (g, x) -> g.mul(x.sign()));

  /** −1, 0 or 1; g ↦ 0. */
  public static final Unary SIGN = flat("sign", UnaryOp.SIGN);

  /** max(x, 0); g ↦ 0 where y is 0, else g, at NaN too. */
  public static final Unary RELU =
      anyNumber("relu", UnaryOp.RELU, Saves.RESULT, (g, y) -> ReluGrad.of(y, g));

  /** eˣ; g ↦ g·y. */
  public static final Unary EXP = real("exp", UnaryOp.EXP, Saves.RESULT, (g, y) -> g.mul(y));

  /** ln x; g ↦ g/x. */
  public static final Unary LOG = real("log", UnaryOp.LOG, Saves.ARGUMENT, (g, x) -> g.div(x));

  /** √x; g ↦ g/(2y). */
  public static final Unary SQRT =
      real("sqrt", UnaryOp.SQRT, Saves.RESULT, (g, y) -> g.div(y.mul(2)));

  /** 1/x; g ↦ −g·y². */
  public static final Unary RECIPROCAL =
      real("reciprocal", UnaryOp.RECIPROCAL, Saves.RESULT, (g, y) -> g.mul(y).mul(y).neg());

  /** tanh x; g ↦ g·(1 − y²). */
  public static final Unary TANH =
      real("tanh", UnaryOp.TANH, Saves.RESULT, (g, y) -> g.mul(y.mul(y).neg().add(1)));

  /** 1/(1 + e⁻ˣ); g ↦ g·y·(1 − y). */
  public static final Unary SIGMOID =
      real("sigmoid", UnaryOp.SIGMOID, Saves.RESULT, (g, y) -> g.mul(y).mul(y.neg().add(1)));

  /** sin x; g ↦ g·cos x. */
  public static final Unary SIN =
      real("sin", UnaryOp.SIN, Saves.ARGUMENT, (g, x) -> g.mul(x.cos()));

  /** cos x; g ↦ −g·sin x. */
  public static final Unary COS =
      real("cos", UnaryOp.COS, Saves.ARGUMENT, (g, x) -> g.mul(x.sin()).neg());

  /** Whether x is 0: BOOL, no gradient. */
  public static final Unary LOGICAL_NOT = test("logicalNot", UnaryOp.LOGICAL_NOT);

  /** Not, of bits or of truth: no gradient. */
  public static final Unary BITWISE_NOT = bits("bitwiseNot", UnaryOp.BITWISE_NOT);

  /** The next whole number below; g ↦ 0. */
  public static final Unary FLOOR = flat("floor", UnaryOp.FLOOR);

  /** The next whole number above; g ↦ 0. */
  public static final Unary CEIL = flat("ceil", UnaryOp.CEIL);

  /** The nearest whole number, the even one of two; g ↦ 0. */
  public static final Unary ROUND = flat("round", UnaryOp.ROUND);

  /** The next whole number towards 0; g ↦ 0. */
  public static final Unary TRUNC = flat("trunc", UnaryOp.TRUNC);

  /** 1/√x; g ↦ −½·g·y³. */
  public static final Unary RSQRT =
      real("rsqrt", UnaryOp.RSQRT, Saves.RESULT, (g, y) -> g.mul(-0.5).mul(y.pow(3)));

  /** 2ˣ; g ↦ g·y·ln 2. */
  public static final Unary EXP2 =
      real("exp2", UnaryOp.EXP2, Saves.RESULT, (g, y) -> g.mul(y).mul(LN_2));

  /** eˣ − 1; g ↦ g·(y + 1). */
  public static final Unary EXPM1 =
      real("expm1", UnaryOp.EXPM1, Saves.RESULT, (g, y) -> g.mul(y.add(1)));

  /** Logarithm to base 2; g ↦ g/(x·ln 2). */
  public static final Unary LOG2 =
      real("log2", UnaryOp.LOG2, Saves.ARGUMENT, (g, x) -> g.div(x.mul(LN_2)));

  /** Logarithm to base 10; g ↦ g/(x·ln 10). */
  public static final Unary LOG10 =
      real("log10", UnaryOp.LOG10, Saves.ARGUMENT, (g, x) -> g.div(x.mul(LN_10)));

  /** ln(1 + x); g ↦ g/(x + 1). */
  public static final Unary LOG1P =
      real("log1p", UnaryOp.LOG1P, Saves.ARGUMENT, (g, x) -> g.div(x.add(1)));

  /** tan x; g ↦ g·(1 + y²). */
  public static final Unary TAN =
      real("tan", UnaryOp.TAN, Saves.RESULT, (g, y) -> g.mul(y.mul(y).add(1)));

  /** Inverse sine; g ↦ g/√(1 − x²). */
  public static final Unary ASIN =
      real("asin", UnaryOp.ASIN, Saves.ARGUMENT, (g, x) -> g.mul(x.mul(x).neg().add(1).rsqrt()));

  /** Inverse cosine; g ↦ −g/√(1 − x²). */
  public static final Unary ACOS =
      real(
          "acos",
          UnaryOp.ACOS,
          Saves.ARGUMENT,
          (g, x) -> g.mul(x.mul(x).neg().add(1).rsqrt()).neg());

  /** Inverse tangent; g ↦ g/(1 + x²). */
  public static final Unary ATAN =
      real("atan", UnaryOp.ATAN, Saves.ARGUMENT, (g, x) -> g.div(x.mul(x).add(1)));

  /** Hyperbolic sine; g ↦ g·cosh x. */
  public static final Unary SINH =
      real("sinh", UnaryOp.SINH, Saves.ARGUMENT, (g, x) -> g.mul(x.cosh()));

  /** Hyperbolic cosine; g ↦ g·sinh x. */
  public static final Unary COSH =
      real("cosh", UnaryOp.COSH, Saves.ARGUMENT, (g, x) -> g.mul(x.sinh()));

  /** Inverse hyperbolic sine; g ↦ g/√(x² + 1). */
  public static final Unary ASINH =
      real("asinh", UnaryOp.ASINH, Saves.ARGUMENT, (g, x) -> g.mul(x.mul(x).add(1).rsqrt()));

  /** Inverse hyperbolic cosine; g ↦ g/√(x² − 1). */
  public static final Unary ACOSH =
      real("acosh", UnaryOp.ACOSH, Saves.ARGUMENT, (g, x) -> g.mul(x.mul(x).sub(1).rsqrt()));

  /** Inverse hyperbolic tangent; g ↦ g/(1 − x²). */
  public static final Unary ATANH =
      real("atanh", UnaryOp.ATANH, Saves.ARGUMENT, (g, x) -> g.div(x.mul(x).neg().add(1)));

  /** Error function; g ↦ g·2/√π·exp(−x²). */
  public static final Unary ERF =
      real("erf", UnaryOp.ERF, Saves.ARGUMENT, (g, x) -> g.mul(bell(x)));

  /** 1 − erf x; g ↦ −g·2/√π·exp(−x²). */
  public static final Unary ERFC =
      real("erfc", UnaryOp.ERFC, Saves.ARGUMENT, (g, x) -> g.mul(bell(x)).neg());

  /** Inverse error function; g ↦ g·√π/2·exp(y²). */
  public static final Unary ERFINV =
      real(
          "erfinv",
          UnaryOp.ERFINV,
          Saves.RESULT,
          (g, y) -> g.mul(y.mul(y).exp()).mul(1 / TWO_OVER_ROOT_PI));

  /** ln |Γ(x)|; g ↦ g·ψ(x). */
  public static final Unary LGAMMA =
      real("lgamma", UnaryOp.LGAMMA, Saves.ARGUMENT, (g, x) -> g.mul(x.digamma()));

  /** ψ(x), the derivative of ln Γ(x); g ↦ g·ψ′(x), which itself has no gradient. */
  public static final Unary DIGAMMA =
      real("digamma", UnaryOp.DIGAMMA, Saves.ARGUMENT, (g, x) -> g.mul(trigamma(x)));

  /** What backward reads. */
  private enum Saves {
    NOTHING,
    ARGUMENT,
    RESULT
  }

  /** Which types a function takes, and what it gives. */
  private enum Domain {
    /** Any type, and the same back. */
    ANY_NUMBER,
    /** Floating point; other types are converted to FLOAT32. */
    REAL,
    /** Any type; gives BOOL. */
    TEST,
    /** All but floating point, and the same back. */
    BITS
  }

  /** The gradient of the argument. */
  private interface Gradient {
    /** From the gradient of the result and what was saved (null for NOTHING). */
    Tensor of(Tensor gradOut, Tensor saved);
  }

  private final String name;
  private final UnaryOp kernel;
  private final Domain domain;
  private final Saves saves;
  private final Gradient gradient;

  private Unary(String name, UnaryOp kernel, Domain domain, Saves saves, Gradient gradient) {
    this.name = name;
    this.kernel = kernel;
    this.domain = domain;
    this.saves = saves;
    this.gradient = gradient;
  }

  private static Unary real(String name, UnaryOp kernel, Saves saves, Gradient gradient) {
    return new Unary(name, kernel, Domain.REAL, saves, gradient);
  }

  private static Unary anyNumber(String name, UnaryOp kernel, Saves saves, Gradient gradient) {
    return new Unary(name, kernel, Domain.ANY_NUMBER, saves, gradient);
  }

  /** A function that is constant between its steps. */
  private static Unary flat(String name, UnaryOp kernel) {
    return anyNumber(name, kernel, Saves.NOTHING, (g, n) -> Tensor.zerosLike(g));
  }

  private static Unary bits(String name, UnaryOp kernel) {
    return new Unary(name, kernel, Domain.BITS, Saves.NOTHING, null);
  }

  private static Tensor bell(Tensor x) {
    return x.mul(x).neg().exp().mul(TWO_OVER_ROOT_PI);
  }

  private static Tensor trigamma(Tensor x) {
    return new Unary("trigamma", UnaryOp.TRIGAMMA, Domain.REAL, Saves.NOTHING, null).of(x);
  }

  private static Unary test(String name, UnaryOp kernel) {
    return new Unary(name, kernel, Domain.TEST, Saves.NOTHING, null);
  }

  /**
   * The function of each element.
   *
   * @throws IllegalArgumentException if x is of a type the function is not for
   */
  public Tensor of(Tensor x) {
    checkDomain(x);
    return apply(domain == Domain.REAL ? x.to(Types.floating(x.dtype())) : x);
  }

  /**
   * Replaces each element of x by its function and answers x.
   *
   * @throws IllegalArgumentException if the result is of a type that does not fit into x
   */
  public Tensor inPlace(Tensor x) {
    checkDomain(x);
    if (domain == Domain.TEST) {
      return Copy.into(name + "_", x, of(x));
    }
    if (domain == Domain.REAL) {
      Types.checkResult(name + "_", Types.floating(x.dtype()), x.dtype());
    }
    return applyInPlace(x);
  }

  private void checkDomain(Tensor x) {
    Accepted.check(name, x.dtype());
    if (this == RELU && x.dtype() == DType.BOOL) {
      throw new IllegalArgumentException("relu: Boolean inputs not supported for relu; got BOOL");
    }
    if (domain == Domain.BITS && x.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          name + ": operands must be integers or BOOL; got " + x.dtype());
    }
    if (this == NEG && x.dtype() == DType.BOOL) {
      throw new IllegalArgumentException(
          "neg: Negation of a BOOL tensor is not supported; use logicalNot() to invert a mask");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  protected boolean isDifferentiable() {
    return gradient != null;
  }

  @Override
  protected DType outputType(Tensor... in) {
    return domain == Domain.TEST ? DType.BOOL : in[0].dtype();
  }

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    if (saves == Saves.ARGUMENT) {
      ctx.saveForBackward(in[0]);
    }
  }

  @Override
  protected void saveResult(FunctionContext ctx, Tensor out) {
    if (saves == Saves.RESULT) {
      ctx.saveForBackward(out);
    }
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).unary(kernel, in[0], out);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {gradient.of(gradOut, saves == Saves.NOTHING ? null : ctx.saved(0))};
  }
}
