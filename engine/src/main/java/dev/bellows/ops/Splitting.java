package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

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

  /**
   * Splits a dimension into views of {@code size} elements; the last may be smaller.
   *
   * @throws IllegalArgumentException if {@code size} is negative, or 0 where the dimension is not
   *     empty
   */
  public static List<Tensor> split(Tensor self, long size, int dim) {
    int d = checked("split", self, dim);
    long n = self.size(d);
    if (size < 0 || size == 0 && n != 0) {
      throw new IllegalArgumentException(
          message(
              "split expects split_size be non-negative and, where the dimension (of size %s) is"
                  + " not empty, not 0; got %s",
              n, size));
    }
    long[] lengths = new long[Math.toIntExact(n == 0 ? 1 : (n - 1) / size + 1)];
    Arrays.fill(lengths, size);
    lengths[lengths.length - 1] = n - size * (lengths.length - 1);
    return Split.of(self, d, lengths, "SplitBackward");
  }

  /**
   * Splits a dimension into views of the given sizes.
   *
   * @throws IllegalArgumentException if a size is negative, or their sum is not the size of the
   *     dimension
   */
  public static List<Tensor> split(Tensor self, long[] sizes, int dim) {
    int d = checked("splitWithSizes", self, dim);
    long sum = 0;
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException(
            message(
                "split_with_sizes expects split_sizes have only non-negative entries, but got %s",
                sizes));
      }
      sum += size;
    }
    if (sum != self.size(d)) {
      throw new IllegalArgumentException(
          message(
              "split_with_sizes expects split_sizes to sum exactly to %s (input tensor's size at"
                  + " dimension %s), but got split_sizes=%s",
              self.size(d), d, sizes));
    }
    return sizes.length == 0
        ? List.of()
        : Split.of(self, d, sizes.clone(), "SplitWithSizesBackward");
  }

  /**
   * Splits a dimension into at most {@code chunks} views of equal size; the last may be smaller.
   *
   * @throws IllegalArgumentException if {@code chunks} is below 1
   */
  public static List<Tensor> chunk(Tensor self, int chunks, int dim) {
    int d = checked("chunk", self, dim);
    if (chunks < 1) {
      throw new IllegalArgumentException(
          "chunk expects `chunks` to be greater than 0, got: " + chunks);
    }
    long n = self.size(d);
    if (n == 0) {
      return split(self, new long[chunks], d);
    }
    return split(self, (n + chunks - 1) / chunks, d);
  }

  /**
   * Splits a dimension into exactly {@code sections} views whose sizes differ by at most one, the
   * larger ones first.
   *
   * @throws IllegalArgumentException if {@code sections} is below 1
   */
  public static List<Tensor> tensorSplit(Tensor self, int sections, int dim) {
    int d = checked("tensorSplit", self, dim);
    if (sections < 1) {
      throw new IllegalArgumentException(
          "number of sections must be larger than 0, got " + sections);
    }
    long n = self.size(d);
    long[] lengths = new long[sections];
    for (int i = 0; i < sections; i++) {
      lengths[i] = n / sections + (i < n % sections ? 1 : 0);
    }
    return Split.of(self, d, lengths, "SliceBackward");
  }

  /** Splits a dimension into views, cut before each of the indices. */
  public static List<Tensor> tensorSplit(Tensor self, long[] indices, int dim) {
    int d = checked("tensorSplit", self, dim);
    List<Tensor> out = new ArrayList<>();
    long start = 0;
    for (int i = 0; i <= indices.length; i++) {
      long end = i == indices.length ? self.size(d) : indices[i];
      Tensor piece = Slice.slice(self, d, start, end, 1);
      out.add(GraphPosition.markMultiView(piece, "SliceBackward"));
      start = end;
    }
    return out;
  }

  /** Splits a dimension into a view of each of its elements; the dimension is removed. */
  public static List<Tensor> unbind(Tensor self, int dim) {
    int d = checked("unbind", self, dim);
    if (self.size(d) == 0) {
      return new ArrayList<>();
    }
    long[] lengths = new long[Math.toIntExact(self.size(d))];
    Arrays.fill(lengths, 1);
    List<Tensor> out = Split.of(self, d, lengths, "UnbindBackward");
    out.replaceAll(
        part -> {
          try (Tensor one = part) {
            return GraphPosition.markMultiView(one.squeeze(d), "UnbindBackward");
          }
        });
    return out;
  }
}
