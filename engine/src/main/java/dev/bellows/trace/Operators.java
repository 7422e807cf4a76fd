package dev.bellows.trace;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The operations that calls name: those of {@code Tensor} and {@code Functional}. */
final class Operators {
  private static final Map<String, Method> BY_SIGNATURE = table();

  private Operators() {}

  private static Map<String, Method> table() {
    Map<String, Method> table = new HashMap<>();
    for (Class<?> type = Tensor.class; type != Object.class; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        add(table, "", method);
      }
    }
    for (Method method : Functional.class.getDeclaredMethods()) {
      add(table, "nn.", method);
    }
    return Collections.unmodifiableMap(table);
  }

  private static void add(Map<String, Method> table, String prefix, Method method) {
    Class<?> result = method.getReturnType();
    boolean hasTensors = result == Tensor.class || result == List.class || result.isRecord();
    if (Modifier.isPublic(method.getModifiers())
        && hasTensors
        && !method.getName().equals("wrap")) { // takes memory of the caller
      method.setAccessible(true); // the class that declares most of a tensor's is not public
      String types =
          Arrays.stream(method.getParameterTypes())
              .map(Class::getSimpleName)
              .collect(Collectors.joining(","));
      table.put(prefix + method.getName() + "(" + types + ")", method);
    }
  }

  /** Returns the method for a signature, or null if there is none. */
  static Method find(String signature) {
    return BY_SIGNATURE.get(signature);
  }

  /** Returns the names of all operations, without parameters and without {@code nn.}. */
  static Set<String> names() {
    return BY_SIGNATURE.keySet().stream()
        .map(call -> call.substring(call.startsWith("nn.") ? 3 : 0, call.indexOf('(')))
        .collect(Collectors.toSet());
  }

  /** Returns the number of arguments, the tensor itself among them. */
  static int arguments(Method method) {
    return method.getParameterCount() + (isStatic(method) ? 0 : 1);
  }

  static boolean isStatic(Method method) {
    return Modifier.isStatic(method.getModifiers());
  }

  /** Calls a method; an exception that it throws comes out as it is. */
  static Object invoke(Method method, Object... arguments) {
    try {
      return isStatic(method)
          ? method.invoke(null, arguments)
          : method.invoke(arguments[0], Arrays.copyOfRange(arguments, 1, arguments.length));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
