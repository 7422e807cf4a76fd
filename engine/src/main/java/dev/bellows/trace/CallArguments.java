package dev.bellows.trace;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Device;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Converts the arguments of calls to what {@link TracedCall} holds, and back to the types of a
 * method's parameters. Classes are never named by a trace: only parameters and fields say them.
 */
final class CallArguments {
  private static final String DEFAULT_GENERATOR = "default";

  private CallArguments() {}

  /**
   * Converts an argument.
   *
   * @param names gives a tensor's name
   * @throws UnsupportedOperationException if it is of a type that a trace cannot hold
   */
  static Object encode(Object value, Function<Tensor, String> names) {
    if (value == null || value instanceof Boolean || value instanceof String) {
      return value;
    }
    if (value instanceof Number number) {
      boolean isWhole = !(value instanceof Float || value instanceof Double);
      return isWhole ? (Object) number.longValue() : (Object) number.doubleValue();
    }
    if (value instanceof Tensor tensor) {
      return new TracedCall.Value(names.apply(tensor));
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Device) {
      return value.toString();
    }
    if (value instanceof Generator && value == Generator.current()) {
      return DEFAULT_GENERATOR;
    }
    if (value instanceof List<?> || value.getClass().isArray()) {
      List<Object> items = new ArrayList<>();
      forEach(value, each -> items.add(encode(each, names)));
      return Collections.unmodifiableList(items);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Field field : fields(creatable(value.getClass()))) {
      fields.put(field.getName(), encode(read(field, value), names));
    }
    return Collections.unmodifiableMap(fields);
  }

  /** Returns whether a value is without parts: neither a tensor, a list, tensors nor options. */
  static boolean isPlain(Object value) {
    return value == null
        || value instanceof Boolean
        || value instanceof String
        || value instanceof Number
        || value instanceof Enum<?>
        || value instanceof Device
        || value instanceof Generator
        || value.getClass().isArray() && !(value instanceof Tensor[]);
  }

  private static void forEach(Object listOrArray, Consumer<Object> action) {
    if (listOrArray instanceof List<?> list) {
      list.forEach(action);
      return;
    }
    for (int i = 0; i < Array.getLength(listOrArray); i++) {
      action.accept(Array.get(listOrArray, i));
    }
  }

  /** Passes the tensors of a result: itself, or those in a list or a record. */
  static void tensors(Object result, Consumer<Tensor> action) {
    if (result instanceof Tensor tensor) {
      action.accept(tensor);
    } else if (result instanceof List<?>) {
      forEach(result, each -> tensors(each, action));
    } else if (result instanceof Record) {
      for (Field field : fields(result.getClass())) {
        if (!field.getType().isPrimitive()) {
          tensors(read(field, result), action);
        }
      }
    }
  }

  /** Returns whether an argument contains tensors. */
  static boolean hasValues(Object argument) {
    if (argument instanceof List<?> list) {
      return list.stream().anyMatch(CallArguments::hasValues);
    }
    return argument instanceof TracedCall.Value
        || argument instanceof Map<?, ?> map
            && map.values().stream().anyMatch(CallArguments::hasValues);
  }

  /** Returns whether an argument of a type is to be determined for each run. */
  static boolean isDrawn(Type type) {
    return type == Generator.class;
  }

  /** Passes the names of the tensors in an argument. */
  static void names(Object argument, Consumer<String> action) {
    if (argument instanceof TracedCall.Value value) {
      action.accept(value.name());
    } else if (argument instanceof List<?> list) {
      list.forEach(each -> names(each, action));
    } else if (argument instanceof Map<?, ?> map) {
      map.values().forEach(each -> names(each, action));
    }
  }

  /**
   * Converts an argument to a type.
   *
   * @param tensors gives the tensor of a name
   * @throws IllegalArgumentException if it does not fit the type
   */
  static Object decode(Object argument, Type type, Function<String, Tensor> tensors) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      List<Object> items = new ArrayList<>();
      for (Object each : cast(argument, List.class, type)) {
        items.add(decode(each, generic.getActualTypeArguments()[0], tensors));
      }
      return items;
    }
    if (!(type instanceof Class<?> target)) {
      throw mismatch(argument, type);
    }
    if (argument == null) {
      if (target.isPrimitive()) {
        throw mismatch(null, type);
      }
      return null;
    }
    if (target == Tensor.class) {
      return tensors.apply(cast(argument, TracedCall.Value.class, type).name());
    }
    if (target.isArray()) {
      return array(cast(argument, List.class, type), target.getComponentType(), tensors);
    }
    Object simple = simple(argument, target);
    return simple != null ? simple : create(argument, target, tensors);
  }

  private static Object array(List<?> items, Class<?> component, Function<String, Tensor> tensors) {
    Object array = Array.newInstance(component, items.size());
    for (int i = 0; i < items.size(); i++) {
      Array.set(array, i, decode(items.get(i), component, tensors));
    }
    return array;
  }

  /** Returns a value of a type without fields, or null if the type has some. */
  private static Object simple(Object argument, Class<?> target) {
    if (target == boolean.class || target == Boolean.class) {
      return cast(argument, Boolean.class, target);
    }
    if (target == String.class) {
      return cast(argument, String.class, target);
    }
    if (target.isEnum()) {
      String name = cast(argument, String.class, target);
      for (Object constant : target.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
      throw mismatch(argument, target);
    }
    if (target == Device.class) {
      return Device.parse(cast(argument, String.class, target));
    }
    if (target == Generator.class) {
      if (!argument.equals(DEFAULT_GENERATOR)) {
        throw mismatch(argument, target);
      }
      return Generator.current();
    }
    return number(argument, target);
  }

  private static Object number(Object argument, Class<?> target) {
    if (target == Number.class) {
      return cast(argument, Number.class, target);
    }
    if (target == double.class || target == Double.class) {
      return cast(argument, Number.class, target).doubleValue();
    }
    boolean isInt = target == int.class || target == Integer.class;
    if (!isInt && target != long.class && target != Long.class) {
      return null;
    }
    Number number = cast(argument, Number.class, target);
    if (number instanceof Double || isInt && number.intValue() != number.longValue()) {
      throw mismatch(argument, target);
    }
    return isInt ? (Object) number.intValue() : (Object) number.longValue();
  }

  private static <T> T cast(Object argument, Class<T> wanted, Type type) {
    if (!wanted.isInstance(argument)) {
      throw mismatch(argument, type);
    }
    return wanted.cast(argument);
  }

  private static IllegalArgumentException mismatch(Object argument, Type type) {
    return new IllegalArgumentException(
        message("argument must be of type %s; got %s", type.getTypeName(), argument));
  }

  // ---- objects with fields

  /** Returns the fields, those of the superclass first. */
  private static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    if (type.getSuperclass() != null && type.getSuperclass() != Object.class) {
      fields.addAll(fields(type.getSuperclass()));
    }
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
        field.setAccessible(true);
        fields.add(field);
      }
    }
    return fields;
  }

  private static Object read(Field field, Object of) {
    try {
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a class whose objects can be made of their fields. */
  private static Class<?> creatable(Class<?> type) {
    if (!type.getName().startsWith("dev.bellows.") || constructor(type) == null) {
      throw new UnsupportedOperationException(
          message(
              "Trace: a trace holds numbers, tensors and options as arguments; got a %s",
              type.getName()));
    }
    return type;
  }

  /** Returns a constructor of all fields, else that without parameters, else null. */
  private static Constructor<?> constructor(Class<?> type) {
    if (type.isSynthetic() || type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
      return null;
    }
    Class<?>[] types = fields(type).stream().map(Field::getType).toArray(Class<?>[]::new);
    for (Class<?>[] parameters : List.of(types, new Class<?>[0])) {
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(parameters);
        constructor.setAccessible(true);
        return constructor;
      } catch (NoSuchMethodException e) {
        continue;
      }
    }
    return null;
  }

  private static Object create(Object argument, Class<?> type, Function<String, Tensor> tensors) {
    Constructor<?> constructor = constructor(type);
    if (!type.getName().startsWith("dev.bellows.")
        || constructor == null
        || !(argument instanceof Map<?, ?> given)) {
      throw mismatch(argument, type);
    }
    List<Field> fields = fields(type);
    Object[] values = new Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      Field field = fields.get(i);
      if (!given.containsKey(field.getName())) {
        throw new IllegalArgumentException(
            message("%s needs a field %s; got %s", type.getSimpleName(), field.getName(), given));
      }
      values[i] = decode(given.get(field.getName()), field.getGenericType(), tensors);
    }
    try {
      if (constructor.getParameterCount() == values.length) {
        return constructor.newInstance(values);
      }
      Object made = constructor.newInstance();
      for (int i = 0; i < values.length; i++) {
        fields.get(i).set(made, values[i]);
      }
      return made;
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(String.valueOf(e.getCause().getMessage()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
