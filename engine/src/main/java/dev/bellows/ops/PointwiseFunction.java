package dev.bellows.ops;

import dev.bellows.backend.PointwiseOp;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/** An elementwise function that is one pointwise kernel. */
abstract class PointwiseFunction extends Elementwise {
  private final String name;
  private final PointwiseOp<?, ?> kernel;

  /** The name of the form that overwrites its argument. */
  final String nameInPlace;

  PointwiseFunction(String name, PointwiseOp<?, ?> kernel) {
    this.name = name;
    this.nameInPlace = name + "_";
    this.kernel = kernel;
  }

  /** Another form of the same function. */
  PointwiseFunction(PointwiseFunction row) {
    this.name = row.name;
    this.nameInPlace = row.nameInPlace;
    this.kernel = row.kernel;
  }

  @Override
  public final String name() {
    return name;
  }

  /** Conditions and functions of integers have no gradient by nature. */
  @Override
  protected final boolean isDifferentiable() {
    return !kernel.isLogical() && !kernel.isForIntegers();
  }

  @Override
  protected final DType outputType(Tensor... in) {
    return kernel.isLogical() ? DType.BOOL : in[0].dtype();
  }
}
