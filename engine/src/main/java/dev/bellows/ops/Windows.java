package dev.bellows.ops;

import dev.bellows.memory.Strided;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Diagonals and windows as views. */
public final class Windows {
  private Windows() {}

  /** A diagonal of two dimensions as the last one. */
  public static Tensor diagonal(Tensor x, long offset, int dim1, int dim2) {
    int a = Dims.wrap("diagonal", dim1, x.dim());
    int b = Dims.wrap("diagonal", dim2, x.dim());
    if (a == b) {
      throw new IllegalArgumentException(
          "diagonal dimensions cannot be identical " + dim1 + ", " + dim2);
    }
    Strided s = x.strided();
    long rows = s.size(a) + Math.min(0, offset);
    long columns = s.size(b) - Math.max(0, offset);
    long length = Math.max(0, Math.min(rows, columns));
    long start = s.offset();
    if (length > 0) {
      start += offset >= 0 ? offset * s.stride(b) : -offset * s.stride(a);
    }
    long[] sizes = new long[x.dim() - 1];
    long[] strides = new long[x.dim() - 1];
    int next = 0;
    for (int d = 0; d < x.dim(); d++) {
      if (d != a && d != b) {
        sizes[next] = s.size(d);
        strides[next++] = s.stride(d);
      }
    }
    sizes[next] = length;
    strides[next] = s.stride(a) + s.stride(b);
    return AsStrided.named("diagonal", x, sizes, strides, start);
  }

  /** Windows of a dimension. */
  public static Tensor unfold(Tensor x, int dim, long size, long step) {
    int d = Dims.wrap("unfold", dim, x.dim());
    Strided s = x.strided();
    long n = x.dim() == 0 ? 1 : s.size(d);
    if (size < 0 || size > n) {
      throw new IllegalArgumentException(
          "maximum size for tensor at dimension " + d + " is " + n + " but size is " + size);
    }
    if (step < 1) {
      throw new IllegalArgumentException("step is " + step + " but must be > 0");
    }
    long[] sizes = Arrays.copyOf(s.sizes(), x.dim() + 1);
    long[] strides = Arrays.copyOf(s.strides(), x.dim() + 1);
    sizes[x.dim()] = size;
    strides[x.dim()] = x.dim() == 0 ? 1 : s.stride(d);
    if (x.dim() > 0) {
      sizes[d] = (n - size) / step + 1;
      strides[d] = s.stride(d) * step;
    }
    return AsStrided.named("unfold", x, sizes, strides, s.offset());
  }
}
