package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Nested Java arrays and lists, to tensors and back. */
final class Nested {
  /** What all Java machines can allocate. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private Nested() {}

  /**
   * Returns the tensor of nested arrays or lists.
   *
   * @param dtype null for the elements' own
   */
  static Tensor tensor(Object nested, DType dtype) {
    if (nested == null) {
      throw new IllegalArgumentException("tensor: must be numbers in arrays or lists; got null");
    }
    if (nested instanceof Tensor tensor) {
      Tensor copy = tensor.detach().clone();
      return dtype == null ? copy : copy.to(dtype);
    }
    long[] shape = shape(nested);
    List<Object> flat = new ArrayList<>();
    flatten(nested, shape, 0, flat);
    DType own = elementType(nested, flat);
    try (Tensor values = values(flat, own, shape)) {
      DType type = dtype == null ? own : dtype;
      return values.dtype() == type ? values.clone() : values.to(type);
    }
  }

  private static boolean isSequence(Object o) {
    return o instanceof List || o != null && o.getClass().isArray();
  }

  private static int length(Object sequence) {
    return sequence instanceof List<?> list ? list.size() : Array.getLength(sequence);
  }

  private static Object get(Object sequence, int i) {
    return sequence instanceof List<?> list ? list.get(i) : Array.get(sequence, i);
  }

  private static long[] shape(Object nested) {
    List<Long> sizes = new ArrayList<>();
    Object inner = nested;
    while (isSequence(inner)) {
      int n = length(inner);
      sizes.add((long) n);
      if (n == 0) {
        break;
      }
      inner = get(inner, 0);
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  private static void flatten(Object nested, long[] shape, int d, List<Object> out) {
    if (d == shape.length) {
      if (!(nested instanceof Number) && !(nested instanceof Boolean)) {
        throw new IllegalArgumentException(
            message(
                "tensor: elements must be numbers or booleans; got %s",
                nested == null ? "null" : nested.getClass().getSimpleName()));
      }
      out.add(nested);
      return;
    }
    if (!isSequence(nested) || length(nested) != shape[d]) {
      throw new IllegalArgumentException(
          "expected sequence of length "
              + shape[d]
              + " at dim "
              + d
              + " (got "
              + (isSequence(nested) ? Integer.toString(length(nested)) : String.valueOf(nested))
              + ")");
    }
    for (int i = 0; i < shape[d]; i++) {
      flatten(get(nested, i), shape, d + 1, out);
    }
  }

  private static DType elementType(Object nested, List<Object> flat) {
    Class<?> type = nested.getClass();
    while (type.isArray()) {
      type = type.getComponentType();
    }
    if (type.isPrimitive()) {
      return type == float.class
          ? DType.FLOAT32
          : type == double.class
              ? DType.FLOAT64
              : type == long.class
                  ? DType.INT64
                  : type == int.class
                      ? DType.INT32
                      : type == short.class
                          ? DType.INT16
                          : type == byte.class ? DType.UINT8 : DType.BOOL;
    }
    boolean real = flat.isEmpty();
    boolean whole = false;
    for (Object each : flat) {
      real |= each instanceof Double || each instanceof Float;
      whole |= each instanceof Number;
    }
    return real ? DType.FLOAT32 : whole ? DType.INT64 : DType.BOOL;
  }

  private static Tensor values(List<Object> flat, DType type, long[] shape) {
    if (type.isFloatingPoint()) {
      double[] values = new double[flat.size()];
      Arrays.setAll(values, i -> number(flat.get(i)).doubleValue());
      return Tensor.of(values, shape);
    }
    long[] values = new long[flat.size()];
    Arrays.setAll(values, i -> number(flat.get(i)).longValue());
    return Tensor.of(values, shape);
  }

  private static Number number(Object value) {
    return value instanceof Boolean truth ? (truth ? 1 : 0) : (Number) value;
  }

  /** A nested array of the elements' Java type; the element itself without dimensions. */
  /** Returns the number of elements, where that many fit a Java array. */
  static int arrayLength(Tensor x) {
    if (x.numel() > MAX_ARRAY) {
      throw new IllegalStateException(
          message(
              "toArray: a Java array holds at most %s elements; got %s%s; narrow() it first",
              MAX_ARRAY, x.dtype(), x.shape()));
    }
    return (int) x.numel();
  }

  static Object array(Tensor x) {
    Object flat =
        switch (x.dtype()) {
          case FLOAT32, FLOAT16, BFLOAT16 -> x.toFloatArray();
          case FLOAT64 -> x.toDoubleArray();
          case INT64 -> x.toLongArray();
          case INT32 -> x.toIntArray();
          case INT16 -> x.toShortArray();
          case INT8, UINT8 -> x.toByteArray();
          case BOOL -> x.toBooleanArray();
        };
    return part(flat, x.shape(), 0, new int[1]);
  }

  private static Object part(Object flat, long[] shape, int d, int[] next) {
    if (d == shape.length) {
      return Array.get(flat, next[0]++);
    }
    int n = Math.toIntExact(shape[d]);
    int[] sizes = new int[shape.length - d];
    Arrays.setAll(sizes, i -> Math.toIntExact(shape[d + i]));
    Class<?> element = flat.getClass().getComponentType();
    Object out = Array.newInstance(element, sizes);
    for (int i = 0; i < n; i++) {
      Array.set(out, i, part(flat, shape, d + 1, next));
    }
    return out;
  }

  /** Returns nested lists of Double, Long or Boolean; the element itself without dimensions. */
  static Object list(Tensor x) {
    Object flat =
        x.dtype() == DType.BOOL
            ? x.toBooleanArray()
            : x.dtype().isFloatingPoint() ? x.toDoubleArray() : x.toLongArray();
    return listPart(flat, x.shape(), 0, new int[1]);
  }

  private static Object listPart(Object flat, long[] shape, int d, int[] next) {
    if (d == shape.length) {
      return Array.get(flat, next[0]++);
    }
    List<Object> out = new ArrayList<>();
    for (int i = 0; i < shape[d]; i++) {
      out.add(listPart(flat, shape, d + 1, next));
    }
    return out;
  }
}
