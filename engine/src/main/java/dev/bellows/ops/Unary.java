package dev.bellows.ops;

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
  /** −x; g ↦ −g. */
  public static final Unary NEG = anyNumber("neg", UnaryOp.NEG, Saves.NOTHING, (g, n) -> g.neg());

  /** |x|; g ↦ g·sign(x), 0 at 0. */
  public static final Unary ABS =
      anyNumber("abs", UnaryOp.ABS, Saves.ARGUMENT, (g, x) -> g.mul(x.sign()));

  /** −1, 0 or 1; g ↦ 0. */
  public static final Unary SIGN = flat("sign", UnaryOp.SIGN);

  /** max(x, 0); g ↦ g where y is positive, else 0. */
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
    TEST
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

  private static Unary test(String name, UnaryOp kernel) {
    return new Unary(name, kernel, Domain.TEST, Saves.NOTHING, null);
  }

  /** The function of each element. */
  public Tensor of(Tensor x) {
    return apply(domain == Domain.REAL ? x.to(Types.floating(x.dtype())) : x);
  }

  /**
   * Replaces each element of x by its function and answers x.
   *
   * @throws IllegalArgumentException if the result is of a type that does not fit into x
   */
  public Tensor inPlace(Tensor x) {
    if (domain == Domain.TEST) {
      return x.copy_(of(x));
    }
    if (domain == Domain.REAL) {
      Types.checkResult(name + "_", Types.floating(x.dtype()), x.dtype());
    }
    return applyInPlace(x);
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
  protected void saveInputs(OpContext ctx, Tensor... in) {
    if (saves == Saves.ARGUMENT) {
      ctx.save(in[0]);
    }
  }

  @Override
  protected void saveResult(OpContext ctx, Tensor out) {
    if (saves == Saves.RESULT) {
      ctx.saveOutput(out);
    }
  }

  @Override
  protected void compute(Tensor out, Strided... in) {
    Internals.kernels(out).unary(kernel, in[0], out.strided());
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    return new Tensor[] {gradient.of(gradOut, saves == Saves.NOTHING ? null : ctx.saved(0))};
  }
}
