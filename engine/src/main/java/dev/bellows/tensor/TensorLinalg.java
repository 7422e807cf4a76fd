package dev.bellows.tensor;

import dev.bellows.ops.MatMul;

/** Products of matrices and linear algebra. */
abstract sealed class TensorLinalg extends TensorIndexing permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Matrix product, as {@code torch.matmul}. */
  public final Tensor matmul(Tensor other) {
    return MatMul.of(self(), other);
  }
}
