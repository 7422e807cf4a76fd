package dev.bellows.nn;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Composed functions of 16-bit tensors, which compute in FLOAT32 and round their result once. */
final class Widened {
  private Widened() {}

  /** Applies a function to x in FLOAT32 if x is of a 16-bit type, and returns it in x's type. */
  static Tensor of(Tensor x, UnaryOperator<Tensor> function) {
    return x.dtype().isHalf()
        ? function.apply(x.to(DType.FLOAT32)).to(x.dtype())
        : function.apply(x);
  }

  /** Returns a tensor in FLOAT32 if it is of a 16-bit type; itself otherwise, and null for null. */
  static Tensor of(Tensor x) {
    return x != null && x.dtype().isHalf() ? x.to(DType.FLOAT32) : x;
  }
}
