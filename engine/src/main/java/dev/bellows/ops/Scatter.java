package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;
import static dev.bellows.ops.Gather.vector;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.ScatterOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.ScatterReduce;
import dev.bellows.tensor.Tensor;

/**
 * A copy of x with src's elements put in place of, or combined with, those at index:
 * out[index[i][j]][j] op= src[i][j] for dim 0 and so on, in row-major order of src. Gradients: SET
 * and ADD as they are; products and extremes by what PyTorch computes from the result.
 */
public final class Scatter extends EngineFunction {
  private final ScatterOp op;
  private final int dim;
  private final boolean includeSelf;

  private Scatter(ScatterOp op, int dim, boolean includeSelf) {
    this.op = op;
    this.dim = dim;
    this.includeSelf = includeSelf;
  }

  /**
   * Copies this with elements of src placed along a dimension: out[index[i][j]][j] = src[i][j] for
   * dim 0 and so on. Where a place is named twice, the last in row-major order stays.
   *
   * @param index INT64 or INT32, with as many dimensions as this
   * @param src of this element type, in no dimension smaller than index
   * @throws IllegalArgumentException if types or shapes do not fit
   * @throws IndexOutOfBoundsException if an index is outside
   */
  @InPlaceTwin
  public static Tensor scatter(Tensor self, int dim, Tensor index, Tensor src) {
    return of("scatter", ScatterOp.SET, self, dim, index, src);
  }

  /**
   * Copies this with one value placed along a dimension: out[index[i][j]][j] = value for dim 0 and
   * so on. See {@link Tensor#scatter(int, Tensor, Tensor)}.
   */
  @InPlaceTwin
  public static Tensor scatter(Tensor self, int dim, Tensor index, Number value) {
    try (Tensor one = self.newFull(value, self.dtype())) {
      return of("scatter", ScatterOp.SET, self, dim, index, one.expand(index.shape()));
    }
  }

  static Tensor of(String name, ScatterOp op, Tensor x, int dim, Tensor index, Tensor src) {
    return of(name, op, x, dim, index, src, true);
  }

  private static Tensor of(
      String name, ScatterOp op, Tensor x, int dim, Tensor index, Tensor src, boolean includeSelf) {
    int d = Dims.wrap(name, dim, x.dim());
    Gather.check(name, x.strided(), d, index.strided());
    if (x.dtype() != src.dtype()) {
      throw new IllegalArgumentException(
          message(
              "%s(): Expected self.dtype to be equal to src.dtype; got %s, %s",
              name, x.dtype(), src.dtype()));
    }
    if (x.dim() == 0 || index.dim() == 0 || src.dim() == 0) {
      Tensor out = of(name, op, vector(x), d, vector(index), vector(src), includeSelf);
      return x.dim() == 0 ? out.reshape() : out;
    }
    boolean fits = src.dim() == index.dim();
    for (int k = 0; fits && k < index.dim(); k++) {
      fits = index.size(k) <= src.size(k);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected index %s to be no larger size in any dimension than src %s",
              name, index.shape(), src.shape()));
    }
    Tensor part = src;
    for (int k = 0; k < index.dim(); k++) {
      part = part.size(k) == index.size(k) ? part : part.narrow(k, 0, index.size(k));
    }
    Tensor places = index.to(DType.INT64);
    if (op == ScatterOp.ADD) {
      return ScatterAdd.of(x, d, places, part);
    }
    return new Scatter(op, d, includeSelf).apply(x, places, part);
  }

  /**
   * Copies this with all elements of src that go to one place combined; see {@link
   * Tensor#scatter(int, Tensor, Tensor)}.
   *
   * @param reduce how they are combined
   * @param includeSelf whether what this tensor has there is combined too
   */
  @InPlaceTwin
  public static Tensor scatterReduce(
      Tensor self, int dim, Tensor index, Tensor src, ScatterReduce reduce, boolean includeSelf) {
    String name = "scatterReduce";
    if (reduce == ScatterReduce.AMAX || reduce == ScatterReduce.AMIN) {
      ScatterOp op = reduce == ScatterReduce.AMAX ? ScatterOp.MAX : ScatterOp.MIN;
      return of(name, op, self, dim, index, src, includeSelf);
    }
    int one = reduce == ScatterReduce.PROD ? 1 : 0;
    Tensor start = includeSelf ? self : scatter(self, dim, index, one);
    switch (reduce) {
      case SUM:
        return of(name, ScatterOp.ADD, start, dim, index, src);
      case PROD:
        return of(name, ScatterOp.MUL, start, dim, index, src);
      default:
        return mean(name, self, start, dim, index, src, includeSelf);
    }
  }

  /** What changes no extreme. */
  private static Number neutral(ScatterOp op, DType type) {
    boolean max = op == ScatterOp.MAX;
    if (type.isFloatingPoint()) {
      return max ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return max ? type.minValue() : type.maxValue();
  }

  private static Tensor mean(
      String name, Tensor x, Tensor start, int dim, Tensor index, Tensor src, boolean includeSelf) {
    if (x.dtype() == DType.BOOL) {
      throw new IllegalArgumentException(
          "scatterReduce: \"div_trunc_cpu\" not implemented for 'Bool'; a mean of BOOL");
    }
    Tensor sum = of(name, ScatterOp.ADD, start, dim, index, src);
    Tensor own = x.newOnes(x.shape());
    Tensor first = includeSelf ? own : scatter(own, dim, index, 0);
    Tensor one = x.newOnes(index.shape());
    Tensor counts = of(name, ScatterOp.ADD, first, dim, index, one);
    if (x.dtype().isFloatingPoint()) {
      return sum.div(counts);
    }
    return sum.div(counts, RoundingMode.FLOOR);
  }

  @Override
  public String name() {
    return op == ScatterOp.SET ? "scatter" : "scatterReduce";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Tensor out = Internals.copyInLayoutOf(in[0], in[0]);
    Strided target = out.strided();
    Strided index = in[1].strided();
    long[] sizes = index.sizes().clone();
    sizes[dim] = target.size(dim);
    Strided reached = target.with(sizes, target.strides(), target.offset());
    if (!includeSelf) {
      try (Tensor one = in[0].newFull(neutral(op, in[0].dtype()), in[0].dtype())) {
        Strided all = one.expand(in[1].shape()).strided();
        Internals.kernels(out).scatter(ScatterOp.SET, all, dim, index, reached);
      }
    }
    Internals.kernels(out).scatter(op, in[2].strided(), dim, index, reached);
    ctx.saveForBackward(in[1]);
    if (op != ScatterOp.SET) {
      ctx.saveForBackward(in[0], in[2]);
      ctx.saveForBackward(out);
    }
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor index = ctx.saved(0);
    if (op == ScatterOp.SET) {
      Tensor gradX = ctx.needsInputGrad(0) ? scatter(gradOut, dim, index, 0) : null;
      return new Tensor[] {
        gradX, null, ctx.needsInputGrad(2) ? Gather.gather(gradOut, dim, index) : null
      };
    }
    Tensor x = ctx.saved(1);
    Tensor src = ctx.saved(2);
    return op == ScatterOp.MUL
        ? productGrad(gradOut, index, x, src, ctx.saved(3))
        : extremeGrad(gradOut, index, x, src, ctx.saved(3));
  }

  /** Shared by all that equal the extreme, by x too where it did not take part. */
  private Tensor[] extremeGrad(Tensor g, Tensor index, Tensor x, Tensor src, Tensor result) {
    DType type = g.dtype();
    Tensor fromX = x.detach().eq(result.detach()).to(type);
    Tensor fromSrc = src.detach().eq(Gather.gather(result.detach(), dim, index)).to(type);
    Tensor shared = g.div(ScatterAdd.of(fromX, dim, index, fromSrc));
    Tensor gradX = fromX.mul(shared);
    return new Tensor[] {
      includeSelf ? gradX : scatter(gradX, dim, index, 0),
      null,
      fromSrc.mul(Gather.gather(shared, dim, index))
    };
  }

  /** The product of the others; where one factor is 0 it is left out to find that. */
  private Tensor[] productGrad(Tensor g, Tensor index, Tensor x, Tensor src, Tensor result) {
    DType type = g.dtype();
    Tensor xZero = x.detach().eq(0);
    Tensor xOne = Where.of(xZero, x.newOnes(type), x);
    Tensor gradX = g.mul(of("scatterReduce", ScatterOp.MUL, xOne, dim, index, src)).div(xOne);
    Tensor srcZero = src.detach().eq(0);
    Tensor zeros = x.newZeros(type, x.shape());
    Tensor counts = Gather.gather(ScatterAdd.of(zeros, dim, index, srcZero.to(type)), dim, index);
    Tensor single = srcZero.mul(counts.eq(1));
    Tensor srcOne = Where.of(single, src.newOnes(type), src);
    Tensor others = of("scatterReduce", ScatterOp.MUL, x, dim, index, srcOne);
    Tensor whole =
        Gather.gather(g.mul(result), dim, index).div(Where.of(srcZero, src.newOnes(type), src));
    Tensor gradSrc = Where.of(single, Gather.gather(g.mul(others), dim, index), whole);
    return new Tensor[] {gradX, null, gradSrc};
  }
}
