package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.NONE;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/**
 * Makes the rows of the table of elementwise operations of one and two tensors. A row has a name, a
 * kernel, the accepted types, and the gradients as tensor expressions of the gradient g of the
 * result, the arguments (x, or a and b) and the result y. What a gradient reads is saved, and no
 * more. A row's comment is that of the tensor's method. Rows stand in one class per topic, so that
 * a program links those topics only that it uses.
 */
final class Pointwise {
  private Pointwise() {}

  static UnaryFunction row(
      String name, UnaryOp kernel, Accepted accepted, UnaryFunction.Gradient gradient) {
    return new UnaryFunction(name, kernel, accepted, gradient);
  }

  static UnaryFunction real(String name, UnaryOp kernel, UnaryFunction.Gradient gradient) {
    return row(name, kernel, Accepted.REAL, gradient);
  }

  static BinaryFunction row(
      String name,
      BinaryOp kernel,
      Accepted accepted,
      BinaryFunction.Gradient ofA,
      BinaryFunction.Gradient ofB) {
    return new BinaryFunction(name, kernel, false, accepted, ofA, ofB);
  }

  /** Returns a row whose kernel takes numbers. */
  static BinaryFunction arithmetic(
      String name,
      BinaryOp kernel,
      Accepted accepted,
      BinaryFunction.Gradient ofA,
      BinaryFunction.Gradient ofB) {
    return new BinaryFunction(name, kernel, true, accepted, ofA, ofB);
  }

  static BinaryFunction condition(String name, BinaryOp kernel) {
    return arithmetic(name, kernel, Accepted.ANY, NONE, NONE);
  }

  static Tensor zeroWhere(Tensor condition, Tensor x) {
    return Tensor.where(condition, Tensor.zerosLike(x), x);
  }

  static Tensor onlyWhere(Tensor condition, Tensor x) {
    return Tensor.where(condition, x, Tensor.zerosLike(x));
  }
}
