package dev.bellows.oracle;

import dev.bellows.memory.DType;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Carries arrays to libtorch and back. */
final class Torch {
  static {
    torch.set_num_threads(1);
  }

  private Torch() {}

  static ScalarType type(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> ScalarType.Float;
      case FLOAT64 -> ScalarType.Double;
      case FLOAT16 -> ScalarType.Half;
      case BFLOAT16 -> ScalarType.BFloat16;
      case INT64 -> ScalarType.Long;
      case INT16 -> ScalarType.Short;
      case INT8 -> ScalarType.Char;
      case INT32 -> ScalarType.Int;
      case UINT8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
    };
  }

  static DType type(ScalarType type) {
    return switch (type.intern()) {
      case Float -> DType.FLOAT32;
      case Double -> DType.FLOAT64;
      case Half -> DType.FLOAT16;
      case BFloat16 -> DType.BFLOAT16;
      case Long -> DType.INT64;
      case Short -> DType.INT16;
      case Char -> DType.INT8;
      case Int -> DType.INT32;
      case Byte -> DType.UINT8;
      case Bool -> DType.BOOL;
      default -> throw new IllegalArgumentException("no such type here: " + type);
    };
  }

  /** Values written through the data pointer: references to Java arrays do not outlive a call. */
  static Tensor of(DType dtype, double[] values, long... shape) {
    Tensor wide = torch.zeros(shape, new TensorOptions(ScalarType.Double));
    if (values.length > 0) {
      try (DoublePointer data = wide.data_ptr_double()) {
        data.put(values, 0, values.length);
      }
    }
    return dtype == DType.FLOAT64 ? wide : wide.toType(type(dtype));
  }

  /** The same values and shape, row-major. */
  static Tensor of(dev.bellows.tensor.Tensor ours) {
    return of(ours.dtype(), ours.toDoubleArray(), ours.shape());
  }

  static double[] values(Tensor tensor) {
    Tensor wide = tensor.detach().toType(ScalarType.Double).contiguous();
    double[] out = new double[(int) wide.numel()];
    if (out.length > 0) {
      wide.data_ptr_double().get(out, 0, out.length);
    }
    return out;
  }

  static long[] shape(Tensor tensor) {
    long[] out = new long[(int) tensor.dim()];
    for (int d = 0; d < out.length; d++) {
      out[d] = tensor.size(d);
    }
    return out;
  }
}
