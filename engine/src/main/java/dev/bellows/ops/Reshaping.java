package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Shapes for views of the same elements in the same order. */
public final class Reshaping {
  private Reshaping() {}

  /**
   * Merges the dimensions from {@code startDim} to {@code endDim}, both included, into one; a view
   * where strides allow it, else a copy. A 0-d tensor becomes 1-d.
   *
   * @throws IllegalArgumentException if {@code endDim} comes before {@code startDim}
   */
  public static Tensor flatten(Tensor self, @Default("0") int startDim, @Default("-1") int endDim) {
    int start = Dims.wrap("flatten", startDim, self.dim());
    int end = Dims.wrap("flatten", endDim, self.dim());
    if (start > end) {
      throw new IllegalArgumentException(
          message(
              "flatten() has invalid args: start_dim cannot come after end_dim; got %s, %s",
              startDim, endDim));
    }
    if (self.dim() == 0) {
      return self.reshape(1);
    }
    long[] sizes = self.shape();
    long[] out = new long[sizes.length - (end - start)];
    System.arraycopy(sizes, 0, out, 0, start);
    out[start] = 1;
    for (int d = start; d <= end; d++) {
      out[start] *= sizes[d];
    }
    System.arraycopy(sizes, end + 1, out, start + 1, sizes.length - end - 1);
    return self.reshape(out);
  }

  /**
   * Splits one dimension into several, as a view.
   *
   * @param sizes of the new dimensions; one may be −1 and is inferred
   * @throws IllegalArgumentException if there are none, or their product is not the size of the
   *     dimension
   */
  public static Tensor unflatten(Tensor self, int dim, long... sizes) {
    int d = Dims.wrap("unflatten", dim, self.dim());
    if (sizes.length == 0) {
      throw new IllegalArgumentException("unflatten: sizes must be non-empty");
    }
    long size = self.size(d);
    long known = 1;
    int free = -1;
    for (int i = 0; i < sizes.length; i++) {
      free = sizes[i] == -1 ? i : free;
      known *= sizes[i] == -1 ? 1 : sizes[i];
    }
    long[] inner = sizes.clone();
    if (free >= 0 && known > 0 && size % known == 0) {
      inner[free] = size / known;
      known = size;
    }
    if (known != size) {
      throw new IllegalArgumentException(
          message(
              "unflatten: Provided sizes %s don't multiply up to the size of dim %s (%s) in the"
                  + " input tensor",
              sizes, d, size));
    }
    long[] shape = self.shape();
    long[] out = new long[shape.length - 1 + inner.length];
    System.arraycopy(shape, 0, out, 0, d);
    System.arraycopy(inner, 0, out, d, inner.length);
    System.arraycopy(shape, d + 1, out, d + inner.length, shape.length - d - 1);
    return View.view(self, out);
  }

  /**
   * Removes dimensions of size 1, as a view; named dimensions of another size stay.
   *
   * @param dims the candidates; all dimensions if none are named
   */
  public static Tensor squeeze(Tensor self, int... dims) {
    boolean[] named = new boolean[Math.max(1, self.dim())];
    Arrays.fill(named, dims.length == 0);
    for (int dim : dims) {
      int d = Dims.wrap("squeeze", dim, self.dim());
      if (dims.length > 1 && named[d]) {
        throw new IllegalArgumentException(
            "squeeze: dim " + d + " appears multiple times in the list of dims");
      }
      named[d] = true;
    }
    long[] sizes = self.shape();
    long[] strides = self.strides();
    int kept = 0;
    for (int d = 0; d < sizes.length; d++) {
      if (!named[d] || sizes[d] != 1) {
        sizes[kept] = sizes[d];
        strides[kept++] = strides[d];
      }
    }
    return View.view(self, Arrays.copyOf(sizes, kept), Arrays.copyOf(strides, kept));
  }

  /**
   * Inserts a dimension of size 1 before dimension {@code dim}, as a view.
   *
   * @param dim from −dim() − 1 to dim()
   */
  public static Tensor unsqueeze(Tensor self, int dim) {
    int d = Dims.wrap("unsqueeze", dim, self.dim() + 1);
    long[] sizes = new long[self.dim() + 1];
    long[] strides = new long[self.dim() + 1];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = i == d ? 1 : self.size(i < d ? i : i - 1);
      strides[i] = i == d ? 1 : self.strided().stride(i < d ? i : i - 1);
    }
    if (d < self.dim()) {
      strides[d] = self.size(d) * self.strided().stride(d);
    }
    return View.view(self, sizes, strides);
  }
}
