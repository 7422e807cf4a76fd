package dev.bellows.oracle;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A tensor's elements in Java, row-major: floating point as double, the others as long.
 *
 * @param dtype the element type of the tensor
 * @param shape its sizes
 * @param doubles the elements of a floating point tensor
 * @param longs the elements of any other
 */
record Values(DType dtype, long[] shape, double[] doubles, long[] longs) {
  static Values of(DType dtype, long[] shape, double... doubles) {
    return new Values(dtype, shape, doubles, null);
  }

  static Values of(DType dtype, long[] shape, long... longs) {
    return new Values(dtype, shape, null, longs);
  }

  static Values of(Tensor tensor) {
    Tensor x = tensor.detach();
    return x.dtype().isFloatingPoint()
        ? of(x.dtype(), x.shape(), x.toDoubleArray())
        : of(x.dtype(), x.shape(), x.to(DType.INT64).toLongArray());
  }

  static Values of(org.bytedeco.pytorch.Tensor tensor) {
    DType dtype = Torch.type(tensor.scalar_type());
    long[] shape = Torch.shape(tensor);
    if (dtype.isFloatingPoint()) {
      return of(dtype, shape, Torch.values(tensor));
    }
    var wide = tensor.detach().toType(ScalarType.Long).contiguous();
    long[] longs = new long[(int) wide.numel()];
    if (longs.length > 0) {
      wide.data_ptr_long().get(longs, 0, longs.length);
    }
    return of(dtype, shape, longs);
  }

  /** All elements 7, or true. */
  static Values sevens(DType dtype, long... shape) {
    double[] doubles = new double[Shapes.numel(shape)];
    Arrays.fill(doubles, 7);
    long[] longs = new long[doubles.length];
    Arrays.fill(longs, dtype == DType.BOOL ? 1 : 7);
    return dtype.isFloatingPoint() ? of(dtype, shape, doubles) : of(dtype, shape, longs);
  }

  /** Zeros of the type and shape of another. */
  static Values zeros(Values like) {
    return of(like.dtype, like.shape, new double[like.length()]);
  }

  /** The same numbers under another type, if both are of floating point. */
  Values as(DType other) {
    return isFloating() && other.isFloatingPoint() ? of(other, shape, doubles) : this;
  }

  boolean isFloating() {
    return doubles != null;
  }

  int length() {
    return doubles != null ? doubles.length : longs.length;
  }

  /** Whether all is the same, bit by bit. */
  boolean isEqualTo(Values other) {
    return dtype == other.dtype
        && Arrays.equals(shape, other.shape)
        && Arrays.equals(doubles, other.doubles)
        && Arrays.equals(longs, other.longs);
  }

  /** A tensor of the engine. */
  Tensor ours() {
    return isFloating() ? Tensor.of(doubles, shape).to(dtype) : Tensor.of(longs, shape).to(dtype);
  }

  /** A tensor of libtorch. */
  org.bytedeco.pytorch.Tensor theirs() {
    var wide =
        torch.zeros(shape, new TensorOptions(isFloating() ? ScalarType.Double : ScalarType.Long));
    if (length() > 0 && isFloating()) {
      try (DoublePointer data = wide.data_ptr_double()) {
        data.put(doubles, 0, doubles.length);
      }
    } else if (length() > 0) {
      try (LongPointer data = wide.data_ptr_long()) {
        data.put(longs, 0, longs.length);
      }
    }
    return wide.toType(Torch.type(dtype));
  }

  /** The nearest number that the type can hold. */
  static double round(DType dtype, double value) {
    return switch (dtype.name()) {
      case "FLOAT32" -> (float) value;
      case "FLOAT16" -> round(value, 10, -14);
      case "BFLOAT16" -> round(value, 7, -126);
      default -> value;
    };
  }

  private static double round(double value, int bits, int smallest) {
    if (value == 0 || !Double.isFinite(value)) {
      return value;
    }
    double unit = Math.scalb(1, Math.max(Math.getExponent(value), smallest) - bits);
    return Math.rint(value / unit) * unit;
  }

  /** Type and shape, with the elements if they are few. */
  @Override
  public String toString() {
    String text = isFloating() ? Arrays.toString(doubles) : Arrays.toString(longs);
    return dtype + Arrays.toString(shape) + (length() <= 64 ? " " + text : "");
  }
}
