package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Copies with elements repeated or in another order, and several tensors made one. */
public final class Joining {
  private Joining() {}

  /**
   * Copies this {@code times[d]} times along each dimension.
   *
   * @param times one for each dimension; leading ones add dimensions
   * @throws IllegalArgumentException if there are fewer than dimensions, or one is negative
   */
  public static Tensor repeat(Tensor self, long... times) {
    int extra = times.length - self.dim();
    if (extra < 0) {
      throw new IllegalArgumentException(
          message(
              "repeat: Number of dimensions of repeat dims can not be smaller than number of"
                  + " dimensions of tensor; got %s for shape %s",
              times, self.shape()));
    }
    long[] apart = new long[2 * times.length];
    long[] wide = new long[2 * times.length];
    long[] out = new long[times.length];
    for (int d = 0; d < times.length; d++) {
      if (times[d] < 0) {
        throw new IllegalArgumentException(
            message("repeat: Trying to create tensor with negative dimension; got %s", times));
      }
      long size = d < extra ? 1 : self.size(d - extra);
      apart[2 * d] = 1;
      apart[2 * d + 1] = size;
      wide[2 * d] = times[d];
      wide[2 * d + 1] = size;
      out[d] = Dims.times("repeat", times[d], size);
    }
    Dims.numel("repeat", out);
    return self.reshape(apart).expand(wide).clone().reshape(out);
  }

  /**
   * Copies this so many times along each dimension, as {@link Tensor#repeat}; missing leading
   * counts are 1.
   */
  public static Tensor tile(Tensor self, long... times) {
    int missing = Math.max(0, self.dim() - times.length);
    long[] all = new long[times.length + missing];
    Arrays.fill(all, 0, missing, 1);
    System.arraycopy(times, 0, all, missing, times.length);
    return repeat(self, all);
  }

  /**
   * Copies this with the order of some dimensions reversed.
   *
   * @throws IllegalArgumentException if a dimension is named twice
   */
  public static Tensor flip(Tensor self, int... dims) {
    boolean[] named = new boolean[Math.max(1, self.dim())];
    Tensor out = self;
    for (int dim : dims) {
      int d = Dims.wrap("flip", dim, self.dim());
      if (named[d]) {
        throw new IllegalArgumentException(
            "flip: dim " + d + " appears multiple times in the list of dims");
      }
      named[d] = true;
      if (self.dim() > 0) {
        out = out.indexSelect(d, downFrom(self.size(d)).to(self.device()));
      }
    }
    return out == self ? self.clone() : out;
  }

  /**
   * Copies this with columns in reverse order.
   *
   * @throws IllegalArgumentException if there are fewer than 2 dimensions
   */
  public static Tensor fliplr(Tensor self) {
    return flipSides(self, "fliplr", 1);
  }

  /**
   * Copies this with rows in reverse order.
   *
   * @throws IllegalArgumentException if there are no dimensions
   */
  public static Tensor flipud(Tensor self) {
    return flipSides(self, "flipud", 0);
  }

  private static Tensor downFrom(long n) {
    long[] places = new long[Math.toIntExact(n)];
    for (int i = 0; i < n; i++) {
      places[i] = n - 1 - i;
    }
    return Tensor.of(places);
  }

  /** {@link #flip} of one dimension of at least a matrix. */
  static Tensor flipSides(Tensor x, String name, int dim) {
    if (x.dim() <= dim) {
      throw new IllegalArgumentException(
          message("Input must be >= %s-d; %s got %s-d", dim + 1, name, x.dim()));
    }
    return flip(x, dim);
  }

  /**
   * Copies this with all elements shifted in row-major order; those shifted beyond the end come in
   * at the start.
   */
  public static Tensor roll(Tensor self, long shift) {
    return roll(View.ravel(self), new long[] {shift}, new int[] {0}).view(self.shape());
  }

  /**
   * Copies this with elements shifted along dimensions; those shifted beyond the end come in at the
   * start.
   *
   * @throws IllegalArgumentException if shifts and dimensions differ in number
   */
  public static Tensor roll(Tensor self, long[] shifts, int[] dims) {
    if (shifts.length != dims.length || dims.length == 0) {
      throw new IllegalArgumentException(
          message(
              "roll: shifts and dimensions must align. shifts: %s, dims:%s",
              shifts.length, dims.length));
    }
    Tensor out = self;
    for (int i = 0; i < dims.length; i++) {
      int d = Dims.wrapExisting("roll", dims[i], self.dim());
      long n = self.size(d);
      long shift = n == 0 ? 0 : Math.floorMod(shifts[i], n);
      if (shift != 0) {
        Tensor tail = out.narrow(d, n - shift, shift);
        out = Cat.of(List.of(tail, out.narrow(d, 0, n - shift)), d);
      }
    }
    return out == self ? self.clone() : out;
  }

  /**
   * Copies this rotated {@code k} times by 90 degrees in the plane of two dimensions, from {@code
   * dim0} towards {@code dim1}.
   *
   * @throws IllegalArgumentException if both dimensions are the same, or there are fewer than 2
   */
  public static Tensor rot90(Tensor self, long k, int dim0, int dim1) {
    if (self.dim() < 2) {
      throw new IllegalArgumentException(
          "rot90: expected total dims >= 2, but got total dims = " + self.dim());
    }
    int a = Dims.wrap("rot90", dim0, self.dim());
    int b = Dims.wrap("rot90", dim1, self.dim());
    if (a == b) {
      throw new IllegalArgumentException(
          message(
              "rot90: expected rotation dims to be different, but got dim0 = %s and dim1 = %s",
              dim0, dim1));
    }
    return switch ((int) Math.floorMod(k, 4L)) {
      case 1 -> flip(self, b).transpose(a, b);
      case 2 -> flip(self, a, b);
      case 3 -> flip(self, a).transpose(a, b);
      default -> self.clone();
    };
  }

  /** Returns the type that tensors of several types are joined in. */
  static DType commonType(List<Tensor> tensors) {
    DType type = null;
    boolean sized = tensors.stream().anyMatch(t -> t.dim() > 0);
    for (Tensor t : tensors) {
      if (t.dim() > 0 || !sized) {
        type = type == null ? t.dtype() : Types.promote(type, t.dtype());
      }
    }
    for (Tensor t : tensors) {
      if (t.dim() == 0 && sized) {
        type = Types.promote(Tensor.empty(type, 0), t);
      }
    }
    return type;
  }

  /** Joins tensors along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return Cat.of(unsqueezed(tensors, dim), dim);
  }

  /** Writes {@link #stack} to a tensor. */
  public static Tensor stackOut(Tensor out, List<Tensor> tensors, int dim) {
    return Cat.into("stack", out, unsqueezed(tensors, dim), dim);
  }

  private static List<Tensor> unsqueezed(List<Tensor> tensors, int dim) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("stack expects a non-empty TensorList");
    }
    long[] shape = tensors.get(0).shape();
    for (int i = 1; i < tensors.size(); i++) {
      if (!Arrays.equals(shape, tensors.get(i).shape())) {
        throw new IllegalArgumentException(
            message(
                "stack expects each tensor to be equal size, but got %s at entry 0 and %s at entry"
                    + " %s",
                shape, tensors.get(i).shape(), i));
      }
    }
    return tensors.stream().map(t -> t.unsqueeze(dim)).toList();
  }

  /** Joins tensors side by side: along columns, or along the only dimension. */
  public static Tensor hstack(List<Tensor> tensors) {
    List<Tensor> all = atLeast("hstack", tensors, 1);
    return Cat.of(all, all.get(0).dim() == 1 ? 0 : 1);
  }

  /** Joins tensors one below the other. */
  public static Tensor vstack(List<Tensor> tensors) {
    return Cat.of(atLeast("vstack", tensors, 2), 0);
  }

  /** Joins tensors along the third dimension. */
  public static Tensor dstack(List<Tensor> tensors) {
    return Cat.of(atLeast("dstack", tensors, 3), 2);
  }

  private static List<Tensor> atLeast(String name, List<Tensor> tensors, int dims) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException(name + " expects a non-empty TensorList");
    }
    List<Tensor> out = new ArrayList<>();
    for (Tensor t : tensors) {
      Tensor each = t.dim() == 0 ? t.reshape(1) : t;
      if (dims >= 2 && each.dim() == 1) {
        each = each.unsqueeze(0);
      }
      if (dims == 3 && each.dim() == 2) {
        each = each.unsqueeze(2);
      }
      out.add(each);
    }
    return out;
  }

  /** Returns all tensors expanded to their common shape. */
  public static List<Tensor> broadcast(List<Tensor> tensors) {
    long[] shape = {};
    for (Tensor t : tensors) {
      shape = Shapes.broadcast("broadcastTensors", shape, t.shape());
    }
    List<Tensor> out = new ArrayList<>();
    for (Tensor t : tensors) {
      out.add(t.expand(shape));
    }
    return out;
  }

  /**
   * Computes the coordinates of a grid: tensor i varies along dimension i.
   *
   * @param xy whether the first two dimensions are exchanged, as for images
   */
  public static List<Tensor> meshgrid(List<Tensor> tensors, boolean xy) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("meshgrid expects a non-empty TensorList");
    }
    int n = tensors.size();
    boolean swap = xy && n > 1;
    long[] sizes = new long[n];
    for (int i = 0; i < n; i++) {
      Tensor t = tensors.get(i);
      if (t.dim() > 1) {
        throw new IllegalArgumentException(
            message(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got shape %s",
                t.shape()));
      }
      if (t.dtype() != tensors.get(0).dtype()) {
        throw new IllegalArgumentException(
            message(
                "torch.meshgrid expects all tensors to have the same dtype; got %s, %s",
                tensors.get(0).dtype(), t.dtype()));
      }
      sizes[place(i, swap)] = t.numel();
    }
    Dims.numel("meshgrid", sizes);
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      long[] shape = new long[n];
      Arrays.fill(shape, 1);
      shape[place(i, swap)] = tensors.get(i).numel();
      out.add(tensors.get(i).reshape(shape).expand(sizes));
    }
    return out;
  }

  private static int place(int i, boolean swap) {
    return swap && i < 2 ? 1 - i : i;
  }
}
