package dev.bellows.tensor;

import dev.bellows.backend.Devices;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import dev.bellows.ops.Cat;
import dev.bellows.ops.Joining;
import dev.bellows.ops.Types;
import dev.bellows.ops.Where;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;

/** Making tensors: on the CPU, on a device ({@link #on}), or like another tensor, on its device. */
abstract sealed class TensorFactories permits TensorRandom {
  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * Makes tensors on a device: {@code Tensor.on(Device.cuda(0)).zeros(2, 3)} is {@code
   * torch.zeros(2, 3, device="cuda:0")}. The static methods of this class make them on the CPU.
   *
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public static TensorsOn on(Device device) {
    Devices.require("on", device);
    return new TensorsOn(device);
  }

  // ---- of this one's type and device

  /** Undefined content, of this one's type and on its device. */
  public final Tensor newEmpty(long... shape) {
    return newEmpty(self().dtype(), shape);
  }

  /** Undefined content, on this one's device. */
  public final Tensor newEmpty(DType dtype, long... shape) {
    return empty(self().device(), dtype, shape);
  }

  /** Zeros of this one's type and on its device. */
  public final Tensor newZeros(long... shape) {
    return newZeros(self().dtype(), shape);
  }

  /** Zeros on this one's device. */
  public final Tensor newZeros(DType dtype, long... shape) {
    return full(self().device(), 0, dtype, shape);
  }

  /** Ones of this one's type and on its device. */
  public final Tensor newOnes(long... shape) {
    return newOnes(self().dtype(), shape);
  }

  /** Ones on this one's device. */
  public final Tensor newOnes(DType dtype, long... shape) {
    return full(self().device(), 1, dtype, shape);
  }

  /** All elements the same, on this one's device. */
  public final Tensor newFull(Number value, DType dtype, long... shape) {
    return full(self().device(), value, dtype, shape);
  }

  /** {@link #of(Object)}, of this one's type and on its device. */
  public final Tensor newTensor(Object nested) {
    Tensor host = of(nested, self().dtype());
    return host.to(self().device());
  }

  // ---- of arrays

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

  /** INT16, 1-d, copied from an array. */
  public static Tensor of(short[] values) {
    return of(values, values.length);
  }

  /** INT16 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor of(short[] values, long... shape) {
    return fromArray(DType.INT16, values, values.length, shape);
  }

  /** INT8, 1-d, copied from an array; {@link #of(byte[])} reads bytes as UINT8. */
  public static Tensor ofSigned(byte[] values) {
    return ofSigned(values, values.length);
  }

  /** INT8 of a shape (none: a scalar), copied from a row-major array. */
  public static Tensor ofSigned(byte[] values, long... shape) {
    return fromArray(DType.INT8, values, values.length, shape);
  }

  /**
   * Copied from a nested Java array ({@code float[][]}), a list of lists of numbers or booleans, or
   * one number or boolean; of the type of its elements: FLOAT32 for float, FLOAT64 for double
   * arrays, FLOAT32 for lists with fractions, INT64 for lists of whole numbers, and so on.
   *
   * @throws IllegalArgumentException if rows differ in length, or something is no number
   */
  public static Tensor of(Object nested) {
    return Nested.tensor(nested, null);
  }

  /** As {@link #of(Object)}, converted to a type. */
  public static Tensor of(Object nested, DType dtype) {
    return Nested.tensor(nested, dtype);
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
    Tensor out = Internals.allocate(Device.CPU, dtype, sizes);
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

  /** A tensor without dimensions: INT64 of a whole number, FLOAT32 of a fraction. */
  public static Tensor scalar(Number value) {
    return full(value, typeOf(value));
  }

  static DType typeOf(Number... values) {
    for (Number value : values) {
      if (Types.isReal(value)) {
        return DType.FLOAT32;
      }
    }
    return DType.INT64;
  }

  /** Memory of undefined content. */
  public static Tensor empty(DType dtype, long... shape) {
    return empty(Device.CPU, dtype, shape);
  }

  static Tensor empty(Device device, DType dtype, long... shape) {
    checkSizes(shape);
    return Internals.allocate(device, dtype, shape.clone());
  }

  /** FLOAT32 memory of undefined content. */
  public static Tensor empty(long... shape) {
    return empty(DType.FLOAT32, shape);
  }

  /** All elements the same. */
  public static Tensor full(Number value, DType dtype, long... shape) {
    return full(Device.CPU, value, dtype, shape);
  }

  static Tensor full(Device device, Number value, DType dtype, long... shape) {
    checkFits("full", value, dtype);
    Tensor out = empty(device, dtype, shape);
    Internals.kernels(out).fill(out.strided(), value);
    return out;
  }

  /** Checks that a type can hold a number, be it rounded. */
  static void checkFits(String operation, Number value, DType dtype) {
    if (dtype == DType.BOOL) {
      return;
    }
    boolean fits;
    double real = value.doubleValue();
    if (dtype.isFloatingPoint()) {
      double largest =
          switch (dtype) {
            case FLOAT16 -> 65504;
            case BFLOAT16 -> 0x1.FEp127;
            case FLOAT32 -> Float.MAX_VALUE;
            default -> Double.MAX_VALUE;
          };
      fits = !Double.isFinite(real) || Math.abs(real) <= largest;
    } else if (Types.isReal(value)) {
      fits = real >= dtype.minValue() && real <= dtype.maxValue() && real < 0x1p63;
    } else {
      fits = value.longValue() >= dtype.minValue() && value.longValue() <= dtype.maxValue();
    }
    if (!fits) {
      throw new IllegalArgumentException(
          operation
              + ": value cannot be converted to type "
              + dtype
              + " without overflow; got "
              + value);
    }
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
    return emptyLike(like, like.dtype());
  }

  /** Undefined content of another tensor's shape and memory order. */
  public static Tensor emptyLike(Tensor like, DType dtype) {
    return Internals.allocateLike(dtype, like.strided());
  }

  /** Zeros of another tensor's type, shape and memory order. */
  public static Tensor zerosLike(Tensor like) {
    return fullLike(like, 0);
  }

  /** Zeros of another tensor's shape and memory order. */
  public static Tensor zerosLike(Tensor like, DType dtype) {
    return fullLike(like, 0, dtype);
  }

  /** Ones of another tensor's type, shape and memory order. */
  public static Tensor onesLike(Tensor like) {
    return fullLike(like, 1);
  }

  /** Ones of another tensor's shape and memory order. */
  public static Tensor onesLike(Tensor like, DType dtype) {
    return fullLike(like, 1, dtype);
  }

  /** One value in another tensor's type, shape and memory order. */
  public static Tensor fullLike(Tensor like, Number value) {
    return fullLike(like, value, like.dtype());
  }

  /** One value in another tensor's shape and memory order. */
  public static Tensor fullLike(Tensor like, Number value, DType dtype) {
    checkFits("fullLike", value, dtype);
    Tensor out = emptyLike(like, dtype);
    Internals.kernels(out).fill(out.strided(), value);
    return out;
  }

  /** 0, 1, … below {@code end}: INT64 if that is whole, else FLOAT32. */
  public static Tensor arange(Number end) {
    return arange(0, end, 1);
  }

  /** start, start + 1, … below {@code end}: INT64 if both are whole, else FLOAT32. */
  public static Tensor arange(Number start, Number end) {
    return arange(start, end, 1);
  }

  /**
   * start, start + step, … before {@code end}: INT64 if all are whole, else FLOAT32.
   *
   * @throws IllegalArgumentException if step is 0, a bound is not finite, or the end lies on the
   *     other side
   */
  public static Tensor arange(Number start, Number end, Number step) {
    return arange(start, end, step, typeOf(start, end, step));
  }

  /** As {@link #arange(Number, Number, Number)}, of a type. */
  public static Tensor arange(Number start, Number end, Number step, DType dtype) {
    return Sequences.arange(start, end, step, dtype);
  }

  /** FLOAT32 numbers from start to end, both included, at equal distances. */
  public static Tensor linspace(Number start, Number end, long steps) {
    return linspace(start, end, steps, DType.FLOAT32);
  }

  /** Numbers from start to end, both included, at equal distances. */
  public static Tensor linspace(Number start, Number end, long steps, DType dtype) {
    return Sequences.linspace(start, end, steps, dtype);
  }

  /** FLOAT32 powers of {@code base} with exponents as {@link #linspace} gives them. */
  public static Tensor logspace(Number start, Number end, long steps, Number base) {
    return logspace(start, end, steps, base, DType.FLOAT32);
  }

  /** Powers of {@code base} with exponents as {@link #linspace} gives them. */
  public static Tensor logspace(Number start, Number end, long steps, Number base, DType dtype) {
    return Sequences.logspace(start, end, steps, base, dtype);
  }

  /** FLOAT32 [n, n] with ones on the diagonal. */
  public static Tensor eye(long n) {
    return eye(n, n, DType.FLOAT32);
  }

  /** [n, m] with ones on the diagonal. */
  public static Tensor eye(long n, long m, DType dtype) {
    return eye(Device.CPU, n, m, dtype);
  }

  static Tensor eye(Device device, long n, long m, DType dtype) {
    Tensor out = full(device, 0, dtype, n, m);
    try (Tensor diagonal = out.diagonal()) {
      diagonal.fill_(1);
    }
    return out;
  }

  /**
   * The memory of a direct buffer (of floats, doubles, longs, ints, shorts, or bytes as UINT8),
   * 1-d, shared and kept alive, from its position to its limit.
   *
   * @throws IllegalArgumentException if the buffer is on the Java heap or in a foreign byte order
   */
  public static Tensor wrap(Buffer direct) {
    DType type =
        direct instanceof FloatBuffer
            ? DType.FLOAT32
            : direct instanceof DoubleBuffer
                ? DType.FLOAT64
                : direct instanceof LongBuffer
                    ? DType.INT64
                    : direct instanceof IntBuffer
                        ? DType.INT32
                        : direct instanceof ShortBuffer ? DType.INT16 : DType.UINT8;
    if (direct instanceof CharBuffer) {
      throw new IllegalArgumentException("wrap: buffer must hold numbers; got a CharBuffer");
    }
    long[] sizes = {direct.remaining()};
    return new Tensor(new Strided(Storage.wrap(direct), type, sizes, new long[] {1}, 0));
  }

  /**
   * Data as a tensor, sharing memory where that is possible: a tensor is given back, a direct
   * buffer is wrapped; arrays and lists lie on the Java heap and are always copied.
   */
  public static Tensor asTensor(Object data) {
    if (data instanceof Tensor tensor) {
      return tensor;
    }
    return data instanceof Buffer buffer && buffer.isDirect() ? wrap(buffer) : of(data);
  }

  /** As {@link #asTensor(Object)}; another type than the data's makes a copy. */
  public static Tensor asTensor(Object data, DType dtype) {
    if (data instanceof Tensor || data instanceof Buffer) {
      return asTensor(data).to(dtype);
    }
    return of(data, dtype);
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

  /** Tensors one after the other along an existing dimension, in the type all are promoted to. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    return Cat.of(tensors, dim);
  }

  /** Tensors one after the other along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return Joining.stack(tensors, dim);
  }

  /** {@link #cat} into a tensor that is there; no gradient. */
  public static Tensor catOut(Tensor out, List<Tensor> tensors, int dim) {
    return Joining.into("cat", out, Cat.of(tensors, dim));
  }

  /** {@link #stack} into a tensor that is there; no gradient. */
  public static Tensor stackOut(Tensor out, List<Tensor> tensors, int dim) {
    return Joining.into("stack", out, Joining.stack(tensors, dim));
  }

  /** Side by side: along columns, or along the only dimension. */
  public static Tensor hstack(List<Tensor> tensors) {
    return Joining.hstack(tensors);
  }

  /** One below the other. */
  public static Tensor vstack(List<Tensor> tensors) {
    return Joining.vstack(tensors);
  }

  /** One behind the other, along the third dimension. */
  public static Tensor dstack(List<Tensor> tensors) {
    return Joining.dstack(tensors);
  }

  /** All tensors expanded to their common shape. */
  public static List<Tensor> broadcastTensors(List<Tensor> tensors) {
    return Joining.broadcast(tensors);
  }

  /** Coordinates of a grid: tensor i varies along dimension i ({@code indexing="ij"}). */
  public static List<Tensor> meshgrid(List<Tensor> tensors) {
    return Joining.meshgrid(tensors, false);
  }

  /** As {@link #meshgrid} with the first two dimensions exchanged ({@code indexing="xy"}). */
  public static List<Tensor> meshgridXy(List<Tensor> tensors) {
    return Joining.meshgrid(tensors, true);
  }

  /** condition ? a : b; condition is BOOL. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return Where.of(condition, a, b);
  }
}
