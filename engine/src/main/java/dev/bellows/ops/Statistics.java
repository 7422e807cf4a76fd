package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

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
          message(
              "%s(): could not infer output dtype. Input dtype must be a floating point; got %s",
              operation, x.dtype()));
    }
    return x;
  }

  private static double count(Tensor x, Tensor reduced) {
    return reduced.numel() == 0 ? 1 : (double) x.numel() / reduced.numel();
  }

  /**
   * Computes the mean over dimensions, all if none are named; kept as size 1 if {@code keepDim},
   * else removed. FLOAT16 and BFLOAT16 are averaged in FLOAT32.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor mean(Tensor self, int[] dims, boolean keepDim) {
    requireFloating("mean", self);
    return wide(
        self,
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

  /**
   * Computes the sum of the elements that are not NaN over dimensions, all if none are named; kept
   * as size 1 if {@code keepDim}, else removed. Integers and BOOL are summed in INT64.
   */
  public static Tensor nansum(Tensor self, int[] dims, boolean keepDim) {
    return Reduce.of(ReduceOp.SUM, zeroNan(self), keepDim, dims);
  }

  /**
   * Computes the mean of the elements that are not NaN over dimensions, all if none are named; kept
   * as size 1 if {@code keepDim}, else removed. NaN where there are none.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor nanmean(Tensor self, int[] dims, boolean keepDim) {
    requireFloating("nanmean", self);
    return wide(
        self,
        y -> {
          Tensor count = Reduce.of(ReduceOp.SUM, notNan(y), keepDim, dims);
          return nansum(y, dims, keepDim).div(count);
        });
  }

  /**
   * Computes the variance over dimensions, all if none are named; kept as size 1 if {@code
   * keepDim}, else removed. Unbiased: divides by n − 1.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor var(Tensor self, int[] dims, boolean keepDim) {
    return var(self, dims, 1, keepDim);
  }

  /**
   * Computes the variance over dimensions, all if none are named; kept as size 1 if {@code
   * keepDim}, else removed.
   *
   * @param correction subtracted from the number of elements n in the divisor; 0 for the
   *     population's
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor var(Tensor self, int[] dims, Number correction, boolean keepDim) {
    floating("std and var", self);
    return wide(self, y -> Variance.of(y, dims, correction.doubleValue(), keepDim));
  }

  private static void floating(String operation, Tensor x) {
    if (!x.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message("%s only support floating point dtypes; got %s", operation, x.dtype()));
    }
  }

  /**
   * Computes the standard deviation over dimensions, all if none are named; kept as size 1 if
   * {@code keepDim}, else removed. Unbiased: divides by n − 1.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor std(Tensor self, int[] dims, boolean keepDim) {
    return std(self, dims, 1, keepDim);
  }

  /**
   * Computes the standard deviation over dimensions, all if none are named; kept as size 1 if
   * {@code keepDim}, else removed.
   *
   * @param correction subtracted from the number of elements n in the divisor; 0 for the
   *     population's
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor std(Tensor self, int[] dims, Number correction, boolean keepDim) {
    floating("std and var", self);
    return wide(self, y -> Root.OP.apply(var(y, dims, correction, keepDim)));
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

  /**
   * Computes the logarithm of the sum of exponentials over dimensions, all if none are named; kept
   * as size 1 if {@code keepDim}, else removed. Computed without overflow; integers as FLOAT32.
   */
  public static Tensor logSumExp(Tensor self, int[] dims, boolean keepDim) {
    Tensor real = self.to(Types.floating(self.dtype()));
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

  /**
   * Computes the norm of order p, (Σ |x|ᵖ)¹ᐟᵖ, over dimensions, all if none are named; kept as size
   * 1 if {@code keepDim}, else removed.
   *
   * @param p 0 counts the elements that are not 0; ±∞ takes the largest or smallest absolute value
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor norm(Tensor self, double p, int[] dims, boolean keepDim) {
    floating("norm(): input", self);
    return wide(self, y -> Norm.of(y, p, dims, keepDim));
  }

  /**
   * Computes the Euclidean norm √Σ x² of all elements.
   *
   * @throws IllegalArgumentException if this is not floating point
   */
  public static Tensor norm(Tensor self) {
    return norm(self, 2, new int[0], false);
  }

  /**
   * Computes the norm of order p of the difference of this and another tensor, broadcast; see
   * {@link Tensor#norm(double, int[], boolean)}.
   */
  public static Tensor dist(Tensor self, Tensor other, double p) {
    return norm(self.sub(other), p, new int[0], false);
  }

  /**
   * Returns the number (INT64) of elements that are not 0, over dimensions, which are removed; all
   * if none are named.
   */
  public static Tensor countNonzero(Tensor self, int... dims) {
    return Reduce.of(ReduceOp.SUM, self.detach().ne(0), false, dims);
  }

  /** Computes the product of all elements; integers and BOOL are multiplied in INT64. */
  public static Tensor prod(Tensor self) {
    return product(self, null, false);
  }

  /**
   * Computes the product along one dimension, kept as size 1 if {@code keepDim}, else removed;
   * integers and BOOL are multiplied in INT64.
   */
  public static Tensor prod(Tensor self, int dim, @Default("false") boolean keepDim) {
    return product(self, dim, keepDim);
  }

  /** Computes the product over one dimension, or all if dim is null. */
  private static Tensor product(Tensor self, Integer dim, boolean keepDim) {
    Tensor in = self.dtype().isFloatingPoint() ? self : self.to(DType.INT64);
    return dim == null
        ? Reduce.of(ReduceOp.PROD, in, keepDim)
        : Reduce.of(ReduceOp.PROD, in, keepDim, dim);
  }

  /**
   * Computes the median of all elements; NaN if there is one: the lower one of two in the middle.
   */
  public static Tensor median(Tensor self) {
    return middle(View.ravel(self), 0, false, false).values();
  }

  /**
   * Computes the median along a dimension; NaN if there is one: the lower one of two in the middle,
   * and its place (INT64). The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public static ValuesAndIndices median(Tensor self, int dim, @Default("false") boolean keepDim) {
    return middle(self, dim, keepDim, false);
  }

  /**
   * Computes the median of all elements, without those that are NaN: the lower one of two in the
   * middle.
   */
  public static Tensor nanmedian(Tensor self) {
    return middle(View.ravel(self), 0, false, true).values();
  }

  /**
   * Computes the median along a dimension, without those that are NaN: the lower one of two in the
   * middle, and its place (INT64). The dimension is kept as size 1 if {@code keepDim}, else
   * removed.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public static ValuesAndIndices nanmedian(
      Tensor self, int dim, @Default("false") boolean keepDim) {
    return middle(self, dim, keepDim, true);
  }

  /** Returns the lower of the middle elements; NaN if there is one. */
  private static ValuesAndIndices middle(Tensor self, int dim, boolean keepDim, boolean ignoreNan) {
    String name = ignoreNan ? "nanmedian" : "median";
    Accepted.check(name, self.dtype());
    int d = Dims.wrap(name, dim, self.dim());
    if (self.dim() == 0) {
      return Sorting.at(self, 0, self.newZeros(DType.INT64));
    }
    long n = self.size(d);
    if (n == 0) {
      throw new IllegalArgumentException(
          message(
              "%s(): Expected reduction dim %s to have non-zero size; got %s",
              name, d, self.shape()));
    }
    Tensor order = Sorting.argsort(self.detach(), d, false);
    if (!self.dtype().isFloatingPoint()) {
      return Sorting.at(self, d, order.narrow(d, (n - 1) / 2, 1), keepDim);
    }
    Tensor numbers = Reduce.of(ReduceOp.SUM, notNan(self), true, d);
    Tensor middle = numbers.sub(1).div(2, RoundingMode.TRUNC);
    if (!ignoreNan) { // sorted, the first NaN comes after all numbers
      middle = Tensor.where(numbers.lt(n), numbers, middle);
    }
    Tensor place = Gather.gather(order, d, middle.maximum(0).minimum(n - 1));
    return Sorting.at(self, d, place, keepDim);
  }

  /**
   * Computes the quantile of all elements, linear between neighbours; NaN if there is one. See
   * {@link Tensor#quantile(Tensor, int, boolean, Interpolation)}.
   */
  public static Tensor quantile(Tensor self, double q) {
    Tensor one = Tensor.scalar(q, self.dtype());
    return quantile(View.ravel(self), one, 0, false, Interpolation.LINEAR);
  }

  /**
   * Quantiles (NaN where an element is) along a dimension, which is kept as size 1 if {@code
   * keepDim}, else removed.
   *
   * @param q [] or [m] in [0, 1], of this element type; m becomes the first dimension
   * @param interpolation what is taken between two elements
   * @throws IllegalArgumentException if this is empty or neither FLOAT32 nor FLOAT64, or q does not
   *     fit
   */
  public static Tensor quantile(
      Tensor self, Tensor q, int dim, boolean keepDim, Interpolation interpolation) {
    return quantiles(self, q, dim, keepDim, interpolation, false);
  }

  /**
   * Quantiles of the elements that are not NaN along a dimension, which is kept as size 1 if {@code
   * keepDim}, else removed.
   *
   * @param q [] or [m] in [0, 1], of this element type; m becomes the first dimension
   * @param interpolation what is taken between two elements
   * @throws IllegalArgumentException if this is empty or neither FLOAT32 nor FLOAT64, or q does not
   *     fit
   */
  public static Tensor nanquantile(
      Tensor self, Tensor q, int dim, boolean keepDim, Interpolation interpolation) {
    return quantiles(self, q, dim, keepDim, interpolation, true);
  }

  private static Tensor quantiles(
      Tensor self, Tensor q, int dim, boolean keepDim, Interpolation how, boolean ignoreNan) {
    String name = ignoreNan ? "nanquantile" : "quantile";
    checkQuantile(name, self, q);
    int d = Dims.wrap(name, dim, self.dim());
    Tensor lanes = self.dim() == 0 ? self.reshape(1) : self;
    long n = lanes.size(d);
    Tensor sorted = Sorting.sort(lanes, d, false).values();
    long m = q.numel();
    long[] shape = lanes.shape();
    shape[d] = 1;
    Tensor numbers = Reduce.of(ReduceOp.SUM, notNan(lanes), true, d);
    double[] points = q.toDoubleArray();
    Tensor[] each = new Tensor[(int) m];
    for (int i = 0; i < m; i++) {
      each[i] = oneQuantile(sorted, numbers, points[i], d, n, how, ignoreNan, self.dtype());
      each[i] = keepDim || self.dim() == 0 ? each[i] : each[i].squeeze(d);
      each[i] = self.dim() == 0 ? each[i].reshape() : each[i];
    }
    return q.dim() == 0 ? each[0] : Joining.stack(Arrays.asList(each), 0);
  }

  private static void checkQuantile(String name, Tensor x, Tensor q) {
    if (x.numel() == 0) {
      throw new IllegalArgumentException(name + "() input tensor must be non-empty");
    }
    if (x.dtype() != DType.FLOAT32 && x.dtype() != DType.FLOAT64) {
      throw new IllegalArgumentException(
          message(
              "%s() input tensor must be either float or double dtype; got %s", name, x.dtype()));
    }
    if (q.dtype() != x.dtype() || q.dim() > 1) {
      throw new IllegalArgumentException(
          message(
              "%s() q tensor must be same dtype as the input tensor, and a scalar or 1D; got %s%s"
                  + " for %s",
              name, q.dtype(), q.shape(), x.dtype()));
    }
    for (double value : q.toDoubleArray()) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException(
            message("%s() q must be in the range [0, 1] but got %s", name, value));
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
    Tensor lower = Gather.gather(sorted, d, Tensor.of(low, shape).to(sorted.device()));
    if (how != Interpolation.LINEAR && how != Interpolation.MIDPOINT) {
      return lower;
    }
    Tensor upper = Gather.gather(sorted, d, Tensor.of(high, shape).to(sorted.device()));
    return between(lower, upper, Tensor.of(weight, shape).to(sorted.device(), type));
  }

  /** Interpolates from the nearer end, so that both ends are exact. */
  private static Tensor between(Tensor lower, Tensor upper, Tensor weight) {
    Tensor distance = upper.sub(lower);
    Tensor fromLower = lower.add(distance.mul(weight));
    Tensor fromUpper = upper.sub(distance.mul(weight.neg().add(1)));
    return Tensor.where(weight.lt(0.5), fromLower, fromUpper);
  }

  /** Computes q · last as the element type computes it. */
  private static double rank(double q, double last, DType type) {
    return type == DType.FLOAT32 ? (float) q * (float) last : q * last;
  }
}
