package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.ZERO;
import static dev.bellows.ops.BinaryFunction.Gradient.ofA;
import static dev.bellows.ops.Pointwise.real;
import static dev.bellows.ops.Pointwise.row;
import static dev.bellows.ops.UnaryFunction.Gradient.ofY;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;

/** Activation functions: rows of {@link Pointwise}. */
public final class ActivationFunctions {
  /** max(this, 0). The gradient at 0 is 0. */
  public static final UnaryFunction RELU =
      row(
          "relu",
          UnaryOp.RELU,
          Accepted.notBool("Boolean inputs not supported for relu; got BOOL"),
          ofY((g, y) -> ActivationFunctions.RELU_GRAD.of(y, g)));

  /** 0 where a ≤ 0, else b: the gradient of {@link #RELU}, flat in a. */
  static final BinaryFunction RELU_GRAD =
      row(
          "reluGrad",
          BinaryOp.RELU_GRAD,
          Accepted.ANY,
          ZERO,
          ofA((g, a) -> ActivationFunctions.RELU_GRAD.of(a, g)));

  /** 1 / (1 + e⁻ˣ). */
  public static final UnaryFunction SIGMOID =
      real("sigmoid", UnaryOp.SIGMOID, ofY((g, y) -> g.mul(y).mul(y.neg().add(1))));

  /** Hyperbolic tangent. */
  public static final UnaryFunction TANH =
      real("tanh", UnaryOp.TANH, ofY((g, y) -> g.mul(y.mul(y).neg().add(1))));

  private ActivationFunctions() {}
}
