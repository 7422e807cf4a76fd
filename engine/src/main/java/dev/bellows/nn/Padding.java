package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Padding of the last dimensions. */
final class Padding {
  private Padding() {}

  /** Computes {@link #pad(Tensor, int[], double)} with zeros. */
  public static Tensor pad(Tensor x, int... padding) {
    return pad(x, padding, 0);
  }

  /**
   * Adds elements of one value around a tensor.
   *
   * @param x [..]
   * @param padding for the last dimension, the one before it and so on: how many elements are added
   *     in front and behind; negative numbers remove elements
   * @throws IllegalArgumentException if padding has an odd length or is longer than twice the
   *     number of dimensions, or a size would be negative
   */
  public static Tensor pad(Tensor x, int[] padding, double value) {
    if (padding.length % 2 != 0) {
      throw new IllegalArgumentException(
          message("pad: Length of pad must be even but instead it equals %s", padding.length));
    }
    if (padding.length > 2 * x.dim()) {
      throw new IllegalArgumentException(
          message(
              "pad: Length of pad should be no more than twice the number of dimensions of the"
                  + " input. Pad length is %s while the input has %s dimensions.",
              padding.length, x.dim()));
    }
    long[] shape = x.shape();
    Tensor inner = x;
    for (int k = 0; k < padding.length / 2; k++) {
      int dim = x.dim() - 1 - k;
      long front = padding[2 * k];
      long back = padding[2 * k + 1];
      shape[dim] += front + back;
      if (shape[dim] < 0 || x.size(dim) + Math.min(0, front) + Math.min(0, back) < 0) {
        throw new IllegalArgumentException(
            message(
                "pad: The input size %s, plus negative padding %s and %s resulted in a negative"
                    + " output size, which is invalid. Check dimension %s of your input.",
                x.size(dim), front, back, dim));
      }
      long removed = Math.max(0, -front) + Math.max(0, -back);
      inner = inner.narrow(dim, Math.max(0, -front), x.size(dim) - removed);
    }
    if (Arrays.equals(shape, inner.shape())) {
      return inner.clone();
    }
    Tensor out = x.newFull(value, x.dtype(), shape);
    Tensor middle = out;
    for (int k = 0; k < padding.length / 2; k++) {
      int dim = x.dim() - 1 - k;
      middle = middle.narrow(dim, Math.max(0, padding[2 * k]), inner.size(dim));
    }
    middle.copy_(inner);
    return out;
  }

  /**
   * Adds elements around the last one, two or three dimensions of a tensor.
   *
   * @param x [.., l], [.., h, w] or [.., d, h, w] with one or two dimensions in front, for padding
   *     of length 2, 4 or 6; any shape for zeros
   * @param padding as {@link #pad(Tensor, int[], double)}
   * @throws IllegalArgumentException if x has another number of dimensions, padding is not less
   *     than a reflected dimension or is more than a circular one, or nothing would be left
   */
  public static Tensor pad(Tensor x, int[] padding, PaddingMode mode) {
    if (mode == PaddingMode.ZEROS) {
      return pad(x, padding, 0);
    }
    int dims = padding.length / 2;
    if (padding.length % 2 != 0
        || dims < 1
        || dims > 3
        || (x.dim() != dims + 1 && x.dim() != dims + 2)) {
      throw new IllegalArgumentException(
          message(
              "pad: Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now;"
                  + " got input %s, padding %s, mode %s",
              x.shape(), padding, mode));
    }
    Tensor out = x;
    for (int k = 0; k < dims; k++) {
      int dim = x.dim() - 1 - k;
      check(x, dim, padding[2 * k], padding[2 * k + 1], mode);
      if (padding[2 * k] != 0 || padding[2 * k + 1] != 0) {
        long[] places = places(x.size(dim), padding[2 * k], padding[2 * k + 1], mode);
        out = out.indexSelect(dim, Tensor.of(places).to(x.device()));
      }
    }
    return out == x ? x.clone() : out;
  }

  private static void check(Tensor x, int dim, long front, long back, PaddingMode mode) {
    long size = x.size(dim);
    long most = Math.max(front, back);
    String problem = null;
    if (mode == PaddingMode.REFLECT && most >= size) {
      problem = "Padding size should be less than the corresponding input dimension";
    } else if (mode == PaddingMode.CIRCULAR && most > size) {
      problem = "Padding value causes wrapping around more than once";
    } else if (size == 0) {
      problem = "Expected padded dimensions to be non-zero";
    } else if (size + front + back < 1 || size + Math.min(0, front) + Math.min(0, back) < 1) {
      problem = "Negative padding value is resulting in an empty dimension";
    }
    if (problem != null) {
      throw new IllegalArgumentException(
          message(
              "pad: %s, but got: padding (%s, %s) at dimension %s of input %s",
              problem, front, back, dim, x.shape()));
    }
  }

  /**
   * Returns the elements of a dimension that a padded one consists of. What negative padding
   * removes is not repeated by a circular one.
   */
  private static long[] places(long size, int front, int back, PaddingMode mode) {
    long[] places = new long[Math.toIntExact(size + front + back)];
    long removed = Math.max(0, -front);
    long left = size - removed - Math.max(0, -back);
    for (int i = 0; i < places.length; i++) {
      long at = i - (long) front;
      places[i] =
          switch (mode) {
            case CIRCULAR -> removed + Math.floorMod(at - removed, left);
            case REFLECT -> at < 0 ? -at : at < size ? at : 2 * (size - 1) - at;
            default -> Math.max(0, Math.min(size - 1, at));
          };
    }
    return places;
  }
}
