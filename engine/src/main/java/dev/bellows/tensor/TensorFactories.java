package dev.bellows.tensor;

import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import dev.bellows.ops.Cat;
import dev.bellows.ops.Where;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Making tensors. */
abstract sealed class TensorFactories permits TensorRandom {

  /** FLOAT32, 1-d, copied from an array. */
  public static Tensor of(float[] values) {
    return of(values, values.length);
  }

  /** FLOAT32 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(float[] values, long... shape) {
    return fromArray(DType.FLOAT32, values, values.length, shape);
  }

  /** FLOAT64, 1-d, copied from an array. */
  public static Tensor of(double[] values) {
    return of(values, values.length);
  }

  /** FLOAT64 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(double[] values, long... shape) {
    return fromArray(DType.FLOAT64, values, values.length, shape);
  }

  /** INT64, 1-d, copied from an array. */
  public static Tensor of(long[] values) {
    return of(values, values.length);
  }

  /** INT64 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(long[] values, long... shape) {
    return fromArray(DType.INT64, values, values.length, shape);
  }

  /** INT32, 1-d, copied from an array. */
  public static Tensor of(int[] values) {
    return of(values, values.length);
  }

  /** INT32 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(int[] values, long... shape) {
    return fromArray(DType.INT32, values, values.length, shape);
  }

  /** UINT8, 1-d, copied from an array. */
  public static Tensor of(byte[] values) {
    return of(values, values.length);
  }

  /** UINT8 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(byte[] values, long... shape) {
    return fromArray(DType.UINT8, values, values.length, shape);
  }

  /** BOOL, 1-d, copied from an array. */
  public static Tensor of(boolean[] values) {
    return of(values, values.length);
  }

  /** BOOL of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(boolean[] values, long... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return fromArray(DType.BOOL, bytes, values.length, shape);
  }

  private static Tensor fromArray(DType dtype, Object values, long length, long... shape) {
    long[] sizes = shape.clone();
    checkSizes(sizes);
    if (Shapes.numel(sizes) != length) {
      throw new IllegalArgumentException(
          "shape '" + Arrays.toString(sizes) + "' is invalid for input of size " + length);
    }
    Tensor out = Internals.allocate(dtype, sizes);
    Memory.copyFromArray(values, out.strided().address(), length * dtype.bytes());
    return out;
  }

  private static void checkSizes(long... sizes) {
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "Trying to create tensor with negative dimension "
                + size
                + ": "
                + Arrays.toString(sizes));
      }
    }
  }

  /** A tensor without dimensions. */
  public static Tensor scalar(Number value, DType dtype) {
    return full(value, dtype);
  }

  /** Memory of undefined content. */
  public static Tensor empty(DType dtype, long... shape) {
    checkSizes(shape);
    return Internals.allocate(dtype, shape.clone());
  }

  /** FLOAT32 memory of undefined content. */
  public static Tensor empty(long... shape) {
    return empty(DType.FLOAT32, shape);
  }

  /** All elements the same. */
  public static Tensor full(Number value, DType dtype, long... shape) {
    Tensor out = empty(dtype, shape);
    Internals.kernels(out).fill(out.strided(), value);
    return out;
  }

  /** Zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    return full(0, dtype, shape);
  }

  /** FLOAT32 zeros. */
  public static Tensor zeros(long... shape) {
    return zeros(DType.FLOAT32, shape);
  }

  /** Ones. */
  public static Tensor ones(DType dtype, long... shape) {
    return full(1, dtype, shape);
  }

  /** FLOAT32 ones. */
  public static Tensor ones(long... shape) {
    return ones(DType.FLOAT32, shape);
  }

  /** Undefined content of another tensor's type, shape and memory order. */
  public static Tensor emptyLike(Tensor like) {
    return Internals.allocateLike(like.dtype(), like.strided());
  }

  /** Zeros of another tensor's type, shape and memory order. */
  public static Tensor zerosLike(Tensor like) {
    return fullLike(like, 0);
  }

  /** Ones of another tensor's type, shape and memory order. */
  public static Tensor onesLike(Tensor like) {
    return fullLike(like, 1);
  }

  private static Tensor fullLike(Tensor like, Number value) {
    Tensor out = emptyLike(like);
    Internals.kernels(out).fill(out.strided(), value);
    return out;
  }

  /** INT64 0, 1, …, n − 1. */
  public static Tensor arange(long n) {
    checkSizes(n);
    Tensor out = empty(DType.INT64, n);
    for (long i = 0; i < n; i++) {
      Memory.putLong(out.strided().address() + 8 * i, i);
    }
    return out;
  }

  /**
   * The memory of a direct buffer, shared and kept alive, from its position on; native byte order.
   */
  public static Tensor wrap(ByteBuffer direct, DType dtype, long... shape) {
    checkSizes(shape);
    long bytes = Math.multiplyExact(Shapes.numel(shape), (long) dtype.bytes());
    if (bytes > direct.remaining()) {
      throw new IllegalArgumentException(
          "wrap: buffer must hold the shape; got "
              + direct.remaining()
              + " bytes for "
              + dtype
              + Arrays.toString(shape)
              + " of "
              + bytes);
    }
    long[] sizes = shape.clone();
    return new Tensor(
        new Strided(Storage.wrap(direct), dtype, sizes, Shapes.contiguousStrides(sizes), 0));
  }

  /** Tensors one after the other along an existing dimension. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    return Cat.of(tensors, dim);
  }

  /** Tensors one after the other along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return Cat.of(tensors.stream().map(t -> t.unsqueeze(dim)).toList(), dim);
  }

  /** condition ? a : b; condition is BOOL. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return Where.of(condition, a, b);
  }
}
