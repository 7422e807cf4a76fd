package dev.bellows.ops;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.util.Arrays;

/**
 * Elements of a tensor of some shape, named by their numbers in row-major order, and the shape that
 * they form together. Kernels get them as offsets into the memory of one tensor, whatever its
 * strides are.
 */
final class Places {
  private final long[] shape;
  private final long[] numbers;
  private final long[] outShape;

  /** Numbers must be in [0, numel(shape)), as many as outShape has elements. */
  Places(long[] shape, long[] numbers, long[] outShape) {
    assert numbers.length == Shapes.numel(outShape) : Arrays.toString(outShape);
    this.shape = shape;
    this.numbers = numbers;
    this.outShape = outShape;
  }

  long[] shape() {
    return shape;
  }

  long[] outShape() {
    return outShape;
  }

  /** Returns all the memory that an array may show, from its first element on, in one dimension. */
  static Strided flat(Strided a) {
    long last = 0;
    for (int d = 0; d < a.dim(); d++) {
      last += (a.size(d) - 1) * a.stride(d);
    }
    return a.with(new long[] {a.numel() == 0 ? 0 : last + 1}, new long[] {1}, a.offset());
  }

  /** Returns INT64 [n]: where the elements are in {@link #flat}, on the device of the array. */
  Tensor offsets(Strided a) {
    assert Arrays.equals(a.sizes(), shape) : a + " for " + Arrays.toString(shape);
    Tensor out = Internals.allocate(Device.CPU, DType.INT64, numbers.length);
    long address = out.strided().address();
    long[] row = Shapes.contiguousStrides(shape);
    for (int i = 0; i < numbers.length; i++) {
      long offset = numbers[i];
      if (!a.isContiguous()) {
        long rest = numbers[i];
        offset = 0;
        for (int d = 0; d < shape.length; d++) {
          offset += rest / row[d] * a.stride(d);
          rest %= row[d];
        }
      }
      Memory.putLong(address + 8L * i, offset);
    }
    return onDevice(out, a.device());
  }

  private static Tensor onDevice(Tensor host, Device device) {
    if (device == Device.CPU) {
      return host;
    }
    try (host) {
      return TensorCopies.copyTo(device, host);
    }
  }

  /** Returns an array of outShape as one dimension; it must be contiguous. */
  Strided line(Strided a) {
    return a.with(new long[] {numbers.length}, new long[] {1}, a.offset());
  }
}
