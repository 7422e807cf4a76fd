package dev.bellows.oracle;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * One call of an operation.
 *
 * @param script TorchScript over x0, x1, …: an expression, or lines with a {@code return}; a
 *     tensor, or a tuple or list of tensors
 * @param ours the same with the engine: a Tensor, Tensor[], List of tensors, number or boolean
 * @param inPlaceScript the call that writes over x0, as {@code x0.add_(x1)}; null if there is none
 * @param inPlace the same with the engine
 * @param args what x0, x1, … are
 */
record Sample(
    String script,
    Function<Tensor[], Object> ours,
    String inPlaceScript,
    Function<Tensor[], Tensor> inPlace,
    List<Arg> args) {

  /** A script whose {@code {}} are replaced by constants in turn: numbers, arrays, types, null. */
  static Sample of(String script, Object... constants) {
    return new Sample(filled(script, constants), null, null, null, List.of());
  }

  Sample ours(Function<Tensor[], Object> function) {
    return new Sample(script, function, inPlaceScript, inPlace, args);
  }

  /** The operation in place; none if the function is null. */
  Sample inPlace(Function<Tensor[], Tensor> function, String inPlaceText, Object... constants) {
    String filled = function == null ? null : filled(inPlaceText, constants);
    return new Sample(script, ours, filled, function, args);
  }

  Sample args(Arg... arguments) {
    return new Sample(script, ours, inPlaceScript, inPlace, List.of(arguments));
  }

  private static String filled(String script, Object... constants) {
    StringBuilder text = new StringBuilder();
    String[] parts = script.split("\\{}", -1);
    if (parts.length != constants.length + 1) {
      throw new IllegalArgumentException(script + ": " + constants.length + " constants");
    }
    for (int i = 0; i < parts.length; i++) {
      text.append(parts[i]).append(i < constants.length ? text(constants[i]) : "");
    }
    return text.toString();
  }

  /**
   * A constant as TorchScript writes it: whole numbers of floating point types keep their point.
   */
  static String text(Object constant) {
    if (constant == null) {
      return "None";
    } else if (constant instanceof Boolean b) {
      return b ? "True" : "False";
    } else if (constant instanceof Double || constant instanceof Float) {
      double d = ((Number) constant).doubleValue();
      return Double.isFinite(d)
          ? Double.toString(d)
          : "float('" + (Double.isNaN(d) ? "nan" : d > 0 ? "inf" : "-inf") + "')";
    } else if (constant instanceof DType dtype) {
      return Integer.toString(number(dtype));
    } else if (constant instanceof int[] a) {
      return Arrays.toString(a);
    } else if (constant instanceof long[] a) {
      return Arrays.toString(a);
    } else if (constant instanceof List<?> list) {
      return list.stream().map(Sample::text).toList().toString();
    } else if (constant instanceof Enum<?> e) {
      return "'" + e.name().toLowerCase(java.util.Locale.ROOT) + "'";
    }
    return constant.toString();
  }

  /** Returns TorchScript's code of a type; libtorch may be missing on machines with a GPU. */
  private static int number(DType type) {
    return switch (type) {
      case UINT8 -> 0;
      case INT8 -> 1;
      case INT16 -> 2;
      case INT32 -> 3;
      case INT64 -> 4;
      case FLOAT16 -> 5;
      case FLOAT32 -> 6;
      case FLOAT64 -> 7;
      case BOOL -> 11;
      case BFLOAT16 -> 15;
    };
  }
}
