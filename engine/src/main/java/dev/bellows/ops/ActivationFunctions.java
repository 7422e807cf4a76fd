package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.NONE;
import static dev.bellows.ops.BinaryFunction.Gradient.ZERO;
import static dev.bellows.ops.BinaryFunction.Gradient.ofA;
import static dev.bellows.ops.BinaryFunction.Gradient.ofBoth;
import static dev.bellows.ops.Pointwise.arithmetic;
import static dev.bellows.ops.Pointwise.real;
import static dev.bellows.ops.Pointwise.row;
import static dev.bellows.ops.UnaryFunction.Gradient.ofX;
import static dev.bellows.ops.UnaryFunction.Gradient.ofY;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** Activation functions: rows of {@link Pointwise}. */
public final class ActivationFunctions {
  private static final double ROOT_HALF = 0.7071067811865476;
  private static final double INVERSE_ROOT_TWO_PI = 0.3989422804014327;
  private static final double ROOT_TWO_OVER_PI = 0.7978845608028654;
  private static final double CUBE = 0.044715;

  /** Computes max(this, 0). The gradient at 0 is 0. */
  public static final UnaryFunction RELU =
      row(
          "relu",
          UnaryOp.RELU,
          Accepted.notBool("Boolean inputs not supported for relu; got BOOL"),
          ofY((g, y) -> ActivationFunctions.RELU_GRAD.of(y, g)));

  /** Returns 0 where a ≤ 0, else b: the gradient of {@link #RELU}, flat in a. */
  static final BinaryFunction RELU_GRAD =
      row(
          "reluGrad",
          BinaryOp.RELU_GRAD,
          Accepted.ANY,
          ZERO,
          ofA((g, a) -> ActivationFunctions.RELU_GRAD.of(a, g)));

  /** Computes 1 / (1 + e⁻ˣ). */
  public static final UnaryFunction SIGMOID =
      real("sigmoid", UnaryOp.SIGMOID, ofY((g, y) -> g.mul(y).mul(y.neg().add(1))));

  /** Computes the hyperbolic tangent. */
  public static final UnaryFunction TANH =
      real("tanh", UnaryOp.TANH, ofY((g, y) -> g.mul(y.mul(y).neg().add(1))));

  /** Computes x · sigmoid(x). */
  @Forms(method = false)
  public static final UnaryFunction SILU =
      smooth("silu", UnaryOp.SILU, ofX(ActivationFunctions::slopeOfSilu));

  /** Computes x · Φ(x), with Φ the distribution function of the normal distribution. */
  @Forms(method = false)
  public static final UnaryFunction GELU =
      smooth("gelu", UnaryOp.GELU, ofX(ActivationFunctions::slopeOfGelu));

  /** {@link #GELU} with Φ approximated by the hyperbolic tangent. */
  @Forms(method = false)
  public static final UnaryFunction GELU_TANH =
      smooth("gelu", UnaryOp.GELU_TANH, ofX(ActivationFunctions::slopeOfTanhGelu));

  /** Computes x · tanh(ln(1 + eˣ)). */
  @Forms(method = false)
  public static final UnaryFunction MISH =
      smooth("mish", UnaryOp.MISH, ofX(ActivationFunctions::slopeOfMish));

  /** Computes ln(sigmoid(x)). */
  @Forms(method = false)
  public static final UnaryFunction LOG_SIGMOID =
      smooth("logSigmoid", UnaryOp.LOG_SIGMOID, ofX((g, x) -> g.mul(x.neg().sigmoid())));

  /** Computes x where x &gt; 0, else other · (eˣ − 1). */
  @Forms(method = false)
  public static final BinaryFunction ELU =
      withNumber("elu", BinaryOp.ELU, (g, x, b) -> slopeOfElu(g, x, b.number()));

  /** Computes x where x &gt; 0, else other · x. */
  @Forms(method = false)
  public static final BinaryFunction LEAKY_RELU =
      withNumber(
          "leakyRelu",
          BinaryOp.LEAKY_RELU,
          (g, x, b) -> Tensor.where(x.gt(0), g, g.mul(b.number())));

  private ActivationFunctions() {}

  private static UnaryFunction smooth(
      String name, UnaryOp kernel, UnaryFunction.Gradient gradient) {
    return row(name, kernel, Accepted.FLOATING, gradient);
  }

  private static BinaryFunction withNumber(String name, BinaryOp kernel, BinaryFunction.Slope ofX) {
    return arithmetic(name, kernel, Accepted.FLOATING, ofBoth(ofX), NONE);
  }

  private static Tensor slopeOfElu(Tensor g, Tensor x, Number alpha) {
    Tensor isNegative = x.le(0);
    // a positive argument must not reach exp, whose gradient might be infinite
    Tensor negative = Tensor.where(isNegative, x, Tensor.zerosLike(x));
    return Tensor.where(isNegative, g.mul(negative.exp()).mul(alpha), g);
  }

  private static Tensor slopeOfSilu(Tensor g, Tensor x) {
    Tensor s = x.sigmoid();
    return g.mul(s.mul(x.mul(s.rsub(1)).add(1)));
  }

  private static Tensor slopeOfGelu(Tensor g, Tensor x) {
    Tensor distribution = x.mul(ROOT_HALF).erf().add(1).mul(0.5);
    Tensor density = x.mul(x).mul(-0.5).exp().mul(INVERSE_ROOT_TWO_PI);
    return g.mul(distribution.add(x.mul(density)));
  }

  private static Tensor slopeOfTanhGelu(Tensor g, Tensor x) {
    Tensor square = x.mul(x);
    Tensor t = x.mul(square.mul(CUBE).add(1)).mul(ROOT_TWO_OVER_PI).tanh();
    Tensor inner = square.mul(3 * CUBE).add(1).mul(ROOT_TWO_OVER_PI);
    return g.mul(t.add(1).mul(0.5).add(x.mul(0.5).mul(t.mul(t).rsub(1)).mul(inner)));
  }

  private static Tensor slopeOfMish(Tensor g, Tensor x) {
    Tensor t = LOG_SIGMOID.of(x.neg()).neg().tanh();
    return g.mul(t.add(x.mul(x.sigmoid()).mul(t.mul(t).rsub(1))));
  }
}
