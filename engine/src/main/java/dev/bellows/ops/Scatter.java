package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;
import static dev.bellows.ops.Gather.vector;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.KernelErrors;
import dev.bellows.backend.ScatterOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.ScatterReduce;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.lang.ref.Reference;

/**
 * A copy of x with src's elements put in place of, or combined with, those at index:
 * out[index[i][j]][j] op= src[i][j] for dim 0 and so on, in row-major order of src. Gradients: SET
 * and ADD as they are; products and extremes by what PyTorch computes from the result.
 */
public final class Scatter extends EngineFunction {
  private final ScatterOp op;
  private final int dim;
  private final boolean includeSelf;
  private final boolean inPlace;

  private Scatter(ScatterOp op, int dim, boolean includeSelf, boolean inPlace) {
    this.op = op;
    this.dim = dim;
    this.includeSelf = includeSelf;
    this.inPlace = inPlace;
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
  public static Tensor scatter(Tensor self, int dim, Tensor index, Tensor src) {
    return of("scatter", ScatterOp.SET, self, dim, index, src);
  }

  /** Overwrites this with {@link Tensor#scatter(int, Tensor, Tensor)} and gives it back. */
  public static Tensor scatter_(Tensor self, int dim, Tensor index, Tensor src) {
    return inPlace("scatter", ScatterOp.SET, self, dim, index, src);
  }

  /**
   * Copies this with one value placed along a dimension: out[index[i][j]][j] = value for dim 0 and
   * so on. See {@link Tensor#scatter(int, Tensor, Tensor)}.
   */
  public static Tensor scatter(Tensor self, int dim, Tensor index, Number value) {
    try (Tensor one = self.newFull(value, self.dtype())) {
      return scatter(self, dim, index, one.expand(index.shape()));
    }
  }

  /** Overwrites this with {@link Tensor#scatter(int, Tensor, Number)} and gives it back. */
  public static Tensor scatter_(Tensor self, int dim, Tensor index, Number value) {
    try (Tensor one = self.newFull(value, self.dtype())) {
      return scatter_(self, dim, index, one.expand(index.shape()));
    }
  }

  /**
   * Copies this with elements of src added along a dimension: out[index[i][j]][j] += src[i][j] for
   * dim 0 and so on. See {@link Tensor#scatter(int, Tensor, Tensor)}.
   */
  public static Tensor scatterAdd(Tensor self, int dim, Tensor index, Tensor src) {
    return of("scatterAdd", ScatterOp.ADD, self, dim, index, src);
  }

  /** Overwrites this with {@link Tensor#scatterAdd(int, Tensor, Tensor)} and gives it back. */
  public static Tensor scatterAdd_(Tensor self, int dim, Tensor index, Tensor src) {
    return inPlace("scatterAdd", ScatterOp.ADD, self, dim, index, src);
  }

  static Tensor of(String name, ScatterOp op, Tensor x, int dim, Tensor index, Tensor src) {
    return new Scatter(op, Dims.wrap(name, dim, x.dim()), true, false).of(name, x, index, src);
  }

  static Tensor inPlace(String name, ScatterOp op, Tensor x, int dim, Tensor index, Tensor src) {
    Overwriting.check(name + "_", x);
    new Scatter(op, Dims.wrap(name, dim, x.dim()), true, true).of(name, x, index, src);
    return x;
  }

  private Tensor of(String name, Tensor x, Tensor index, Tensor src) {
    check(name, x, dim, index, src);
    if (x.dim() == 0 || index.dim() == 0 || src.dim() == 0) {
      Tensor out = of(name, vector(x), vector(index), vector(src));
      return x.dim() == 0 ? out.reshape() : out;
    }
    Tensor part = src;
    for (int k = 0; k < index.dim(); k++) {
      part = part.size(k) == index.size(k) ? part : part.narrow(k, 0, index.size(k));
    }
    return apply(x, index.to(DType.INT64), part);
  }

  private static void check(String name, Tensor x, int dim, Tensor index, Tensor src) {
    Gather.check(name, x.strided(), dim, index.strided());
    if (x.dtype() != src.dtype()) {
      throw new IllegalArgumentException(
          message(
              "%s(): Expected self.dtype to be equal to src.dtype; got %s, %s",
              name, x.dtype(), src.dtype()));
    }
    long[] places = vector(index).shape();
    long[] given = vector(src).shape();
    boolean fits = given.length == places.length;
    for (int k = 0; fits && k < places.length; k++) {
      fits = places[k] <= given[k];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected index %s to be no larger size in any dimension than src %s",
              name, places, given));
    }
  }

  /**
   * Copies this with all elements of src that go to one place combined; see {@link
   * Tensor#scatter(int, Tensor, Tensor)}.
   *
   * @param reduce how they are combined
   * @param includeSelf whether what this tensor has there is combined too
   */
  public static Tensor scatterReduce(
      Tensor self, int dim, Tensor index, Tensor src, ScatterReduce reduce, boolean includeSelf) {
    return reduced(self, dim, index, src, reduce, includeSelf, false);
  }

  /**
   * Overwrites this with {@link Tensor#scatterReduce(int, Tensor, Tensor, ScatterReduce, boolean)}
   * and gives it back.
   */
  public static Tensor scatterReduce_(
      Tensor self, int dim, Tensor index, Tensor src, ScatterReduce reduce, boolean includeSelf) {
    Overwriting.check("scatterReduce_", self);
    Tensor source = src.storage() == self.storage() ? src.clone() : src;
    Tensor places = index.storage() == self.storage() ? index.clone() : index;
    return reduced(self, dim, places, source, reduce, includeSelf, true);
  }

  private static Tensor reduced(
      Tensor self,
      int dim,
      Tensor index,
      Tensor src,
      ScatterReduce reduce,
      boolean includeSelf,
      boolean inPlace) {
    String name = "scatterReduce";
    if (reduce == ScatterReduce.MEAN && self.dtype() == DType.BOOL) {
      throw new IllegalArgumentException(
          "scatterReduce: \"div_trunc_cpu\" not implemented for 'Bool'; a mean of BOOL");
    }
    int d = Dims.wrap(name, dim, self.dim());
    Tensor start = self;
    boolean extreme = reduce == ScatterReduce.AMAX || reduce == ScatterReduce.AMIN;
    if (!extreme && !includeSelf) {
      check(name, self, d, index, src);
      int one = reduce == ScatterReduce.PROD ? 1 : 0;
      start = inPlace ? scatter_(self, d, index, one) : scatter(self, d, index, one);
    }
    ScatterOp op =
        switch (reduce) {
          case AMAX -> ScatterOp.MAX;
          case AMIN -> ScatterOp.MIN;
          case PROD -> ScatterOp.MUL;
          case SUM, MEAN -> ScatterOp.ADD;
        };
    Tensor combined =
        new Scatter(op, d, includeSelf || !extreme, inPlace).of(name, start, index, src);
    Tensor out = inPlace ? self : combined;
    return reduce == ScatterReduce.MEAN ? divided(out, d, index, includeSelf, inPlace) : out;
  }

  /** Divides sums by the number of their terms. */
  private static Tensor divided(
      Tensor sum, int dim, Tensor index, boolean includeSelf, boolean inPlace) {
    Tensor own = sum.newOnes(sum.shape());
    Tensor first = includeSelf ? own : scatter_(own, dim, index, 0);
    Tensor counts = scatterAdd_(first, dim, index, sum.newOnes(index.shape()));
    if (sum.dtype().isFloatingPoint()) {
      return inPlace ? sum.div_(counts) : sum.div(counts);
    }
    RoundingMode floor = RoundingMode.FLOOR;
    return inPlace ? sum.div_(counts, floor) : sum.div(counts, floor);
  }

  /** Returns what changes no extreme. */
  private static Number neutral(ScatterOp op, DType type) {
    boolean max = op == ScatterOp.MAX;
    if (type.isFloatingPoint()) {
      return max ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return max ? type.minValue() : type.maxValue();
  }

  @Override
  public String name() {
    return op == ScatterOp.SET ? "scatter" : op == ScatterOp.ADD ? "scatterAdd" : "scatterReduce";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Tensor out = in[0];
    Tensor index = in[1];
    Tensor src = in[2];
    if (inPlace) {
      ctx.markDirty(name() + "_", out);
      index = apart(index, out);
      src = apart(src, out);
      checkPlaces(index, out.size(dim));
      ctx.overwrites(out);
    }
    ctx.saveForBackward(index);
    boolean readsValues = op != ScatterOp.SET && op != ScatterOp.ADD;
    if (readsValues) {
      ctx.saveForBackward(in[0], in[2]);
    }
    ctx.overwrites(null);
    if (inPlace) {
      out.storage().bumpVersion();
    } else {
      out = TensorCopies.inLayoutOf(out, out);
    }
    Strided target = out.strided();
    long[] sizes = index.shape();
    sizes[dim] = target.size(dim);
    Strided reached = target.with(sizes, target.strides(), target.offset());
    if (!includeSelf) {
      try (Tensor one = out.newFull(neutral(op, out.dtype()), out.dtype())) {
        Strided all = one.expand(index.shape()).strided();
        Internals.kernels(out).scatter(ScatterOp.SET, all, dim, index.strided(), reached);
      }
    }
    Internals.kernels(out).scatter(op, src.strided(), dim, index.strided(), reached);
    Reference.reachabilityFence(index);
    Reference.reachabilityFence(src);
    if (readsValues) {
      ctx.saveForBackward(out);
    }
    return new Tensor[] {out};
  }

  /** Checks indices before anything is written; other devices report a wrong one later. */
  private void checkPlaces(Tensor index, long size) {
    if (index.device() != Device.CPU) {
      return;
    }
    for (long place : index.toLongArray()) {
      if (place < 0 || place >= size) {
        throw KernelErrors.index(name(), place, dim, size);
      }
    }
  }

  /** Returns a copy of a tensor that shares memory with another, which is about to be written. */
  private static Tensor apart(Tensor x, Tensor written) {
    return x.storage() == written.storage() ? x.detach().clone() : x;
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor index = ctx.saved(0);
    if (op == ScatterOp.SET || op == ScatterOp.ADD) {
      Tensor[] grads = new Tensor[3];
      if (ctx.needsInputGrad(0)) {
        grads[0] = op == ScatterOp.ADD ? gradOut : scatter(gradOut, dim, index, 0);
      }
      if (ctx.needsInputGrad(2)) {
        grads[2] = Gather.gather(gradOut, dim, index);
      }
      return grads;
    }
    Tensor x = ctx.saved(1);
    Tensor src = ctx.saved(2);
    return op == ScatterOp.MUL
        ? productGrad(gradOut, index, x, src, ctx.saved(3))
        : extremeGrad(gradOut, index, x, src, ctx.saved(3));
  }

  /**
   * Computes the gradient, shared by all that equal the extreme, by x too where it did not take
   * part.
   */
  private Tensor[] extremeGrad(Tensor g, Tensor index, Tensor x, Tensor src, Tensor result) {
    DType type = g.dtype();
    Tensor fromX = x.detach().eq(result.detach()).to(type);
    Tensor fromSrc = src.detach().eq(Gather.gather(result.detach(), dim, index)).to(type);
    Tensor shared = g.div(scatterAdd(fromX, dim, index, fromSrc));
    Tensor gradX = fromX.mul(shared);
    return new Tensor[] {
      includeSelf ? gradX : scatter(gradX, dim, index, 0),
      null,
      fromSrc.mul(Gather.gather(shared, dim, index))
    };
  }

  /** Returns the product of the others; where one factor is 0 it is left out to find that. */
  private Tensor[] productGrad(Tensor g, Tensor index, Tensor x, Tensor src, Tensor result) {
    DType type = g.dtype();
    Tensor xZero = x.detach().eq(0);
    Tensor xOne = Where.of(xZero, x.newOnes(type), x);
    Tensor gradX = g.mul(of("scatterReduce", ScatterOp.MUL, xOne, dim, index, src)).div(xOne);
    Tensor srcZero = src.detach().eq(0);
    Tensor zeros = x.newZeros(type, x.shape());
    Tensor counts = Gather.gather(scatterAdd(zeros, dim, index, srcZero.to(type)), dim, index);
    Tensor single = srcZero.mul(counts.eq(1));
    Tensor srcOne = Where.of(single, src.newOnes(type), src);
    Tensor others = of("scatterReduce", ScatterOp.MUL, x, dim, index, srcOne);
    Tensor whole =
        Gather.gather(g.mul(result), dim, index).div(Where.of(srcZero, src.newOnes(type), src));
    Tensor gradSrc = Where.of(single, Gather.gather(g.mul(others), dim, index), whole);
    return new Tensor[] {gradX, null, gradSrc};
  }
}
