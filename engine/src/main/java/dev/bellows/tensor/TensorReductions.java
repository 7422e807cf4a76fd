package dev.bellows.tensor;

import dev.bellows.backend.ReduceOp;
import dev.bellows.ops.ArgExtremum;
import dev.bellows.ops.Reduce;
import dev.bellows.ops.Softmax;

/** Functions that make fewer elements, or put them in another order. */
abstract sealed class TensorReductions extends TensorMath permits TensorIndexing {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Sum of all elements. */
  public final Tensor sum() {
    return sum(false);
  }

  /** Sum over dimensions, all if none are named. */
  public final Tensor sum(boolean keepDim, int... dims) {
    return Reduce.of(ReduceOp.SUM, self(), keepDim, dims);
  }

  /** Mean of all elements. */
  public final Tensor mean() {
    return mean(false);
  }

  /** Mean over dimensions, all if none are named; floating point only. */
  public final Tensor mean(boolean keepDim, int... dims) {
    if (!self().dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          "mean(): could not infer output dtype. Input dtype must be a floating point; got "
              + self().dtype());
    }
    try (Tensor sum = sum(keepDim, dims)) {
      double count = sum.numel() == 0 ? 1 : (double) self().numel() / sum.numel();
      return sum.div(count);
    }
  }

  /** Largest over dimensions, all if none are named. */
  public final Tensor amax(boolean keepDim, int... dims) {
    return Reduce.of(ReduceOp.MAX, self(), keepDim, dims);
  }

  /** Smallest over dimensions, all if none are named. */
  public final Tensor amin(boolean keepDim, int... dims) {
    return Reduce.of(ReduceOp.MIN, self(), keepDim, dims);
  }

  /** BOOL (UINT8 for UINT8): whether all elements are not 0. */
  public final Tensor all() {
    return Reduce.of(ReduceOp.ALL, self(), false);
  }

  /** BOOL (UINT8 for UINT8): whether any element is not 0. */
  public final Tensor any() {
    return Reduce.of(ReduceOp.ANY, self(), false);
  }

  /** Index of the largest along a dimension, the first of equals. */
  public final Tensor argmax(int dim, boolean keepDim) {
    return ArgExtremum.of(true, self(), dim, keepDim);
  }

  /** Index of the smallest along a dimension, the first of equals. */
  public final Tensor argmin(int dim, boolean keepDim) {
    return ArgExtremum.of(false, self(), dim, keepDim);
  }

  /** eˣ / Σ eˣ along a dimension. */
  public final Tensor softmax(int dim) {
    return Softmax.of(self(), dim, false);
  }

  /** Logarithm of {@link #softmax}, computed without overflow. */
  public final Tensor logSoftmax(int dim) {
    return Softmax.of(self(), dim, true);
  }
}
