package dev.bellows.nn;

import dev.bellows.tensor.Tensor;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The tensors inside a value, such as the input or output of a module: in arrays of objects, lists,
 * maps and records, to any depth, in order. A null stands for an absent tensor; all other values
 * hold none.
 */
public final class TensorTree {
  private TensorTree() {}

  /** Returns the tensors of a value. */
  public static Tensor[] leaves(Object value) {
    return leaves(value, other -> {});
  }

  /** Returns the tensors of a value, and calls a function with the parts of other classes. */
  public static Tensor[] leaves(Object value, Consumer<Object> others) {
    List<Tensor> leaves = new ArrayList<>();
    collect(value, leaves, others);
    return leaves.toArray(Tensor[]::new);
  }

  private static void collect(Object value, List<Tensor> leaves, Consumer<Object> others) {
    if (value == null || value instanceof Tensor) {
      leaves.add((Tensor) value);
    } else if (value instanceof Object[] array) {
      Arrays.stream(array).forEach(each -> collect(each, leaves, others));
    } else if (value instanceof List<?> list) {
      list.forEach(each -> collect(each, leaves, others));
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(each -> collect(each, leaves, others));
    } else if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        if (!component.getType().isPrimitive()) {
          collect(read(component, value), leaves, others);
        }
      }
    } else {
      others.accept(value);
    }
  }

  /**
   * Returns a value like the given one with other tensors, or the value itself if they are the same
   * ones.
   */
  @SuppressWarnings("unchecked") // of the value's class
  public static <T> T replace(T value, Tensor... leaves) {
    Tensor[] before = leaves(value);
    if (before.length == leaves.length && sameObjects(before, leaves)) {
      return value;
    }
    return (T) build(value, Arrays.asList(leaves).iterator());
  }

  private static boolean sameObjects(Tensor[] a, Tensor... b) {
    for (int i = 0; i < a.length; i++) {
      if (a[i] != b[i]) {
        return false;
      }
    }
    return true;
  }

  private static Object build(Object value, Iterator<Tensor> leaves) {
    if (value == null || value instanceof Tensor) {
      return leaves.next();
    }
    if (value instanceof Object[] array) {
      Object[] out = array.clone();
      Arrays.setAll(out, i -> build(array[i], leaves));
      return out;
    }
    if (value instanceof List<?> list) {
      List<Object> out = new ArrayList<>();
      list.forEach(each -> out.add(build(each, leaves)));
      return Collections.unmodifiableList(out);
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> out = new LinkedHashMap<>();
      map.forEach((key, each) -> out.put(key, build(each, leaves)));
      return Collections.unmodifiableMap(out);
    }
    return value instanceof Record ? buildRecord(value, leaves) : value;
  }

  private static Object buildRecord(Object value, Iterator<Tensor> leaves) {
    RecordComponent[] components = value.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      Object part = read(components[i], value);
      values[i] = types[i].isPrimitive() ? part : build(part, leaves);
    }
    return create(value.getClass(), types, values);
  }

  /** Creates a record from the types and values of its components. */
  static Object create(Class<?> record, Class<?>[] types, Object... values) {
    try {
      Constructor<?> constructor = record.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("module: cannot create a " + record, e);
    }
  }

  /** Returns the value of a record's component. */
  public static Object read(RecordComponent component, Object of) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("module: cannot read " + component, e);
    }
  }
}
