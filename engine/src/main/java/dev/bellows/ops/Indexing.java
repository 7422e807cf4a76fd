package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Shapes;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Advanced indexing: one index tensor for each of some dimensions, broadcast together. Their common
 * shape takes the place of these dimensions where they are neighbours, and comes first where not.
 * Source: NumPy's advanced indexing, as PyTorch has it.
 */
public final class Indexing {
  private Indexing() {}

  /**
   * Copies the elements that indices name, one for each of the first dimensions; they are broadcast
   * together.
   *
   * @param indices INT64, INT32, INT16 or INT8, negative ones counting from the end; BOOL and UINT8
   *     are masks of one or more dimensions; null for all of a dimension
   * @throws IndexOutOfBoundsException if there are too many, or one names what is not there
   * @throws IllegalArgumentException if one is of another type, or they do not broadcast
   */
  public static Tensor index(Tensor self, List<Tensor> indices) {
    return Take.of(self, places(self, indices));
  }

  /**
   * Copies this with values put at, or added to, the elements that indices name; see {@link
   * Tensor#index}.
   *
   * @param values broadcast to the shape of the indexed elements
   * @throws IllegalArgumentException if values do not broadcast
   */
  public static Tensor indexPut(
      Tensor self, List<Tensor> indices, Tensor values, boolean accumulate) {
    Places places = places(self, indices);
    return Take.put(self, places, fitted(values, places, self), accumulate);
  }

  /**
   * Puts values at, or adds them to, the elements of this that indices name, and gives this back;
   * see {@link Tensor#indexPut}.
   */
  public static Tensor indexPut_(
      Tensor self, List<Tensor> indices, Tensor values, boolean accumulate) {
    return putInPlace("indexPut_", self, indices, values, accumulate);
  }

  /** Puts values at self[indices], or adds them, and returns self. */
  public static Tensor putInPlace(
      String name, Tensor self, List<Tensor> indices, Tensor values, boolean accumulate) {
    Places places = places(self, indices);
    return Take.putInPlace(name, self, places, fitted(values, places, self), accumulate);
  }

  private static Tensor fitted(Tensor values, Places places, Tensor x) {
    long[] target = places.outShape();
    Tensor v = values;
    while (v.dim() > target.length && v.size(0) == 1) {
      v = v.squeeze(0);
    }
    if (!Broadcasting.isExpandable(v.shape(), target)) {
      throw new IllegalArgumentException(
          message(
              "shape mismatch: value tensor of shape %s cannot be broadcast to indexing result of"
                  + " shape %s",
              values.shape(), target));
    }
    boolean number = v.dim() == 0 && v.device() == Device.CPU;
    return (number ? v.to(x.device(), x.dtype()) : v.to(x.dtype())).expand(target);
  }

  private static Places places(Tensor x, List<Tensor> given) {
    List<Tensor> indices = withoutMasks(x, given);
    int n = x.dim();
    int[] dims = new int[n];
    int count = 0;
    long[] common = {};
    for (int d = 0; d < indices.size(); d++) {
      if (indices.get(d) != null) {
        dims[count++] = d;
        common = broadcast(common, indices);
      }
    }
    boolean adjacent = count == 0 || dims[count - 1] - dims[0] == count - 1;
    int before = adjacent && count > 0 ? dims[0] : 0;
    long[] base = base(x, indices, Arrays.copyOf(dims, count), common);
    return spread(x, Arrays.copyOf(dims, count), before, base, common);
  }

  /** Masks made indices of the places where they are true. */
  private static List<Tensor> withoutMasks(Tensor x, List<Tensor> given) {
    List<Tensor> out = new ArrayList<>();
    for (Tensor index : given) {
      int d = out.size();
      if (index != null && index.device() != Device.CPU && !index.device().equals(x.device())) {
        throw new IllegalArgumentException(
            message(
                "index: indices should be either on cpu or on the same device as the indexed tensor"
                    + " (%s); got one on %s",
                x.device(), index.device()));
      }
      if (index == null) {
        out.add(null);
      } else if (index.dtype() == DType.BOOL || index.dtype() == DType.UINT8) {
        for (int k = 0; k < index.dim(); k++) {
          if (d + k >= x.dim() || x.size(d + k) != index.size(k)) {
            throw new IndexOutOfBoundsException(
                message(
                    "The shape of the mask %s at index %s does not match the shape of the indexed"
                        + " tensor %s at index %s",
                    index.shape(), k, x.shape(), d + k));
          }
        }
        out.addAll(Masks.nonzeroAsTuple(index));
      } else if (index.dtype() == DType.INT64 || index.dtype() == DType.INT32) {
        out.add(index);
      } else {
        throw new IllegalArgumentException(
            message(
                "tensors used as indices must be long, int, byte or bool tensors; got %s",
                index.dtype()));
      }
    }
    if (out.size() > x.dim()) {
      throw new IndexOutOfBoundsException(
          message("too many indices for tensor of dimension %s; got %s", x.dim(), out.size()));
    }
    return out;
  }

  private static long[] broadcast(long[] common, List<Tensor> indices) {
    long[] out = common;
    try {
      for (Tensor index : indices) {
        if (index != null) {
          out = Shapes.broadcast("index", out, index.shape());
        }
      }
      return out;
    } catch (IllegalArgumentException e) {
      throw new IndexOutOfBoundsException(
          message(
              "shape mismatch: indexing tensors could not be broadcast together with shapes %s",
              indices.stream()
                  .filter(i -> i != null)
                  .map(i -> Arrays.toString(i.shape()))
                  .toList()));
    }
  }

  /**
   * Returns, for each element of the common shape, the part of its number that the indices make.
   */
  private static long[] base(Tensor x, List<Tensor> indices, int[] dims, long[] common) {
    long[] strides = Shapes.contiguousStrides(x.shape());
    long[] base = new long[Math.toIntExact(Shapes.numel(common))];
    for (int d : dims) {
      long size = x.size(d);
      long[] values = indices.get(d).detach().expand(common).toLongArray();
      for (int i = 0; i < base.length; i++) {
        long place = values[i];
        if (place < -size || place >= size) {
          throw new IndexOutOfBoundsException(
              message("index %s is out of bounds for dimension %s with size %s", place, d, size));
        }
        base[i] += (place < 0 ? place + size : place) * strides[d];
      }
    }
    return base;
  }

  /** Goes over the dimensions without an index, around the common shape. */
  private static Places spread(Tensor x, int[] dims, int before, long[] base, long[] common) {
    long[] strides = Shapes.contiguousStrides(x.shape());
    boolean[] indexed = new boolean[x.dim()];
    for (int d : dims) {
      indexed[d] = true;
    }
    List<Long> sizes = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    int commonAt = -1;
    for (int d = 0; d < x.dim(); d++) {
      if (d == before && commonAt < 0) {
        commonAt = sizes.size();
      }
      if (!indexed[d]) {
        sizes.add(x.size(d));
        steps.add(strides[d]);
      }
    }
    commonAt = commonAt < 0 ? sizes.size() : commonAt;
    long[] outer = numbers(sizes.subList(0, commonAt), steps.subList(0, commonAt));
    long[] inner =
        numbers(sizes.subList(commonAt, sizes.size()), steps.subList(commonAt, steps.size()));
    long total =
        Math.multiplyExact(Math.multiplyExact(outer.length, (long) base.length), inner.length);
    long[] numbers = new long[Math.toIntExact(total)];
    int next = 0;
    for (long o : outer) {
      for (long b : base) {
        for (long i : inner) {
          numbers[next++] = o + b + i;
        }
      }
    }
    long[] out = new long[sizes.size() + common.length];
    for (int d = 0; d < out.length; d++) {
      out[d] =
          d < commonAt
              ? sizes.get(d)
              : d < commonAt + common.length ? common[d - commonAt] : sizes.get(d - common.length);
    }
    return new Places(x.shape(), numbers, out);
  }

  private static long[] numbers(List<Long> sizes, List<Long> steps) {
    long[] out = {0};
    for (int d = 0; d < sizes.size(); d++) {
      int size = Math.toIntExact(sizes.get(d));
      long[] longer = new long[Math.multiplyExact(out.length, size)];
      for (int i = 0; i < longer.length; i++) {
        longer[i] = out[i / size] + i % size * steps.get(d);
      }
      out = longer;
    }
    return out;
  }

  // ---- all dimensions as one

  /**
   * Copies elements by their row-major numbers; negative ones count from the end.
   *
   * @param index INT64, of any shape, which becomes the result's
   * @throws IndexOutOfBoundsException if one is outside
   */
  public static Tensor take(Tensor self, Tensor index) {
    return Take.of(self, flat("take", self, index));
  }

  /**
   * Copies this with the elements of source put at, or added to, row-major numbers; negative ones
   * count from the end.
   *
   * @param index INT64
   * @param source of this element type, with as many elements as index
   * @throws IndexOutOfBoundsException if one is outside
   */
  public static Tensor put(Tensor self, Tensor index, Tensor source, boolean accumulate) {
    Places places = flat("put", self, index);
    return Take.put(self, places, source(self, index, source), accumulate);
  }

  /**
   * Puts elements of source at, or adds them to, row-major numbers of this, and gives this back;
   * see {@link Tensor#put}.
   */
  public static Tensor put_(Tensor self, Tensor index, Tensor source, boolean accumulate) {
    Places places = flat("put_", self, index);
    return Take.putInPlace("put_", self, places, source(self, index, source), accumulate);
  }

  private static Tensor source(Tensor x, Tensor index, Tensor source) {
    if (source.numel() != index.numel() || source.dtype() != x.dtype()) {
      throw new IllegalArgumentException(
          message(
              "put_(): Expected source and index to have the same number of elements, and source"
                  + " self's dtype; got source %s%s, index %s, self %s",
              source.dtype(), source.shape(), index.shape(), x.dtype()));
    }
    return source.reshape(index.shape());
  }

  private static Places flat(String name, Tensor x, Tensor index) {
    if (index.dtype() != DType.INT64) {
      throw new IllegalArgumentException(
          message("%s(): Expected a long tensor for index, but got %s", name, index.dtype()));
    }
    SameDevice.check(name, x, index);
    long n = x.numel();
    long[] places = index.toLongArray();
    if (n == 0 && places.length > 0) {
      throw new IndexOutOfBoundsException(name + "(): tried to take from an empty tensor");
    }
    for (int i = 0; i < places.length; i++) {
      if (places[i] < -n || places[i] >= n) {
        throw new IndexOutOfBoundsException(
            message(
                "%s(): out of range: tried to access index %s on a tensor of %s elements.",
                name, places[i], n));
      }
      places[i] = places[i] < 0 ? places[i] + n : places[i];
    }
    return new Places(x.shape(), places, index.shape());
  }

  /**
   * Copies the elements where a mask is true, in row-major order, 1-d; this and the mask are
   * broadcast.
   *
   * @param mask BOOL
   */
  public static Tensor maskedSelect(Tensor self, Tensor mask) {
    Masks.require("maskedSelect", mask);
    SameDevice.check("maskedSelect", self, mask);
    long[] shape = Shapes.broadcast("maskedSelect", self.shape(), mask.shape());
    return Take.of(self.expand(shape), masked(mask.expand(shape)));
  }

  private static Places masked(Tensor mask) {
    boolean[] truth = mask.toBooleanArray();
    long[] numbers = new long[truth.length];
    int count = 0;
    for (int i = 0; i < truth.length; i++) {
      if (truth[i]) {
        numbers[count++] = i;
      }
    }
    return new Places(mask.shape(), Arrays.copyOf(numbers, count), new long[] {count});
  }

  /**
   * Copies this, broadcast with the mask, with the elements of source, one after the other, where
   * the mask is true.
   *
   * @param mask BOOL
   * @param source of this element type, with at least as many elements as the mask has trues
   */
  public static Tensor maskedScatter(Tensor self, Tensor mask, Tensor source) {
    checkMasked(self, mask, source);
    long[] shape = Shapes.broadcast("maskedScatter", self.shape(), mask.shape());
    Places places = masked(mask.expand(shape));
    return Take.put(self.expand(shape), places, first(source, places), false);
  }

  /** Overwrites this with {@link Tensor#maskedScatter(Tensor, Tensor)} and gives it back. */
  public static Tensor maskedScatter_(Tensor self, Tensor mask, Tensor source) {
    checkMasked(self, mask, source);
    if (!Broadcasting.isExpandable(mask.shape(), self.shape())) {
      throw new IllegalArgumentException(
          message(
              "maskedScatter_: output with shape %s doesn't match the broadcast shape %s",
              self.shape(), Shapes.broadcast("maskedScatter_", self.shape(), mask.shape())));
    }
    Places places = masked(mask.expand(self.shape()));
    return Take.putInPlace("maskedScatter_", self, places, first(source, places), false);
  }

  private static void checkMasked(Tensor self, Tensor mask, Tensor source) {
    Masks.require("maskedScatter", mask);
    SameDevice.check("maskedScatter", self, mask, source);
    if (source.dtype() != self.dtype()) {
      throw new IllegalArgumentException(
          message(
              "masked_scatter: expected self and source to have same dtypes but got %s and %s",
              self.dtype(), source.dtype()));
    }
  }

  /** Returns as many elements of source as there are places. */
  private static Tensor first(Tensor source, Places places) {
    long count = places.outShape()[0];
    if (source.numel() < count) {
      throw new IllegalArgumentException(
          message(
              "masked_scatter: number of elements of source < number of ones in mask; got %s < %s",
              source.numel(), count));
    }
    return source.reshape(source.numel()).narrow(0, 0, count);
  }
}
