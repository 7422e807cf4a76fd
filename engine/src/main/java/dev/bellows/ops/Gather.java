package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** out[i][j] = x[index[i][j]][j] for dim 0 and so on; the gradient is added back at the index. */
public final class Gather extends EngineFunction {
  private final int dim;

  private Gather(int dim) {
    this.dim = dim;
  }

  /**
   * Picks elements along a dimension: out[i][j] = self[index[i][j]][j] for dim 0 and so on.
   *
   * @param index INT64 or INT32, with as many dimensions as this and no larger but along {@code
   *     dim}
   * @throws IllegalArgumentException if index has another type or shape
   * @throws IndexOutOfBoundsException if an index is outside
   */
  public static Tensor gather(Tensor self, int dim, Tensor index) {
    int d = Dims.wrap("gather", dim, self.dim());
    check("gather", self.strided(), d, index.strided());
    if (self.dim() == 0 || index.dim() == 0) {
      return gather(vector(self), 0, vector(index)).reshape(index.shape());
    }
    return new Gather(d).apply(self, index.to(DType.INT64));
  }

  /** Returns a tensor without dimensions as one of one element. */
  static Tensor vector(Tensor x) {
    return x.dim() == 0 ? x.reshape(1) : x;
  }

  static void check(String name, Strided x, int dim, Strided index) {
    if (index.dtype() != DType.INT64 && index.dtype() != DType.INT32) {
      throw new IllegalArgumentException(
          message("%s(): Expected dtype int32/int64 for index; got %s", name, index.dtype()));
    }
    if (Math.max(1, index.dim()) != Math.max(1, x.dim())) {
      throw new IllegalArgumentException(
          message(
              "%s: Index tensor must have the same number of dimensions as self tensor; got index"
                  + " %s, self %s",
              name, index.sizes(), x.sizes()));
    }
    boolean fits = true;
    for (int d = 0; fits && d < Math.min(x.dim(), index.dim()); d++) {
      fits = d == dim || index.size(d) <= x.size(d);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          message(
              "%s: Size does not match at dimensions other than %s; expected index %s to be no"
                  + " larger than self %s",
              name, dim, index.sizes(), x.sizes()));
    }
  }

  @Override
  public String name() {
    return "gather";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    Strided index = in[1].strided();
    Tensor out = Internals.allocate(x.device(), x.dtype(), index.sizes());
    // Only the part of x that index reaches: kernels pair all other dimensions one by one.
    long[] sizes = index.sizes().clone();
    sizes[dim] = x.size(dim);
    Internals.kernels(out)
        .gather(x.with(sizes, x.strides(), x.offset()), dim, index, out.strided());
    ctx.saveForBackward(in[1]);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor zeros = gradOut.newZeros(ctx.inputShape(0));
    return new Tensor[] {Scatter.scatterAdd(zeros, dim, ctx.saved(0), gradOut), null};
  }
}
