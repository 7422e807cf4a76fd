package dev.bellows.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Random shapes and dimensions; tiny ones where {@link Rng#small()}. */
final class Shapes {
  private static final int LARGEST = 4096;
  private static final int LARGEST_SMALL = 12;

  private Shapes() {}

  /** 0 to 5 dimensions, some of size 0 or 1. */
  static long[] any(Rng r) {
    return of(r, 0, 5);
  }

  /** Returns a shape with the requested number of dimensions, some of size 0 or 1. */
  static long[] of(Rng r, int minDims, int maxDims) {
    long[] shape = nonEmpty(r, minDims, maxDims);
    if (shape.length > 0 && !r.small() && r.oneIn(12)) {
      shape[r.nextInt(shape.length)] = 0;
    }
    return shape;
  }

  /** Returns a shape with the requested number of dimensions, none of size 0. */
  static long[] nonEmpty(Rng r, int minDims, int maxDims) {
    int largest = r.small() ? LARGEST_SMALL : LARGEST;
    int dims = r.between(minDims, r.small() ? Math.max(minDims, Math.min(maxDims, 3)) : maxDims);
    long[] shape = new long[dims];
    do {
      for (int d = 0; d < dims; d++) {
        shape[d] = size(r);
      }
    } while (numel(shape) > largest);
    return shape;
  }

  /** One size of at least 1, now and then more than a vector register holds. */
  static int size(Rng r) {
    return r.small() ? r.between(1, 3) : r.oneIn(8) ? r.between(1, 40) : r.between(1, 6);
  }

  /** Two shapes that broadcast: leading dimensions left out, others set to 1. */
  static long[][] broadcastPair(Rng r) {
    return broadcast(r, 2);
  }

  /** Shapes that broadcast to one. */
  static long[][] broadcast(Rng r, int count) {
    long[] full = any(r);
    long[][] shapes = new long[count][];
    for (int i = 0; i < count; i++) {
      shapes[i] = broadcastTo(r, full);
    }
    return shapes;
  }

  /** A shape that broadcasts to the given one. */
  static long[] broadcastTo(Rng r, long... full) {
    int from = r.oneIn(3) ? r.nextInt(full.length + 1) : 0;
    long[] shape = Arrays.copyOfRange(full, from, full.length);
    for (int d = 0; d < shape.length; d++) {
      shape[d] = r.oneIn(4) ? 1 : shape[d];
    }
    return shape;
  }

  /** Another shape of as many elements: dimensions joined, split off as 1, or in another order. */
  static long[] sameNumel(Rng r, long... shape) {
    List<Long> sizes = new ArrayList<>(Arrays.stream(shape).boxed().toList());
    if (r.nextBoolean()) {
      sizes.add(r.nextInt(sizes.size() + 1), 1L);
    }
    if (sizes.size() > 1 && r.nextBoolean()) {
      int d = r.nextInt(sizes.size() - 1);
      sizes.set(d, sizes.get(d) * sizes.remove(d + 1));
    }
    if (r.oneIn(4)) {
      Collections.shuffle(sizes, r);
    }
    return sizes.stream().mapToLong(n -> n).toArray();
  }

  /** The shape with −1 for one size that can be worked out from the others, or as it is. */
  static long[] guessed(Rng r, long... shape) {
    boolean can = shape.length > 0 && numel(shape) > 0 && r.nextBoolean();
    return can ? with(shape, r.nextInt(shape.length), -1) : shape;
  }

  /** A dimension of the shape, counted from the front or from the back. */
  static int anyDim(Rng r, long... shape) {
    int n = Math.max(1, shape.length);
    return r.between(-n, n - 1);
  }

  /** One or more different dimensions in any order, counted from the front or from the back. */
  static int[] dims(Rng r, long... shape) {
    if (shape.length == 0) {
      return new int[0];
    }
    List<Integer> all = new ArrayList<>(IntStream.range(0, shape.length).boxed().toList());
    Collections.shuffle(all, r);
    return all.subList(0, r.between(1, shape.length)).stream()
        .mapToInt(d -> r.nextBoolean() ? d : d - shape.length)
        .toArray();
  }

  /** The order of the dimensions, shuffled. */
  static int[] order(Rng r, int dims) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, dims).boxed().toList());
    Collections.shuffle(all, r);
    return all.stream().mapToInt(d -> r.nextBoolean() ? d : d - dims).toArray();
  }

  /** The shape with one dimension of another size. */
  static long[] with(long[] shape, int dim, long size) {
    long[] changed = shape.clone();
    changed[dim < 0 ? dim + shape.length : dim] = size;
    return changed;
  }

  /** The shape with one dimension more at the front. */
  static long[] prepend(long first, long... rest) {
    long[] longer = new long[rest.length + 1];
    longer[0] = first;
    System.arraycopy(rest, 0, longer, 1, rest.length);
    return longer;
  }

  /** The size of a dimension counted from the front or the back; 1 where there are none. */
  static long size(int dim, long... shape) {
    return shape.length == 0 ? 1 : shape[dim < 0 ? dim + shape.length : dim];
  }

  /** The number of elements. */
  static int numel(long... shape) {
    long n = 1;
    for (long size : shape) {
      n *= size;
    }
    return Math.toIntExact(n);
  }

  /** Row-major strides. */
  static long[] strides(long... shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = step;
      step *= Math.max(1, shape[d]);
    }
    return strides;
  }
}
