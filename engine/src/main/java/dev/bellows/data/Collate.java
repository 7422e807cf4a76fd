package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.nn.TensorTree;
import dev.bellows.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes batches of samples. Tensors and arrays of primitives are stacked along a new dimension 0;
 * numbers become a tensor [n]: Float FLOAT32, Double FLOAT64, other numbers INT64, Boolean BOOL.
 * Maps, records, lists and arrays of objects are collated entry by entry.
 */
public final class Collate {
  private Collate() {}

  /**
   * Collates samples to named tensors. The names are the keys of maps, the components of records,
   * and positions "0", "1" and so on of lists; a sample that is a tensor or number has the name
   * "0". Names inside names are joined by a dot.
   *
   * @throws IllegalArgumentException if there is no sample, they differ in shape, type, keys or
   *     length, or they hold what makes no tensor, such as strings
   */
  public static Batch batch(List<?> samples) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    name("", nested(samples), inputs);
    return Batch.of(inputs);
  }

  private static void name(String prefix, Object value, Map<String, Tensor> inputs) {
    if (value instanceof Tensor tensor) {
      inputs.put(prefix.isEmpty() ? "0" : prefix, tensor);
    } else if (value instanceof String) {
      throw new IllegalArgumentException(
          "collate: inputs of a batch must be tensors or numbers; got strings. Collate.nested keeps"
              + " them");
    } else {
      Map<?, ?> parts =
          value instanceof Map<?, ?> map ? map : Batch.byPosition(List.copyOf((List<?>) value));
      parts.forEach(
          (key, part) -> name(prefix.isEmpty() ? "" + key : prefix + "." + key, part, inputs));
    }
  }

  /**
   * Collates samples as PyTorch's {@code default_collate} does. Of maps and records it makes a map
   * with the same keys or the names of components, of lists and arrays of objects a list; strings
   * stay a list.
   *
   * @throws IllegalArgumentException if there is no sample, they differ in shape, type, keys or
   *     length, or they hold something else
   */
  public static Object nested(List<?> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("collate: there must be samples; got none");
    }
    Object first = samples.get(0);
    requireOneKind(samples, first);
    if (first instanceof Tensor) {
      return stacked(samples, each -> (Tensor) each);
    } else if (first instanceof Number || first instanceof Boolean) {
      return numbers(samples, first);
    } else if (first instanceof String) {
      return List.copyOf(samples);
    } else if (first instanceof Map) {
      return entries(samples, each -> (Map<?, ?>) each);
    } else if (first instanceof Record) {
      return entries(samples, Collate::components);
    } else if (first instanceof List) {
      return elements(samples, each -> (List<?>) each);
    } else if (first instanceof Object[]) {
      return elements(samples, each -> Arrays.asList((Object[]) each));
    } else if (first.getClass().isArray()) {
      return stacked(samples, Tensor::of);
    }
    throw new IllegalArgumentException(
        message(
            "collate: batch must contain tensors, numbers, strings, maps, records, lists or arrays;"
                + " found %s",
            first.getClass().getName()));
  }

  private static void requireOneKind(List<?> samples, Object first) {
    for (int i = 0; i < samples.size(); i++) {
      Object sample = samples.get(i);
      if (sample == null) {
        throw new IllegalArgumentException(
            message("collate: samples must not be null; got null at entry %s", i));
      }
      if (kind(sample) != kind(first)) {
        throw new IllegalArgumentException(
            message(
                "collate: samples must be of one type; got %s at entry 0 and %s at entry %s",
                kind(first).getSimpleName(), kind(sample).getSimpleName(), i));
      }
    }
  }

  /** Returns a class that samples of one batch share. */
  private static Class<?> kind(Object sample) {
    for (Class<?> kind : new Class<?>[] {Tensor.class, Map.class, List.class, Object[].class}) {
      if (kind.isInstance(sample)) {
        return kind;
      }
    }
    return sample.getClass();
  }

  private static Tensor stacked(List<?> samples, Function<Object, Tensor> tensor) {
    List<Tensor> tensors = new ArrayList<>();
    for (Object sample : samples) {
      Tensor next = tensor.apply(sample);
      Tensor first = tensors.isEmpty() ? next : tensors.get(0);
      if (!Arrays.equals(next.shape(), first.shape()) || next.dtype() != first.dtype()) {
        throw new IllegalArgumentException(
            message(
                "collate: stack expects each tensor to be equal size, but got %s %s at entry 0 and"
                    + " %s %s at entry %s",
                first.dtype(), first.shape(), next.dtype(), next.shape(), tensors.size()));
      }
      tensors.add(next);
    }
    return Tensor.stack(tensors, 0);
  }

  private static Tensor numbers(List<?> samples, Object first) {
    if (first instanceof Boolean) {
      boolean[] values = new boolean[samples.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (Boolean) samples.get(i);
      }
      return Tensor.of(values);
    }
    if (first instanceof Double || first instanceof Float) {
      double[] values =
          samples.stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
      return Tensor.of(values).to(first instanceof Float ? DType.FLOAT32 : DType.FLOAT64);
    }
    if (first instanceof BigDecimal) {
      return Tensor.of(
          samples.stream().mapToDouble(each -> ((BigDecimal) each).doubleValue()).toArray());
    }
    if (first instanceof Long
        || first instanceof Integer
        || first instanceof Short
        || first instanceof Byte) {
      return Tensor.of(samples.stream().mapToLong(each -> ((Number) each).longValue()).toArray());
    }
    throw new IllegalArgumentException(
        message(
            "collate: numbers must be of Java's primitive types or BigDecimal; got %s",
            first.getClass().getName()));
  }

  private static Map<?, ?> components(Object sample) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : sample.getClass().getRecordComponents()) {
      values.put(component.getName(), TensorTree.read(component, sample));
    }
    return values;
  }

  private static Map<Object, Object> entries(
      List<?> samples, Function<Object, Map<?, ?>> entriesOf) {
    List<Map<?, ?>> maps = new ArrayList<>();
    samples.forEach(sample -> maps.add(entriesOf.apply(sample)));
    Map<Object, Object> out = new LinkedHashMap<>();
    for (int i = 0; i < maps.size(); i++) {
      if (!maps.get(i).keySet().equals(maps.get(0).keySet())) {
        throw new IllegalArgumentException(
            message(
                "collate: maps must have the same keys; got %s at entry 0 and %s at entry %s",
                maps.get(0).keySet(), maps.get(i).keySet(), i));
      }
    }
    for (Object key : maps.get(0).keySet()) {
      List<Object> values = new ArrayList<>();
      maps.forEach(map -> values.add(map.get(key)));
      out.put(key, part(String.valueOf(key), values));
    }
    return out;
  }

  private static List<Object> elements(List<?> samples, Function<Object, List<?>> elementsOf) {
    List<List<?>> lists = new ArrayList<>();
    samples.forEach(sample -> lists.add(elementsOf.apply(sample)));
    int length = lists.get(0).size();
    for (int i = 0; i < lists.size(); i++) {
      if (lists.get(i).size() != length) {
        throw new IllegalArgumentException(
            message(
                "collate: each element in list of batch should be of equal size; got %s at entry 0"
                    + " and %s at entry %s",
                length, lists.get(i).size(), i));
      }
    }
    List<Object> out = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      List<Object> values = new ArrayList<>();
      for (List<?> list : lists) {
        values.add(list.get(i));
      }
      out.add(part(String.valueOf(i), values));
    }
    return out;
  }

  private static Object part(String name, List<?> values) {
    try {
      return nested(values);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(message("%s, in %s", e.getMessage(), name), e);
    }
  }
}
