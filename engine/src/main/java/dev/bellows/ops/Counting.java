package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.UniqueResult;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Results whose size or values are found by counting, on the host; none has a gradient. */
public final class Counting {
  private Counting() {}

  /**
   * Returns the elements of any type as longs that are equal, and in order, as the elements are.
   */
  private static long[] keys(Tensor x) {
    if (!x.dtype().isFloatingPoint()) {
      return x.toLongArray();
    }
    double[] values = x.toDoubleArray();
    long[] keys = new long[values.length];
    for (int i = 0; i < keys.length; i++) {
      long bits = Double.doubleToLongBits(values[i] + 0.0);
      keys[i] = bits < 0 ? ~(bits & Long.MAX_VALUE) : bits;
    }
    return keys;
  }

  private static boolean isNan(Tensor x, long key) {
    return x.dtype().isFloatingPoint() && key == Double.doubleToLongBits(Double.NaN);
  }

  /** Returns the distinct elements; sorted, or as they follow each other if {@code consecutive}. */
  private static UniqueResult distinct(Tensor self, boolean consecutive) {
    Tensor x = self.detach();
    Tensor flat = x.reshape(x.numel());
    long[] keys = keys(flat);
    long[] order =
        consecutive
            ? Tensor.arange(keys.length).toLongArray()
            : Sorting.argsort(flat, 0, false).toLongArray();
    long[] inverse = new long[keys.length];
    List<Long> first = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < keys.length; i++) {
      int at = (int) order[i];
      boolean same = i > 0 && keys[at] == keys[(int) order[i - 1]] && !isNan(flat, keys[at]);
      if (!same) {
        first.add((long) at);
        counts.add(0L);
      }
      int group = first.size() - 1;
      counts.set(group, counts.get(group) + 1);
      inverse[at] = group;
    }
    Tensor places = longs(first, x);
    return new UniqueResult(
        NotDerived.of(
            consecutive ? "uniqueConsecutive" : "unique", flat.indexSelect(0, places), self),
        Tensor.of(inverse, x.shape()).to(x.device()),
        longs(counts, x));
  }

  /** Returns INT64 [n], on the device of {@code like}. */
  private static Tensor longs(List<Long> list, Tensor like) {
    return Tensor.of(list.stream().mapToLong(Long::longValue).toArray()).to(like.device());
  }

  /**
   * Returns the distinct elements in ascending order; for each element its place among them, and
   * how often each occurs.
   */
  public static UniqueResult unique(Tensor self) {
    return distinct(self, false);
  }

  /**
   * Returns the elements that differ from the one before, in row-major order; for each element its
   * place among them, and how long each run is.
   */
  public static UniqueResult uniqueConsecutive(Tensor self) {
    return distinct(self, true);
  }

  /**
   * Returns the distinct slices of a dimension, in lexicographic order of their elements; for each
   * slice its place among them, and how often each occurs.
   */
  public static UniqueResult unique(Tensor self, int dim) {
    Tensor x = self.detach();
    int d = Dims.wrap("unique", dim, x.dim());
    if (x.dim() == 0) {
      return distinct(self.reshape(1), false);
    }
    int n = Math.toIntExact(x.size(d));
    Tensor rows = x.movedim(d, 0).contiguous();
    long[] keys = keys(rows);
    int width = n == 0 ? 0 : keys.length / n;
    if (n > 0 && width == 0) {
      throw new IllegalArgumentException(
          message(
              "unique: There are 0 sized dimensions, and they aren't selected, so unique cannot be"
                  + " applied; got %s",
              x.shape()));
    }
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) ->
            Arrays.compare(keys, a * width, (a + 1) * width, keys, b * width, (b + 1) * width));
    long[] inverse = new long[n];
    List<Long> first = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int at = order[i];
      int before = i == 0 ? at : order[i - 1];
      boolean same =
          i > 0
              && Arrays.equals(
                  keys, at * width, (at + 1) * width, keys, before * width, (before + 1) * width);
      if (!same) {
        first.add((long) at);
        counts.add(0L);
      }
      int group = first.size() - 1;
      counts.set(group, counts.get(group) + 1);
      inverse[at] = group;
    }
    return new UniqueResult(
        NotDerived.of("unique", x.indexSelect(d, longs(first, x)), self),
        Tensor.of(inverse).to(x.device()),
        longs(counts, x));
  }

  /**
   * Returns the most frequent element along a dimension, the smallest of equally frequent ones, and
   * an index (INT64) of it. The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public static ValuesAndIndices mode(Tensor self, int dim, @Default("false") boolean keepDim) {
    int d = Dims.wrap("mode", dim, self.dim());
    if (self.dim() == 0) {
      return Sorting.at(self, 0, self.newZeros(DType.INT64));
    }
    int n = Math.toIntExact(self.size(d));
    if (n == 0) {
      throw new IllegalArgumentException(
          message(
              "mode(): Expected reduction dim %s to have non-zero size; got %s", d, self.shape()));
    }
    Tensor order = Sorting.argsort(self.detach(), d, false).movedim(d, -1);
    long[] places = order.toLongArray();
    long[] keys = keys(Gather.gather(self.detach().movedim(d, -1), -1, order));
    long[] shape = self.shape();
    shape[d] = 1;
    long[] winners = new long[places.length / n];
    for (int lane = 0; lane < winners.length; lane++) {
      winners[lane] = mostFrequent(keys, places, lane * n, n);
    }
    long[] moved = order.shape();
    moved[moved.length - 1] = 1;
    Tensor place = Tensor.of(winners, moved).to(self.device()).movedim(-1, d).contiguous();
    return Sorting.at(self, d, place, keepDim);
  }

  private static long mostFrequent(long[] keys, long[] places, int start, int n) {
    int best = 0;
    int bestRun = 0;
    int run = 0;
    for (int i = 0; i < n; i++) {
      run = i > 0 && keys[start + i] == keys[start + i - 1] ? run + 1 : 1;
      if (run > bestRun) {
        bestRun = run;
        best = i;
      }
    }
    return places[start + best];
  }

  /**
   * Counts (INT64) how often each whole number from 0 to the largest occurs; see {@link
   * Tensor#bincount(Tensor, long)}.
   */
  public static Tensor bincount(Tensor self) {
    return bincount(self, null, 0);
  }

  /**
   * Computes the sum of the weights of each whole number from 0 to at least {@code minLength} − 1.
   *
   * @param weights one for each element; null for 1 each
   * @throws IllegalArgumentException if this is not 1-d or not of non-negative integers, or weights
   *     differ in length
   */
  public static Tensor bincount(Tensor self, Tensor weights, long minLength) {
    if (self.dim() != 1 && self.numel() > 0 || !self.dtype().isIntegral()) {
      throw new IllegalArgumentException(
          message(
              "bincount only supports 1-d non-negative integral inputs; got %s%s",
              self.dtype(), self.shape()));
    }
    if (minLength < 0) {
      throw new IllegalArgumentException("minlength should be >= 0; got " + minLength);
    }
    if (weights != null && weights.numel() != self.numel()) {
      throw new IllegalArgumentException(
          message(
              "bincount: weights should be 1-d and have the same length as input; got %s for %s",
              weights.shape(), self.shape()));
    }
    long length = minLength;
    for (long place : self.toLongArray()) {
      if (place < 0 || place == Long.MAX_VALUE) {
        throw new IllegalArgumentException(
            "bincount only supports 1-d non-negative integral inputs; got " + place);
      }
      length = Math.max(length, place + 1);
    }
    Tensor places = self.to(DType.INT64);
    if (weights == null || self.numel() == 0) {
      Tensor one = self.newOnes(DType.INT64, self.numel());
      return self.newZeros(DType.INT64, length).scatterAdd(0, places.reshape(self.numel()), one);
    }
    Tensor wide = weights.detach().to(DType.FLOAT64).reshape(self.numel());
    Tensor sums = self.newZeros(DType.FLOAT64, length).scatterAdd(0, places, wide);
    return sums.to(weights.dtype() == DType.FLOAT32 ? DType.FLOAT32 : DType.FLOAT64);
  }

  /**
   * Returns the number of elements in each of {@code bins} equal parts of [min, max]; if both are
   * equal, of the range of the elements.
   *
   * @throws IllegalArgumentException if {@code bins} is below 1
   * @throws UnsupportedOperationException if this is not floating point
   */
  public static Tensor histc(Tensor self, int bins, double min, double max) {
    if (bins <= 0) {
      throw new IllegalArgumentException("bins must be > 0, but got " + bins);
    }
    if (!self.dtype().isFloatingPoint()) {
      throw new UnsupportedOperationException(
          "histogram: not implemented for " + self.dtype() + "; use a floating point type");
    }
    double[] values = self.detach().toDoubleArray();
    double low = min;
    double high = max;
    if (low == high && values.length > 0) {
      low = Arrays.stream(values).min().orElse(0);
      high = Arrays.stream(values).max().orElse(0);
    }
    if (low == high) {
      low -= 1;
      high += 1;
    }
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      throw new IllegalArgumentException(
          message("histc: range of [%s, %s] is not finite", low, high));
    }
    if (low > high) {
      throw new IllegalArgumentException(
          message("histc: max must be larger than min; got [%s, %s]", low, high));
    }
    Tensor counts = Tensor.zeros(DType.INT64, bins);
    long address = counts.strided().address();
    for (double value : values) {
      if (value >= low && value <= high) {
        long at = address + 8 * Math.min(bins - 1, bin(self.dtype(), value, low, high, bins));
        Memory.putLong(at, Memory.getLong(at) + 1);
      }
    }
    try (counts) {
      return counts.to(self.device(), self.dtype());
    }
  }

  /** Computes in the arithmetic of the type, which says where an element at an edge belongs. */
  private static long bin(DType type, double value, double low, double high, int bins) {
    return type == DType.FLOAT64
        ? (long) ((value - low) / (high - low) * bins)
        : (long) (((float) value - (float) low) / ((float) high - (float) low) * bins);
  }
}
