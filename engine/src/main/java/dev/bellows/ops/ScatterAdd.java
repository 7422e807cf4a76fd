package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.ScatterOp;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * A copy of x with src added at index: out[index[i][j]][j] += src[i][j] for dim 0 and so on, in
 * row-major order of src, so that the sum is the same each time. Gradients: g for x, g gathered for
 * src.
 */
public final class ScatterAdd extends EngineFunction {
  private final int dim;

  private ScatterAdd(int dim) {
    this.dim = dim;
  }

  /**
   * Adds along a dimension; index is INT64 of src's shape.
   *
   * @throws IllegalArgumentException if types or shapes do not agree
   * @throws IndexOutOfBoundsException if an index is outside [0, x.size(dim))
   */
  public static Tensor of(Tensor x, int dim, Tensor index, Tensor src) {
    int d = Dims.wrap("scatterAdd", dim, x.dim());
    Gather.check("scatterAdd", x.strided(), d, index.strided());
    if (x.dtype() != src.dtype()
        || !Arrays.equals(index.strided().sizes(), src.strided().sizes())) {
      throw new IllegalArgumentException(
          message(
              "scatterAdd: src must have self's dtype and index's shape; got self %s, src %s%s,"
                  + " index %s",
              x.dtype(), src.dtype(), src.shape(), index.shape()));
    }
    if (x.dim() == 0) {
      return of(x.unsqueeze(0), 0, index.unsqueeze(0), src.unsqueeze(0)).squeeze(0);
    }
    return new ScatterAdd(d).apply(x, index, src);
  }

  @Override
  public String name() {
    return "scatterAdd";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Tensor out = Internals.copyInLayoutOf(in[0], in[0]);
    Strided target = out.strided();
    Strided index = in[1].strided();
    long[] sizes = index.sizes().clone();
    sizes[dim] = target.size(dim);
    Internals.kernels(out)
        .scatter(
            ScatterOp.ADD,
            in[2].strided(),
            dim,
            index,
            target.with(sizes, target.strides(), target.offset()));
    ctx.saveForBackward(in[1]);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {
      ctx.needsInputGrad(0) ? gradOut : null,
      null,
      ctx.needsInputGrad(2) ? Gather.gather(gradOut, dim, ctx.saved(0)) : null
    };
  }
}
