package dev.bellows.tensor;

import dev.bellows.ops.Gather;
import dev.bellows.ops.ScatterAdd;
import java.util.Arrays;

/** Reading and writing at places that other tensors name. */
abstract sealed class TensorIndexing extends TensorReductions permits TensorLinalg {
  private Tensor self() {
    return (Tensor) this;
  }

  /** out[i][j] = this[index[i][j]][j] for dim 0 and so on. */
  public final Tensor gather(int dim, Tensor index) {
    return Gather.of(self(), dim, index);
  }

  /** A copy with out[index[i][j]][j] += src[i][j] for dim 0 and so on. */
  public final Tensor scatterAdd(int dim, Tensor index, Tensor src) {
    return ScatterAdd.of(self(), dim, index, src);
  }

  /** The elements of a dimension that a 1-d INT64 index names, in its order. */
  public final Tensor indexSelect(int dim, Tensor index) {
    int d = wrap(dim);
    if (index.dim() != 1) {
      throw new IllegalArgumentException(
          "indexSelect: Index is supposed to be a vector; got " + Arrays.toString(index.shape()));
    }
    long[] ones = new long[self().dim()];
    Arrays.fill(ones, 1);
    ones[d] = index.numel();
    long[] sizes = self().shape();
    sizes[d] = index.numel();
    return gather(d, index.reshape(ones).expand(sizes));
  }
}
