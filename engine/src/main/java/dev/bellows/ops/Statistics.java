package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.ReduceOp;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Interpolation;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Reductions made of others. Halves are computed as FLOAT32 and rounded once. */
public final class Statistics {
  private Statistics() {}

  private static Tensor wide(Tensor x, UnaryOperator<Tensor> f) {
    return x.dtype().isHalf() ? f.apply(x.to(DType.FLOAT32)).to(x.dtype()) : f.apply(x);
  }

  static Tensor requireFloating(String operation, Tensor x) {
    if (!x.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          operation
              + "(): could not infer output dtype. Input dtype must be a floating point; got "
              + x.dtype());
    }
    return x;
  }

  private static double count(Tensor x, Tensor reduced) {
    return reduced.numel() == 0 ? 1 : (double) x.numel() / reduced.numel();
  }

  /** Mean over dimensions, all if none. */
  public static Tensor mean(Tensor x, int[] dims, boolean keepDim) {
    requireFloating("mean", x);
    return wide(
        x,
        y -> {
          try (Tensor sum = Reduce.of(ReduceOp.SUM, y, keepDim, dims)) {
            return y.numel() == 0 ? sum.add(Double.NaN) : sum.div(count(y, sum));
          }
        });
  }

  private static Tensor notNan(Tensor x) {
    return x.detach().eq(x.detach());
  }

  private static Tensor zeroNan(Tensor x) {
    return x.dtype().isFloatingPoint() ? ZeroNan.OP.apply(x) : x;
  }

  /** x, and 0 where it is NaN; g ↦ g times 1 and 0. */
  private static final class ZeroNan extends EngineFunction {
    private static final ZeroNan OP = new ZeroNan();

    @Override
    public String name() {
      return "nansum";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Tensor numbers = notNan(in[0]);
      ctx.saveForBackward(numbers);
      return new Tensor[] {Tensor.where(numbers, in[0], Tensor.zerosLike(in[0]))};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor gradOut = gradOutputs[0];
      return new Tensor[] {gradOut.mul(ctx.saved(0).to(gradOut.dtype()))};
    }
  }

  /** Sum of what is not NaN. */
  public static Tensor nansum(Tensor x, int[] dims, boolean keepDim) {
    return Reduce.of(ReduceOp.SUM, zeroNan(x), keepDim, dims);
  }

  /** Mean of what is not NaN. */
  public static Tensor nanmean(Tensor x, int[] dims, boolean keepDim) {
    requireFloating("nanmean", x);
    return wide(
        x,
        y -> {
          Tensor count = Reduce.of(ReduceOp.SUM, notNan(y), keepDim, dims);
          return nansum(y, dims, keepDim).div(count);
        });
  }

  /** Mean of squared distances from the mean, with n − correction for n. */
  public static Tensor var(Tensor x, int[] dims, Number correction, boolean keepDim) {
    floating("std and var", x);
    return wide(x, y -> Variance.of(y, dims, correction.doubleValue(), keepDim));
  }

  private static void floating(String operation, Tensor x) {
    if (!x.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          operation + " only support floating point dtypes; got " + x.dtype());
    }
  }

  /** √ of {@link #var}. */
  public static Tensor std(Tensor x, int[] dims, Number correction, boolean keepDim) {
    floating("std and var", x);
    return wide(x, y -> Root.OP.apply(var(y, dims, correction, keepDim)));
  }

  /** √x whose slope at 0 counts as 0. */
  private static final class Root extends EngineFunction {
    private static final Root OP = new Root();

    @Override
    public String name() {
      return "std";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Tensor y = in[0].sqrt();
      ctx.saveForBackward(y);
      return new Tensor[] {y};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor gradOut = gradOutputs[0];
      Tensor y = ctx.saved(0);
      Tensor zero = y.eq(0);
      Tensor g = Tensor.where(zero, Tensor.zerosLike(gradOut), gradOut);
      return new Tensor[] {g.div(Tensor.where(zero, Tensor.onesLike(y), y.mul(2)))};
    }
  }

  /** log Σ eˣ, without overflow. */
  public static Tensor logSumExp(Tensor x, int[] dims, boolean keepDim) {
    Tensor real = x.to(Types.floating(x.dtype()));
    return wide(
        real,
        y -> {
          if (y.numel() == 0) {
            return Reduce.of(ReduceOp.SUM, y, keepDim, dims).add(Double.NEGATIVE_INFINITY);
          }
          Tensor largest = Reduce.of(ReduceOp.MAX, y.detach(), true, dims);
          Tensor infinite = largest.abs().eq(Double.POSITIVE_INFINITY);
          Tensor shift = Tensor.where(infinite, Tensor.zerosLike(largest), largest);
          Tensor logs = Reduce.of(ReduceOp.SUM, y.sub(shift).exp(), true, dims).log().add(shift);
          return keepDim ? logs : logs.reshape(Dims.dropped("logSumExp", y.shape(), dims));
        });
  }

  /** (Σ |x|ᵖ)¹ᐟᵖ; p may be 0 (how many are not 0) or infinite (the largest, the smallest). */
  public static Tensor norm(Tensor x, double p, int[] dims, boolean keepDim) {
    floating("norm(): input", x);
    return wide(x, y -> Norm.of(y, p, dims, keepDim));
  }

  /** How many are not 0. */
  public static Tensor countNonzero(Tensor x, int[] dims) {
    return Reduce.of(ReduceOp.SUM, x.detach().ne(0), false, dims);
  }

  /** Product over one dimension, or all if dim is null. */
  public static Tensor prod(Tensor x, Integer dim, boolean keepDim) {
    Tensor in = x.dtype().isFloatingPoint() ? x : x.to(DType.INT64);
    return dim == null
        ? Reduce.of(ReduceOp.PROD, in, keepDim)
        : Reduce.of(ReduceOp.PROD, in, keepDim, dim);
  }

  /** The lower of the middle elements; NaN if there is one. */
  public static ValuesAndIndices median(Tensor x, int dim, boolean keepDim, boolean ignoreNan) {
    String name = ignoreNan ? "nanmedian" : "median";
    Accepted.check(name, x.dtype());
    int d = Dims.wrap(name, dim, x.dim());
    if (x.dim() == 0) {
      return Sorting.at(x, 0, x.newZeros(DType.INT64));
    }
    long n = x.size(d);
    if (n == 0) {
      throw new IllegalArgumentException(
          name
              + "(): Expected reduction dim "
              + d
              + " to have non-zero size; got "
              + Arrays.toString(x.shape()));
    }
    Tensor order = Sorting.argSort(x.detach(), d, false);
    if (!x.dtype().isFloatingPoint()) {
      return Sorting.at(x, d, order.narrow(d, (n - 1) / 2, 1), keepDim);
    }
    Tensor numbers = Reduce.of(ReduceOp.SUM, notNan(x), true, d);
    Tensor middle = numbers.sub(1).div(2, RoundingMode.TRUNC);
    if (!ignoreNan) { // sorted, the first NaN comes after all numbers
      middle = Tensor.where(numbers.lt(n), numbers, middle);
    }
    Tensor place = Gather.of(order, d, middle.maximum(0).minimum(n - 1));
    return Sorting.at(x, d, place, keepDim);
  }

  /**
   * The q-th quantiles along a dimension.
   *
   * @param q [] or [m], in [0, 1], of x's type; m becomes the first dimension
   */
  public static Tensor quantile(
      Tensor x, Tensor q, int dim, boolean keepDim, Interpolation how, boolean ignoreNan) {
    String name = ignoreNan ? "nanquantile" : "quantile";
    checkQuantile(name, x, q);
    int d = Dims.wrap(name, dim, x.dim());
    Tensor lanes = x.dim() == 0 ? x.reshape(1) : x;
    long n = lanes.size(d);
    Tensor sorted = Sorting.sort(lanes, d, false).values();
    long m = q.numel();
    long[] shape = lanes.shape();
    shape[d] = 1;
    Tensor numbers = Reduce.of(ReduceOp.SUM, notNan(lanes), true, d);
    double[] points = q.toDoubleArray();
    Tensor[] each = new Tensor[(int) m];
    for (int i = 0; i < m; i++) {
      each[i] = oneQuantile(sorted, numbers, points[i], d, n, how, ignoreNan, x.dtype());
      each[i] = keepDim || x.dim() == 0 ? each[i] : each[i].squeeze(d);
      each[i] = x.dim() == 0 ? each[i].reshape() : each[i];
    }
    return q.dim() == 0 ? each[0] : Joining.stack(Arrays.asList(each), 0);
  }

  private static void checkQuantile(String name, Tensor x, Tensor q) {
    if (x.numel() == 0) {
      throw new IllegalArgumentException(name + "() input tensor must be non-empty");
    }
    if (x.dtype() != DType.FLOAT32 && x.dtype() != DType.FLOAT64) {
      throw new IllegalArgumentException(
          name + "() input tensor must be either float or double dtype; got " + x.dtype());
    }
    if (q.dtype() != x.dtype() || q.dim() > 1) {
      throw new IllegalArgumentException(
          name
              + "() q tensor must be same dtype as the input tensor, and a scalar or 1D; got "
              + q.dtype()
              + Arrays.toString(q.shape())
              + " for "
              + x.dtype());
    }
    for (double value : q.toDoubleArray()) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException(
            name + "() q must be in the range [0, 1] but got " + value);
      }
    }
  }

  private static Tensor oneQuantile(
      Tensor sorted,
      Tensor numbers,
      double q,
      int d,
      long n,
      Interpolation how,
      boolean ignoreNan,
      DType type) {
    double[] have = numbers.toDoubleArray();
    long[] low = new long[have.length];
    long[] high = new long[have.length];
    double[] weight = new double[have.length];
    for (int i = 0; i < have.length; i++) {
      boolean nan = have[i] < n;
      double last = ignoreNan ? Math.max(0, have[i] - 1) : n - 1;
      double at = nan && !ignoreNan ? n - 1 : rank(q, last, type);
      at =
          switch (how) {
            case LOWER -> Math.floor(at);
            case HIGHER -> Math.ceil(at);
            case NEAREST -> Math.rint(at);
            default -> at;
          };
      low[i] = (long) Math.floor(at);
      high[i] = (long) Math.ceil(at);
      weight[i] = how == Interpolation.MIDPOINT ? 0.5 : at - low[i];
    }
    long[] shape = numbers.shape();
    Tensor lower = Gather.of(sorted, d, Tensor.of(low, shape).to(sorted.device()));
    if (how != Interpolation.LINEAR && how != Interpolation.MIDPOINT) {
      return lower;
    }
    Tensor upper = Gather.of(sorted, d, Tensor.of(high, shape).to(sorted.device()));
    return between(lower, upper, Tensor.of(weight, shape).to(sorted.device(), type));
  }

  /** From the nearer end, so that both ends are exact. */
  private static Tensor between(Tensor lower, Tensor upper, Tensor weight) {
    Tensor distance = upper.sub(lower);
    Tensor fromLower = lower.add(distance.mul(weight));
    Tensor fromUpper = upper.sub(distance.mul(weight.neg().add(1)));
    return Tensor.where(weight.lt(0.5), fromLower, fromUpper);
  }

  /** q · last as the element type computes it. */
  private static double rank(double q, double last, DType type) {
    return type == DType.FLOAT32 ? (float) q * (float) last : q * last;
  }
}
