package dev.bellows.tensor;

import dev.bellows.memory.DType;

/** Making tensors of this one's type and on its device. */
abstract sealed class TensorFactories permits TensorRandom {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Undefined content, of this one's type and on its device. */
  public final Tensor newEmpty(long... shape) {
    return newEmpty(self().dtype(), shape);
  }

  /** Undefined content, on this one's device. */
  public final Tensor newEmpty(DType dtype, long... shape) {
    return Factories.empty("newEmpty", self().device(), dtype, shape);
  }

  /** Zeros of this one's type and on its device. */
  public final Tensor newZeros(long... shape) {
    return newZeros(self().dtype(), shape);
  }

  /** Zeros on this one's device. */
  public final Tensor newZeros(DType dtype, long... shape) {
    return Factories.full("newZeros", self().device(), 0, dtype, shape);
  }

  /** Ones of this one's type and on its device. */
  public final Tensor newOnes(long... shape) {
    return newOnes(self().dtype(), shape);
  }

  /** Ones on this one's device. */
  public final Tensor newOnes(DType dtype, long... shape) {
    return Factories.full("newOnes", self().device(), 1, dtype, shape);
  }

  /** All elements the same, on this one's device. */
  public final Tensor newFull(Number value, DType dtype, long... shape) {
    return Factories.full("newFull", self().device(), value, dtype, shape);
  }

  /** {@link Tensor#of(Object)}, of this one's type and on its device. */
  public final Tensor newTensor(Object nested) {
    Tensor host = Tensor.of(nested, self().dtype());
    return host.to(self().device());
  }
}
