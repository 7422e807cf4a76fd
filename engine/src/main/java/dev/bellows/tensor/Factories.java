package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.SizeOverflowException;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import dev.bellows.ops.Types;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** How the factory methods of {@link Tensor} make tensors, and what they check. */
final class Factories {
  private Factories() {}

  static Tensor of(boolean[] values, long... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return fromArray(DType.BOOL, bytes, values.length, shape);
  }

  static Tensor fromArray(DType dtype, Object values, long length, long... shape) {
    long[] sizes = shape.clone();
    checkSizes(sizes);
    if (Shapes.numel(sizes) != length) {
      throw new IllegalArgumentException(
          message("shape '%s' is invalid for input of size %s", sizes, length));
    }
    Tensor out = Internals.allocate(Device.CPU, dtype, sizes);
    Memory.copyFromArray(values, out.strided().address(), length * dtype.bytes());
    return out;
  }

  private static void checkSizes(long... sizes) {
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException(
            message("Trying to create tensor with negative dimension %s: %s", size, sizes));
      }
    }
  }

  static DType typeOf(Number... values) {
    for (Number value : values) {
      if (Types.isReal(value)) {
        return DType.FLOAT32;
      }
    }
    return DType.INT64;
  }

  static Tensor empty(String operation, Device device, DType dtype, long... shape) {
    checkSizes(shape);
    try {
      return Internals.allocate(device, dtype, shape.clone());
    } catch (SizeOverflowException e) {
      throw e.in(operation);
    }
  }

  static Tensor full(String operation, Device device, Number value, DType dtype, long... shape) {
    checkFits(operation, value, dtype);
    Tensor out = empty(operation, device, dtype, shape);
    Internals.kernels(out).fill(out.strided().physical(), value);
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
      fits = !Double.isFinite(real) || Math.abs(real) <= dtype.largest();
    } else if (Types.isReal(value)) {
      fits = real >= dtype.minValue() && real <= dtype.maxValue() && real < 0x1p63;
    } else {
      fits = value.longValue() >= dtype.minValue() && value.longValue() <= dtype.maxValue();
    }
    if (!fits) {
      throw new IllegalArgumentException(
          message(
              "%s: value cannot be converted to type %s without overflow; got %s",
              operation, dtype, value));
    }
  }

  static Tensor fullLike(Tensor like, Number value, DType dtype) {
    checkFits("fullLike", value, dtype);
    Tensor out = Tensor.emptyLike(like, dtype);
    Internals.kernels(out).fill(out.strided().physical(), value);
    return out;
  }

  static Tensor eye(Device device, long n, long m, DType dtype) {
    Tensor out = full("eye", device, 0, dtype, n, m);
    try (Tensor diagonal = out.diagonal()) {
      diagonal.fill_(1);
    }
    return out;
  }

  static Tensor wrap(Buffer direct) {
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

  static Tensor asTensor(Object data) {
    if (data instanceof Tensor tensor) {
      return tensor;
    }
    return data instanceof Buffer buffer && buffer.isDirect() ? wrap(buffer) : Tensor.of(data);
  }

  static Tensor asTensor(Object data, DType dtype) {
    if (data instanceof Tensor || data instanceof Buffer) {
      return asTensor(data).to(dtype);
    }
    return Tensor.of(data, dtype);
  }

  static Tensor wrap(ByteBuffer direct, DType dtype, long... shape) {
    checkSizes(shape);
    long bytes = Shapes.bytes(dtype, shape);
    if (bytes > direct.remaining()) {
      throw new IllegalArgumentException(
          message(
              "wrap: buffer must hold the shape; got %s bytes for %s%s of %s",
              direct.remaining(), dtype, shape, bytes));
    }
    long[] sizes = shape.clone();
    return new Tensor(
        new Strided(Storage.wrap(direct), dtype, sizes, Shapes.contiguousStrides(sizes), 0));
  }
}
