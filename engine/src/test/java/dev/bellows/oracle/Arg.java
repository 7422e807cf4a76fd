package dev.bellows.oracle;

import dev.bellows.memory.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The content of a tensor argument of a sample. The default is uniform in [−2, 2) for floating
 * point, integers from −5 to 5 (0 to 5 for UINT8) for integer types, both values for BOOL.
 *
 * @param shape sizes of the argument
 * @param dtype its element type
 * @param domain what its elements are
 * @param low the least element where the domain has one
 * @param high the bound of its elements where the domain has one, not included
 * @param grad whether gradients flow to it where its type allows
 * @param numbersOnly whether it must have no NaN, infinities, extremes, nor whole numbers by chance
 */
record Arg(
    long[] shape,
    DType dtype,
    Domain domain,
    double low,
    double high,
    boolean grad,
    boolean numbersOnly) {

  /** The kind of elements of an argument. */
  enum Domain {
    UNIFORM,
    /** As UNIFORM, but never expanded: libtorch 2.10 scatters wrongly by an expanded index. */
    INDEX,
    DISTINCT,
    PERMUTATION,
    DOMINANT,
    POSITIVE_DEFINITE
  }

  static Arg of(DType dtype, long... shape) {
    boolean floating = dtype.isFloatingPoint();
    double low = floating ? -2 : dtype == DType.UINT8 ? 0 : -5;
    return new Arg(shape, dtype, Domain.UNIFORM, low, floating ? 2 : 6, true, false);
  }

  /** Arguments of one type, one for each shape. */
  static Arg[] of(DType dtype, long[]... shapes) {
    return Arrays.stream(shapes).map(shape -> of(dtype, shape)).toArray(Arg[]::new);
  }

  /** Two arguments that broadcast, now and then of two types. */
  static Arg[] pair(Rng r, OpInfo.Types types, DType dtype) {
    Arg[] args = of(dtype, Shapes.broadcastPair(r));
    if (!r.small() && r.oneIn(4)) {
      args[1] = of(types.any(r), args[1].shape);
    }
    return args;
  }

  /** An INT64 index into a dimension of the given size. */
  static Arg index(long size, long... shape) {
    return new Arg(shape, DType.INT64, Domain.INDEX, 0, Math.max(1, size), false, true);
  }

  /** An INT64 index that names no element of the dimension twice, for each line along it. */
  static Arg permutation(int dim, long size, long... shape) {
    int d = dim < 0 ? dim + shape.length : dim;
    return new Arg(shape, DType.INT64, Domain.PERMUTATION, d, size, false, true);
  }

  /** With elements in [from, to), of floating point and of other types. */
  Arg in(double from, double to) {
    return new Arg(shape, dtype, domain, from, to, grad, numbersOnly);
  }

  /** With floating point elements in [from, to); other types keep theirs. */
  Arg floatsIn(double from, double to) {
    return dtype.isFloatingPoint() ? in(from, to) : this;
  }

  /** All elements different from each other, if the type can hold so many. */
  Arg distinct() {
    return new Arg(shape, dtype, Domain.DISTINCT, low, high, grad, true);
  }

  /** Matrices (the last two dimensions) with a large diagonal, so that they can be inverted. */
  Arg dominant() {
    return new Arg(shape, dtype, Domain.DOMINANT, low, high, grad, true);
  }

  /** Symmetric positive definite matrices in the last two dimensions. */
  Arg positiveDefinite() {
    return new Arg(shape, dtype, Domain.POSITIVE_DEFINITE, low, high, grad, true);
  }

  /** Gets no gradient. */
  Arg noGrad() {
    return new Arg(shape, dtype, domain, low, high, false, numbersOnly);
  }

  /** Holds nothing but numbers from the inside of its range. */
  Arg plain() {
    return new Arg(shape, dtype, domain, low, high, grad, true);
  }

  boolean isDifferentiable() {
    return grad && dtype.isFloatingPoint();
  }

  /** Elements of the argument, row-major; special ones among them if asked for. */
  Values values(Rng r, Fill fill) {
    double[] values = new double[Shapes.numel(shape)];
    switch (domain) {
      case UNIFORM, INDEX -> uniform(r, values, fill);
      case DISTINCT -> distinct(r, values);
      case PERMUTATION -> permutation(r, values);
      case DOMINANT, POSITIVE_DEFINITE -> matrices(r, values);
    }
    if (dtype.isFloatingPoint()) {
      Arrays.setAll(values, i -> Values.round(dtype, values[i]));
      return Values.of(dtype, shape, values);
    }
    long[] longs = Arrays.stream(values).mapToLong(v -> dtype.wrap((long) v)).toArray();
    if (fill == Fill.SPECIAL && !numbersOnly) {
      Special.integers(r, dtype, longs);
    }
    return Values.of(dtype, shape, longs);
  }

  /** What else than numbers from the range an argument may hold. */
  enum Fill {
    /** Numbers without structure. */
    PLAIN,
    /** Multiples of a half, so that there are equal ones, zeros and whole numbers. */
    COARSE,
    /** Zeros of both signs, NaN, infinities and the largest and least numbers of the type. */
    SPECIAL,
    /** As SPECIAL, without the largest numbers, whose sums would depend on their order. */
    SPECIAL_NOT_LARGE,
    /** Where domains end, rules change and equals meet: few numbers, each often. */
    BORDER
  }

  private void uniform(Rng r, double[] values, Fill fill) {
    if (fill == Fill.BORDER && !numbersOnly && dtype.isFloatingPoint()) {
      Special.borders(r, values);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      double value = r.uniform(low, high);
      if (dtype == DType.BOOL) {
        value = r.nextInt(2);
      } else if (!dtype.isFloatingPoint()) {
        value = Math.floor(value);
      } else if (fill == Fill.COARSE && !numbersOnly) {
        double coarse = Math.rint(value * 2) / 2;
        value = coarse >= low && coarse < high ? coarse : value;
      } else {
        value = Math.min(Math.max(value, low), Math.nextDown(high));
      }
      values[i] = value;
    }
    if ((fill == Fill.SPECIAL || fill == Fill.SPECIAL_NOT_LARGE)
        && !numbersOnly
        && dtype.isFloatingPoint()) {
      Special.floats(r, dtype, fill == Fill.SPECIAL, values);
    }
  }

  private void distinct(Rng r, double... values) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, values.length).boxed().toList());
    Collections.shuffle(order, r);
    for (int i = 0; i < values.length; i++) {
      int k = dtype == DType.UINT8 ? order.get(i) : order.get(i) - values.length / 2;
      values[i] = dtype.isFloatingPoint() ? k * 0.25 : k;
    }
  }

  private void permutation(Rng r, double... values) {
    int dim = (int) low;
    int length = (int) shape[dim];
    long stride = Shapes.strides(shape)[dim];
    for (int i = 0; i < values.length; i++) {
      if (i / stride % length == 0) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, (int) high).boxed().toList());
        Collections.shuffle(order, r);
        for (int k = 0; k < length; k++) {
          values[i + k * (int) stride] = order.get(k);
        }
      }
    }
  }

  private void matrices(Rng r, double... values) {
    int n = (int) shape[shape.length - 1];
    int m = (int) shape[shape.length - 2];
    for (int start = 0; start < values.length; start += n * m) {
      double[] a = new double[n * m];
      Arrays.setAll(a, i -> r.uniform(-1, 1));
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double value = a[i * n + j];
          if (domain == Domain.POSITIVE_DEFINITE) {
            value = 0;
            for (int k = 0; k < n; k++) {
              value += a[i * n + k] * a[j * n + k];
            }
          }
          values[start + i * n + j] = value + (i == j ? n : 0);
        }
      }
    }
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }
}
