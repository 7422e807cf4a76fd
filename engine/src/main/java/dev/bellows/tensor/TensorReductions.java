package dev.bellows.tensor;

import dev.bellows.backend.ReduceOp;
import dev.bellows.memory.DType;
import dev.bellows.ops.ArgExtremum;
import dev.bellows.ops.Counting;
import dev.bellows.ops.Reduce;
import dev.bellows.ops.Scan;
import dev.bellows.ops.Softmax;
import dev.bellows.ops.Sorting;
import dev.bellows.ops.Statistics;

/**
 * Functions that make fewer elements, or put them in another order. A reduction comes as {@code
 * sum()} of all, {@code sum(dim)}, {@code sum(dim, keepDim)}, {@code sum(dim0, dim1, …)} and {@code
 * sum(dims, keepDim)} with an array.
 */
abstract sealed class TensorReductions extends TensorMath permits TensorIndexing {
  private Tensor self() {
    return (Tensor) this;
  }

  // ---- sums and means

  /** Sum (of whole numbers in INT64) of all elements. */
  public final Tensor sum() {
    return Reduce.of(ReduceOp.SUM, self(), false, new int[0]);
  }

  /** Sum (of whole numbers in INT64) along a dimension. */
  public final Tensor sum(int dim) {
    return sum(dim, false);
  }

  /** Sum (of whole numbers in INT64) along a dimension, kept as size 1 or dropped. */
  public final Tensor sum(int dim, boolean keepDim) {
    return Reduce.of(ReduceOp.SUM, self(), keepDim, new int[] {dim});
  }

  /** Sum (of whole numbers in INT64) over dimensions, all if none are named. */
  public final Tensor sum(int... dims) {
    return sum(dims, false);
  }

  /**
   * Sum (of whole numbers in INT64) over dimensions, all if none are named, kept as size 1 or
   * dropped.
   */
  public final Tensor sum(int[] dims, boolean keepDim) {
    return Reduce.of(ReduceOp.SUM, self(), keepDim, dims);
  }

  /** Sum over dimensions, all if none are named, of the elements converted to a type. */
  public final Tensor sum(int[] dims, boolean keepDim, DType dtype) {
    return self().to(dtype).sum(dims, keepDim);
  }

  /** Sum of what is not NaN of all elements. */
  public final Tensor nansum() {
    return Statistics.nansum(self(), new int[0], false);
  }

  /** Sum of what is not NaN along a dimension. */
  public final Tensor nansum(int dim) {
    return nansum(dim, false);
  }

  /** Sum of what is not NaN along a dimension, kept as size 1 or dropped. */
  public final Tensor nansum(int dim, boolean keepDim) {
    return Statistics.nansum(self(), new int[] {dim}, keepDim);
  }

  /** Sum of what is not NaN over dimensions, all if none are named. */
  public final Tensor nansum(int... dims) {
    return nansum(dims, false);
  }

  /** Sum of what is not NaN over dimensions, all if none are named, kept as size 1 or dropped. */
  public final Tensor nansum(int[] dims, boolean keepDim) {
    return Statistics.nansum(self(), dims, keepDim);
  }

  /** Mean (floating point only) of all elements. */
  public final Tensor mean() {
    return Statistics.mean(self(), new int[0], false);
  }

  /** Mean (floating point only) along a dimension. */
  public final Tensor mean(int dim) {
    return mean(dim, false);
  }

  /** Mean (floating point only) along a dimension, kept as size 1 or dropped. */
  public final Tensor mean(int dim, boolean keepDim) {
    return Statistics.mean(self(), new int[] {dim}, keepDim);
  }

  /** Mean (floating point only) over dimensions, all if none are named. */
  public final Tensor mean(int... dims) {
    return mean(dims, false);
  }

  /**
   * Mean (floating point only) over dimensions, all if none are named, kept as size 1 or dropped.
   */
  public final Tensor mean(int[] dims, boolean keepDim) {
    return Statistics.mean(self(), dims, keepDim);
  }

  /** Mean of what is not NaN of all elements. */
  public final Tensor nanmean() {
    return Statistics.nanmean(self(), new int[0], false);
  }

  /** Mean of what is not NaN along a dimension. */
  public final Tensor nanmean(int dim) {
    return nanmean(dim, false);
  }

  /** Mean of what is not NaN along a dimension, kept as size 1 or dropped. */
  public final Tensor nanmean(int dim, boolean keepDim) {
    return Statistics.nanmean(self(), new int[] {dim}, keepDim);
  }

  /** Mean of what is not NaN over dimensions, all if none are named. */
  public final Tensor nanmean(int... dims) {
    return nanmean(dims, false);
  }

  /** Mean of what is not NaN over dimensions, all if none are named, kept as size 1 or dropped. */
  public final Tensor nanmean(int[] dims, boolean keepDim) {
    return Statistics.nanmean(self(), dims, keepDim);
  }

  /** Product of all elements (of whole numbers in INT64). */
  public final Tensor prod() {
    return Statistics.prod(self(), null, false);
  }

  /** Product along a dimension. */
  public final Tensor prod(int dim) {
    return prod(dim, false);
  }

  /** Product along a dimension, kept as size 1 or dropped. */
  public final Tensor prod(int dim, boolean keepDim) {
    return Statistics.prod(self(), dim, keepDim);
  }

  /** Variance of all elements, with n − 1 for n. */
  public final Tensor var() {
    return var(new int[0], 1, false);
  }

  /** Variance along a dimension, with n − 1 for n. */
  public final Tensor var(int dim) {
    return var(new int[] {dim}, 1, false);
  }

  /** Variance along a dimension, with n − 1 for n, kept as size 1 or dropped. */
  public final Tensor var(int dim, boolean keepDim) {
    return var(new int[] {dim}, 1, keepDim);
  }

  /** Variance over dimensions, all if none are named, with n − 1 for n. */
  public final Tensor var(int... dims) {
    return var(dims, 1, false);
  }

  /**
   * Variance over dimensions, all if none are named.
   *
   * @param correction what is subtracted from n; 0 for the population's
   */
  public final Tensor var(int[] dims, Number correction, boolean keepDim) {
    return Statistics.var(self(), dims, correction, keepDim);
  }

  /** Standard deviation of all elements, with n − 1 for n. */
  public final Tensor std() {
    return std(new int[0], 1, false);
  }

  /** Standard deviation along a dimension, with n − 1 for n. */
  public final Tensor std(int dim) {
    return std(new int[] {dim}, 1, false);
  }

  /** Standard deviation along a dimension, with n − 1 for n, kept as size 1 or dropped. */
  public final Tensor std(int dim, boolean keepDim) {
    return std(new int[] {dim}, 1, keepDim);
  }

  /** Standard deviation over dimensions, all if none are named, with n − 1 for n. */
  public final Tensor std(int... dims) {
    return std(dims, 1, false);
  }

  /**
   * Standard deviation over dimensions, all if none are named.
   *
   * @param correction what is subtracted from n; 0 for the population's
   */
  public final Tensor std(int[] dims, Number correction, boolean keepDim) {
    return Statistics.std(self(), dims, correction, keepDim);
  }

  // ---- extremes

  /** Largest of all elements. */
  public final Tensor amax() {
    return Reduce.of(ReduceOp.MAX, self(), false, new int[0]);
  }

  /** Largest along a dimension. */
  public final Tensor amax(int dim) {
    return amax(dim, false);
  }

  /** Largest along a dimension, kept as size 1 or dropped. */
  public final Tensor amax(int dim, boolean keepDim) {
    return Reduce.of(ReduceOp.MAX, self(), keepDim, new int[] {dim});
  }

  /** Largest over dimensions, all if none are named. */
  public final Tensor amax(int... dims) {
    return amax(dims, false);
  }

  /** Largest over dimensions, all if none are named, kept as size 1 or dropped. */
  public final Tensor amax(int[] dims, boolean keepDim) {
    return Reduce.of(ReduceOp.MAX, self(), keepDim, dims);
  }

  /** Smallest of all elements. */
  public final Tensor amin() {
    return Reduce.of(ReduceOp.MIN, self(), false, new int[0]);
  }

  /** Smallest along a dimension. */
  public final Tensor amin(int dim) {
    return amin(dim, false);
  }

  /** Smallest along a dimension, kept as size 1 or dropped. */
  public final Tensor amin(int dim, boolean keepDim) {
    return Reduce.of(ReduceOp.MIN, self(), keepDim, new int[] {dim});
  }

  /** Smallest over dimensions, all if none are named. */
  public final Tensor amin(int... dims) {
    return amin(dims, false);
  }

  /** Smallest over dimensions, all if none are named, kept as size 1 or dropped. */
  public final Tensor amin(int[] dims, boolean keepDim) {
    return Reduce.of(ReduceOp.MIN, self(), keepDim, dims);
  }

  /** Largest of all elements; the gradient is shared by equals, or by those that are NaN. */
  public final Tensor max() {
    return Reduce.extreme(true, self());
  }

  /** Largest along a dimension, and the place of the first. */
  public final ValuesAndIndices max(int dim) {
    return max(dim, false);
  }

  /** Largest along a dimension, and the place of the first; kept as size 1 or dropped. */
  public final ValuesAndIndices max(int dim, boolean keepDim) {
    return Sorting.extreme(true, self(), dim, keepDim);
  }

  /** Place of the largest of all elements in row-major order, the first of equals. */
  public final Tensor argmax() {
    return ArgExtremum.of(true, self().reshape(self().numel()), 0, false);
  }

  /** Place of the largest along a dimension, the first of equals. */
  public final Tensor argmax(int dim) {
    return argmax(dim, false);
  }

  /** Place of the largest along a dimension, the first of equals. */
  public final Tensor argmax(int dim, boolean keepDim) {
    return ArgExtremum.of(true, self(), dim, keepDim);
  }

  /** Smallest of all elements; the gradient is shared by equals, or by those that are NaN. */
  public final Tensor min() {
    return Reduce.extreme(false, self());
  }

  /** Smallest along a dimension, and the place of the first. */
  public final ValuesAndIndices min(int dim) {
    return min(dim, false);
  }

  /** Smallest along a dimension, and the place of the first; kept as size 1 or dropped. */
  public final ValuesAndIndices min(int dim, boolean keepDim) {
    return Sorting.extreme(false, self(), dim, keepDim);
  }

  /** Place of the smallest of all elements in row-major order, the first of equals. */
  public final Tensor argmin() {
    return ArgExtremum.of(false, self().reshape(self().numel()), 0, false);
  }

  /** Place of the smallest along a dimension, the first of equals. */
  public final Tensor argmin(int dim) {
    return argmin(dim, false);
  }

  /** Place of the smallest along a dimension, the first of equals. */
  public final Tensor argmin(int dim, boolean keepDim) {
    return ArgExtremum.of(false, self(), dim, keepDim);
  }

  // ---- norms and logic

  /** √Σ x² of all elements. */
  public final Tensor norm() {
    return norm(2);
  }

  /** (Σ |x|ᵖ)¹ᐟᵖ of all elements. */
  public final Tensor norm(double p) {
    return Statistics.norm(self(), p, new int[0], false);
  }

  /** (Σ |x|ᵖ)¹ᐟᵖ over dimensions, all if none are named. */
  public final Tensor norm(double p, int... dims) {
    return norm(p, dims, false);
  }

  /** (Σ |x|ᵖ)¹ᐟᵖ along a dimension. */
  public final Tensor norm(double p, int dim, boolean keepDim) {
    return Statistics.norm(self(), p, new int[] {dim}, keepDim);
  }

  /** (Σ |x|ᵖ)¹ᐟᵖ over dimensions; p = 0 counts what is not 0, ±∞ take the extreme. */
  public final Tensor norm(double p, int[] dims, boolean keepDim) {
    return Statistics.norm(self(), p, dims, keepDim);
  }

  /** Norm of the difference. */
  public final Tensor dist(Tensor other, double p) {
    return self().sub(other).norm(p);
  }

  /** log Σ eˣ of all elements, without overflow. */
  public final Tensor logSumExp() {
    return Statistics.logSumExp(self(), new int[0], false);
  }

  /** log Σ eˣ without overflow along a dimension. */
  public final Tensor logSumExp(int dim) {
    return logSumExp(dim, false);
  }

  /** log Σ eˣ without overflow along a dimension, kept as size 1 or dropped. */
  public final Tensor logSumExp(int dim, boolean keepDim) {
    return Statistics.logSumExp(self(), new int[] {dim}, keepDim);
  }

  /** log Σ eˣ without overflow over dimensions, all if none are named. */
  public final Tensor logSumExp(int... dims) {
    return logSumExp(dims, false);
  }

  /**
   * log Σ eˣ without overflow over dimensions, all if none are named, kept as size 1 or dropped.
   */
  public final Tensor logSumExp(int[] dims, boolean keepDim) {
    return Statistics.logSumExp(self(), dims, keepDim);
  }

  /** BOOL (UINT8 of UINT8): whether none is 0, of all elements. */
  public final Tensor all() {
    return Reduce.of(ReduceOp.ALL, self(), false, new int[0]);
  }

  /** BOOL (UINT8 of UINT8): whether none is 0, along a dimension. */
  public final Tensor all(int dim) {
    return all(dim, false);
  }

  /** BOOL (UINT8 of UINT8): whether none is 0, along a dimension, kept as size 1 or dropped. */
  public final Tensor all(int dim, boolean keepDim) {
    return Reduce.of(ReduceOp.ALL, self(), keepDim, new int[] {dim});
  }

  /** BOOL (UINT8 of UINT8): whether none is 0, over dimensions, all if none are named. */
  public final Tensor all(int... dims) {
    return all(dims, false);
  }

  /**
   * BOOL (UINT8 of UINT8): whether none is 0, over dimensions, all if none are named, kept as size
   * 1 or dropped.
   */
  public final Tensor all(int[] dims, boolean keepDim) {
    return Reduce.of(ReduceOp.ALL, self(), keepDim, dims);
  }

  /** BOOL (UINT8 of UINT8): whether some are not 0, of all elements. */
  public final Tensor any() {
    return Reduce.of(ReduceOp.ANY, self(), false, new int[0]);
  }

  /** BOOL (UINT8 of UINT8): whether some are not 0, along a dimension. */
  public final Tensor any(int dim) {
    return any(dim, false);
  }

  /**
   * BOOL (UINT8 of UINT8): whether some are not 0, along a dimension, kept as size 1 or dropped.
   */
  public final Tensor any(int dim, boolean keepDim) {
    return Reduce.of(ReduceOp.ANY, self(), keepDim, new int[] {dim});
  }

  /** BOOL (UINT8 of UINT8): whether some are not 0, over dimensions, all if none are named. */
  public final Tensor any(int... dims) {
    return any(dims, false);
  }

  /**
   * BOOL (UINT8 of UINT8): whether some are not 0, over dimensions, all if none are named, kept as
   * size 1 or dropped.
   */
  public final Tensor any(int[] dims, boolean keepDim) {
    return Reduce.of(ReduceOp.ANY, self(), keepDim, dims);
  }

  /** INT64: how many elements are not 0, over dimensions, all if none are named. */
  public final Tensor countNonzero(int... dims) {
    return Statistics.countNonzero(self(), dims);
  }

  /** eˣ / Σ eˣ along a dimension. */
  public final Tensor softmax(int dim) {
    return Softmax.of(self(), dim, false);
  }

  /** Logarithm of {@link #softmax}, computed without overflow. */
  public final Tensor logSoftmax(int dim) {
    return Softmax.of(self(), dim, true);
  }

  // ---- running results

  /** Running sum along a dimension (of whole numbers in INT64). */
  public final Tensor cumsum(int dim) {
    return Scan.sum(self(), dim, false);
  }

  /** This = its running sum. */
  public final Tensor cumsum_(int dim) {
    return overwrite("cumsum_", x -> x.cumsum(dim));
  }

  /** Running product along a dimension (of whole numbers in INT64). */
  public final Tensor cumprod(int dim) {
    return Scan.prod(self(), dim);
  }

  /** This = its running product. */
  public final Tensor cumprod_(int dim) {
    return overwrite("cumprod_", x -> x.cumprod(dim));
  }

  /** Logarithm of the running sum of exponentials along a dimension. */
  public final Tensor logCumSumExp(int dim) {
    return Scan.logSumExp(self(), dim, false);
  }

  /** Running maximum along a dimension, and the place of the last of equals. */
  public final ValuesAndIndices cummax(int dim) {
    return Sorting.cumulative(true, self(), dim);
  }

  /** Running minimum along a dimension, and the place of the last of equals. */
  public final ValuesAndIndices cummin(int dim) {
    return Sorting.cumulative(false, self(), dim);
  }

  /** Differences of neighbours along a dimension, {@code n} times. */
  public final Tensor diff(int n, int dim) {
    return Sorting.diff(self(), n, dim);
  }

  // ---- order

  /** Sorted along a dimension, and where the elements were; equals keep their order. */
  public final ValuesAndIndices sort(int dim) {
    return sort(dim, false);
  }

  /** Sorted along a dimension, and where the elements were; equals keep their order. */
  public final ValuesAndIndices sort(int dim, boolean descending) {
    return Sorting.sort(self(), dim, descending);
  }

  /** Sorted along the first dimension. */
  public final Tensor msort() {
    return Sorting.sort(self(), 0, false).values();
  }

  /** Places in the order that sorts; equals keep their order, NaN is the largest. */
  public final Tensor argsort(int dim) {
    return argsort(dim, false);
  }

  /** Places in the order that sorts; equals keep their order, NaN is the largest. */
  public final Tensor argsort(int dim, boolean descending) {
    return Sorting.argSort(self(), dim, descending);
  }

  /** The k largest of the last dimension, the largest first. */
  public final ValuesAndIndices topk(long k) {
    return topk(k, -1, true);
  }

  /** The k largest, or smallest, along a dimension, the best first. */
  public final ValuesAndIndices topk(long k, int dim, boolean largest) {
    return Sorting.topk(self(), k, dim, largest);
  }

  /** The k-th smallest (from 1) along a dimension, and its place. */
  public final ValuesAndIndices kthvalue(long k, int dim, boolean keepDim) {
    return Sorting.kthvalue(self(), k, dim, keepDim);
  }

  /** The middle of all elements, the lower one of two; NaN if there is one. */
  public final Tensor median() {
    return Statistics.median(self().reshape(self().numel()), 0, false, false).values();
  }

  /** The middle along a dimension, the lower one of two, and its place; NaN if there is one. */
  public final ValuesAndIndices median(int dim, boolean keepDim) {
    return Statistics.median(self(), dim, keepDim, false);
  }

  /** The middle of all elements that are not NaN. */
  public final Tensor nanmedian() {
    return Statistics.median(self().reshape(self().numel()), 0, false, true).values();
  }

  /** The middle of what is not NaN along a dimension, and its place. */
  public final ValuesAndIndices nanmedian(int dim, boolean keepDim) {
    return Statistics.median(self(), dim, keepDim, true);
  }

  /** The most frequent element along a dimension, the smallest of several, and a place of it. */
  public final ValuesAndIndices mode(int dim, boolean keepDim) {
    return Counting.mode(self(), dim, keepDim);
  }

  /** The q-th quantile of all elements, linear between neighbours. */
  public final Tensor quantile(double q) {
    Tensor flat = self().reshape(self().numel());
    return flat.quantile(Tensor.scalar(q, self().dtype()), 0, false, Interpolation.LINEAR);
  }

  /**
   * Quantiles along a dimension; NaN where there is one.
   *
   * @param q [] or [m] in [0, 1], of this type; m becomes the first dimension
   */
  public final Tensor quantile(Tensor q, int dim, boolean keepDim, Interpolation interpolation) {
    return Statistics.quantile(self(), q, dim, keepDim, interpolation, false);
  }

  /** As {@link #quantile(Tensor, int, boolean, Interpolation)}, of what is not NaN. */
  public final Tensor nanquantile(Tensor q, int dim, boolean keepDim, Interpolation interpolation) {
    return Statistics.quantile(self(), q, dim, keepDim, interpolation, true);
  }

  /** Places (INT64) of values in this sorted tensor: before equals. */
  public final Tensor searchsorted(Tensor values) {
    return searchsorted(values, false);
  }

  /**
   * Places (INT64) of values in the last dimension of this sorted tensor: before, or after equals.
   */
  public final Tensor searchsorted(Tensor values, boolean right) {
    return Sorting.searchSorted(self(), values, right);
  }

  /** Numbers (INT64) of the intervals between sorted 1-d boundaries that elements are in. */
  public final Tensor bucketize(Tensor boundaries, boolean right) {
    return Sorting.searchSorted(boundaries, self(), right);
  }

  // ---- counting

  /** The different elements in order, where each element went, and how often each occurs. */
  public final UniqueResult unique() {
    return Counting.unique(self(), false);
  }

  /** The different slices of a dimension in order. */
  public final UniqueResult unique(int dim) {
    return Counting.unique(self(), dim);
  }

  /** Elements that differ from the one before. */
  public final UniqueResult uniqueConsecutive() {
    return Counting.unique(self(), true);
  }

  /** How often each whole number from 0 on occurs. */
  public final Tensor bincount() {
    return Counting.bincount(self(), null, 0);
  }

  /** Sums of weights (null: 1 each) for each whole number from 0 to at least minLength − 1. */
  public final Tensor bincount(Tensor weights, long minLength) {
    return Counting.bincount(self(), weights, minLength);
  }

  /** How many elements are in each of {@code bins} equal parts of [min, max]; equal: of all. */
  public final Tensor histc(int bins, double min, double max) {
    return Counting.histc(self(), bins, min, max);
  }

  /** BOOL: whether each element is one of the others. */
  public final Tensor isin(Tensor others) {
    return Sorting.isin(self(), others);
  }
}
