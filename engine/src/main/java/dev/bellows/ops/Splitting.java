package dev.bellows.ops;

import dev.bellows.autograd.GraphPosition;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several views of one tensor, side by side. */
public final class Splitting {
  private Splitting() {}

  private static int checked(String operation, Tensor x, int dim) {
    int d = Dims.wrap(operation, dim, x.dim());
    if (x.dim() == 0) {
      throw new IllegalArgumentException(
          operation + " expects at least a 1-dimensional tensor; got a 0-dim tensor");
    }
    return d;
  }

  private static Tensor part(Tensor x, int d, long start, long length, String creator) {
    return GraphPosition.markMultiView(Slice.narrow(x, d, start, length), creator);
  }

  /** Pieces of {@code size} elements; the last may be smaller. */
  public static List<Tensor> split(Tensor x, long size, int dim) {
    int d = checked("split", x, dim);
    long n = x.size(d);
    if (size < 0 || size == 0 && n != 0) {
      throw new IllegalArgumentException(
          "split expects split_size be non-negative and, where the dimension (of size "
              + n
              + ") is not empty, not 0; got "
              + size);
    }
    List<Tensor> out = new ArrayList<>();
    for (long start = 0; start < n || out.isEmpty(); start += Math.max(1, size)) {
      out.add(part(x, d, start, Math.min(size, n - start), "SplitBackward"));
    }
    return out;
  }

  /** Pieces of given sizes. */
  public static List<Tensor> split(Tensor x, long[] sizes, int dim) {
    int d = checked("splitWithSizes", x, dim);
    long sum = 0;
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "split_with_sizes expects split_sizes have only non-negative entries, but got "
                + Arrays.toString(sizes));
      }
      sum += size;
    }
    if (sum != x.size(d)) {
      throw new IllegalArgumentException(
          "split_with_sizes expects split_sizes to sum exactly to "
              + x.size(d)
              + " (input tensor's size at dimension "
              + d
              + "), but got split_sizes="
              + Arrays.toString(sizes));
    }
    List<Tensor> out = new ArrayList<>();
    long start = 0;
    for (long size : sizes) {
      out.add(part(x, d, start, size, "SplitWithSizesBackward"));
      start += size;
    }
    return out;
  }

  /** At most so many pieces of equal size. */
  public static List<Tensor> chunk(Tensor x, int chunks, int dim) {
    int d = checked("chunk", x, dim);
    if (chunks < 1) {
      throw new IllegalArgumentException(
          "chunk expects `chunks` to be greater than 0, got: " + chunks);
    }
    long n = x.size(d);
    if (n == 0) {
      return split(x, new long[chunks], d);
    }
    return split(x, (n + chunks - 1) / chunks, d);
  }

  /** Exactly so many pieces, the first ones larger by one. */
  public static List<Tensor> tensorSplit(Tensor x, int sections, int dim) {
    int d = checked("tensorSplit", x, dim);
    if (sections < 1) {
      throw new IllegalArgumentException(
          "number of sections must be larger than 0, got " + sections);
    }
    long n = x.size(d);
    List<Tensor> out = new ArrayList<>();
    long start = 0;
    for (int i = 0; i < sections; i++) {
      long length = n / sections + (i < n % sections ? 1 : 0);
      out.add(part(x, d, start, length, "SliceBackward"));
      start += length;
    }
    return out;
  }

  /** Pieces cut before each of the indices. */
  public static List<Tensor> tensorSplit(Tensor x, long[] indices, int dim) {
    int d = checked("tensorSplit", x, dim);
    List<Tensor> out = new ArrayList<>();
    long start = 0;
    for (int i = 0; i <= indices.length; i++) {
      long end = i == indices.length ? x.size(d) : indices[i];
      Tensor piece = Slice.of(x, d, start, end, 1);
      out.add(GraphPosition.markMultiView(piece, "SliceBackward"));
      start = end;
    }
    return out;
  }

  /** Each element of a dimension. */
  public static List<Tensor> unbind(Tensor x, int dim) {
    int d = checked("unbind", x, dim);
    List<Tensor> out = new ArrayList<>();
    for (long i = 0; i < x.size(d); i++) {
      out.add(GraphPosition.markMultiView(Slice.select(x, d, i), "UnbindBackward"));
    }
    return out;
  }
}
