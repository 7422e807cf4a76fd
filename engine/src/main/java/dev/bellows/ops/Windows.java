package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Strided;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Diagonals and windows as views. */
public final class Windows {
  private Windows() {}

  /**
   * Views a diagonal of two dimensions, which becomes the last dimension of the view.
   *
   * @param offset above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if both dimensions are the same
   */
  public static Tensor diagonal(
      Tensor self, @Default("0") long offset, @Default("0") int dim1, @Default("1") int dim2) {
    int a = Dims.wrap("diagonal", dim1, self.dim());
    int b = Dims.wrap("diagonal", dim2, self.dim());
    if (a == b) {
      throw new IllegalArgumentException(
          message("diagonal dimensions cannot be identical %s, %s", dim1, dim2));
    }
    Strided s = self.strided();
    long rows = s.size(a) + Math.min(0, offset);
    long columns = s.size(b) - Math.max(0, offset);
    long length = Math.max(0, Math.min(rows, columns));
    long start = s.offset();
    if (length > 0) {
      start += offset >= 0 ? offset * s.stride(b) : -offset * s.stride(a);
    }
    long[] sizes = new long[self.dim() - 1];
    long[] strides = new long[self.dim() - 1];
    int next = 0;
    for (int d = 0; d < self.dim(); d++) {
      if (d != a && d != b) {
        sizes[next] = s.size(d);
        strides[next++] = s.stride(d);
      }
    }
    sizes[next] = length;
    strides[next] = s.stride(a) + s.stride(b);
    return AsStrided.named("diagonal", self, sizes, strides, start);
  }

  /**
   * Views the windows of a dimension: the dimension becomes the number of windows, and a last one
   * of {@code size} is added.
   *
   * @param step from the start of one window to the next
   * @throws IllegalArgumentException if {@code size} is larger than the dimension, or {@code step}
   *     is below 1
   */
  public static Tensor unfold(Tensor self, int dim, long size, long step) {
    int d = Dims.wrap("unfold", dim, self.dim());
    Strided s = self.strided();
    long n = self.dim() == 0 ? 1 : s.size(d);
    if (size < 0 || size > n) {
      throw new IllegalArgumentException(
          message("maximum size for tensor at dimension %s is %s but size is %s", d, n, size));
    }
    if (step < 1) {
      throw new IllegalArgumentException("step is " + step + " but must be > 0");
    }
    long[] sizes = Arrays.copyOf(s.sizes(), self.dim() + 1);
    long[] strides = Arrays.copyOf(s.strides(), self.dim() + 1);
    sizes[self.dim()] = size;
    strides[self.dim()] = self.dim() == 0 ? 1 : s.stride(d);
    if (self.dim() > 0) {
      sizes[d] = (n - size) / step + 1;
      strides[d] = s.stride(d) * step;
    }
    return AsStrided.named("unfold", self, sizes, strides, s.offset());
  }
}
