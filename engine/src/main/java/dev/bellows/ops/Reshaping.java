package dev.bellows.ops;

import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Shapes for views of the same elements in the same order. */
public final class Reshaping {
  private Reshaping() {}

  /** Dimensions start to end made one. */
  public static Tensor flatten(Tensor x, int startDim, int endDim) {
    int start = Dims.wrap("flatten", startDim, x.dim());
    int end = Dims.wrap("flatten", endDim, x.dim());
    if (start > end) {
      throw new IllegalArgumentException(
          "flatten() has invalid args: start_dim cannot come after end_dim; got "
              + startDim
              + ", "
              + endDim);
    }
    if (x.dim() == 0) {
      return x.reshape(1);
    }
    long[] sizes = x.shape();
    long[] out = new long[sizes.length - (end - start)];
    System.arraycopy(sizes, 0, out, 0, start);
    out[start] = 1;
    for (int d = start; d <= end; d++) {
      out[start] *= sizes[d];
    }
    System.arraycopy(sizes, end + 1, out, start + 1, sizes.length - end - 1);
    return x.reshape(out);
  }

  /** One dimension made several. */
  public static Tensor unflatten(Tensor x, int dim, long... sizes) {
    int d = Dims.wrap("unflatten", dim, x.dim());
    if (sizes.length == 0) {
      throw new IllegalArgumentException("unflatten: sizes must be non-empty");
    }
    long size = x.size(d);
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
          "unflatten: Provided sizes "
              + Arrays.toString(sizes)
              + " don't multiply up to the size of dim "
              + d
              + " ("
              + size
              + ") in the input tensor");
    }
    long[] shape = x.shape();
    long[] out = new long[shape.length - 1 + inner.length];
    System.arraycopy(shape, 0, out, 0, d);
    System.arraycopy(inner, 0, out, d, inner.length);
    System.arraycopy(shape, d + 1, out, d + inner.length, shape.length - d - 1);
    return View.of(x, out);
  }

  /** Without the named dimensions (all if none) of size 1. */
  public static Tensor squeeze(Tensor x, int... dims) {
    boolean[] named = new boolean[Math.max(1, x.dim())];
    Arrays.fill(named, dims.length == 0);
    for (int dim : dims) {
      int d = Dims.wrap("squeeze", dim, x.dim());
      if (dims.length > 1 && named[d]) {
        throw new IllegalArgumentException(
            "squeeze: dim " + d + " appears multiple times in the list of dims");
      }
      named[d] = true;
    }
    long[] sizes = x.shape();
    long[] strides = x.strides();
    int kept = 0;
    for (int d = 0; d < sizes.length; d++) {
      if (!named[d] || sizes[d] != 1) {
        sizes[kept] = sizes[d];
        strides[kept++] = strides[d];
      }
    }
    return View.of(x, Arrays.copyOf(sizes, kept), Arrays.copyOf(strides, kept));
  }

  /** With a new dimension of size 1. */
  public static Tensor unsqueeze(Tensor x, int dim) {
    int d = Dims.wrap("unsqueeze", dim, x.dim() + 1);
    long[] sizes = new long[x.dim() + 1];
    long[] strides = new long[x.dim() + 1];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = i == d ? 1 : x.size(i < d ? i : i - 1);
      strides[i] = i == d ? 1 : x.strided().stride(i < d ? i : i - 1);
    }
    if (d < x.dim()) {
      strides[d] = x.size(d) * x.strided().stride(d);
    }
    return View.of(x, sizes, strides);
  }
}
