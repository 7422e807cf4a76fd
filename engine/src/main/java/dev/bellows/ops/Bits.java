package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** The bits of a tensor read as another type; not differentiable. */
public final class Bits {
  private Bits() {}

  /**
   * Views the same bits as another element type. The last dimension shrinks or grows by the ratio
   * of the element sizes. Gradients do not flow through it.
   *
   * @throws IllegalArgumentException if the sizes of the elements differ and the last dimension is
   *     not contiguous, or sizes, strides and offset do not divide
   */
  public static Tensor view(Tensor self, DType dtype) {
    Strided s = self.strided();
    int from = s.dtype().bytes();
    int to = dtype.bytes();
    if (from == to) {
      return seen(self, dtype, s.sizes(), s.strides(), s.offset());
    }
    if (s.dim() == 0) {
      throw new IllegalArgumentException(
          message(
              "self.dim() cannot be 0 to view %s as %s (different element sizes)",
              s.dtype(), dtype));
    }
    int last = s.dim() - 1;
    if (s.size(last) > 1 && s.stride(last) != 1) {
      throw new IllegalArgumentException(
          message(
              "self.stride(-1) must be 1 to view %s as %s (different element sizes), but got %s",
              s.dtype(), dtype, s.stride(last)));
    }
    long[] sizes = s.sizes().clone();
    long[] strides = s.strides().clone();
    sizes[last] = scaled("self.size(-1)", sizes[last], from, to, s.dtype(), dtype);
    for (int d = 0; d < last; d++) {
      strides[d] = scaled("self.stride(" + d + ")", strides[d], from, to, s.dtype(), dtype);
    }
    strides[last] = 1;
    long offset = scaled("self.storage_offset()", s.offset(), from, to, s.dtype(), dtype);
    return seen(self, dtype, sizes, strides, offset);
  }

  private static Tensor seen(Tensor self, DType dtype, long[] sizes, long[] strides, long offset) {
    return Internals.view(self, new Strided(self.storage(), dtype, sizes, strides, offset));
  }

  private static long scaled(String what, long value, int from, int to, DType a, DType b) {
    if (value * from % to != 0) {
      throw new IllegalArgumentException(
          message(
              "%s must be divisible by %s to view %s as %s (different element sizes), but got %s",
              what, to / from, a, b, value));
    }
    return value * from / to;
  }
}
