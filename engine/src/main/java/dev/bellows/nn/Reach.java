package dev.bellows.nn;

import dev.bellows.tensor.Tensor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Finds the parameters, buffers and modules reachable from an object: through arrays, collections,
 * maps, optionals and atomic references, through variables that lambdas captured, and through the
 * fields of all other objects except those of the JDK and of large libraries. Transient fields,
 * enclosing objects and fields that JPMS encapsulates are ignored.
 */
final class Reach {
  private static final int MOST_OBJECTS = 10_000;
  private static final String LAMBDA = "$$Lambda";

  private static final List<String> LIBRARIES =
      List.of(
          "org.apache.",
          "org.slf4j.",
          "ch.qos.",
          "io.netty.",
          "com.google.protobuf.",
          "org.bytedeco.",
          "jcuda.",
          "dev.bellows.memory.",
          "dev.bellows.backend.",
          "dev.bellows.autograd.");

  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return fieldsOf(type);
        }
      };

  private final Deque<Object> open = new ArrayDeque<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Object> members = new ArrayList<>();

  private Reach() {}

  /**
   * Returns the members that {@code value} is or leads to; the members of a module count as the
   * module's.
   */
  static List<Object> membersFrom(Object value) {
    Reach reach = new Reach();
    reach.add(value);
    while (!reach.open.isEmpty() && reach.seen.size() < MOST_OBJECTS) {
      reach.expand(reach.open.poll());
    }
    return reach.members;
  }

  private void add(Object value) {
    if (value == null || !seen.add(value)) {
      return;
    }
    if (ModuleFields.isKind(value.getClass())) {
      members.add(value);
    } else if (value instanceof Object[] || mayHold(value.getClass())) {
      open.add(value);
    }
  }

  private void expand(Object value) {
    if (value instanceof Object[] array) {
      for (Object element : array) {
        add(element);
      }
    } else if (value instanceof Collection<?> collection) {
      collection.forEach(this::add);
    } else if (value instanceof Map<?, ?> map) {
      map.keySet().forEach(this::add);
      map.values().forEach(this::add);
    } else if (value instanceof Map.Entry<?, ?> entry) {
      add(entry.getKey());
      add(entry.getValue());
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(this::add);
    } else if (value instanceof AtomicReference<?> reference) {
      add(reference.get());
    } else if (value instanceof AtomicReferenceArray<?> array) {
      for (int i = 0; i < array.length(); i++) {
        add(array.get(i));
      }
    }
    for (Field field : FIELDS.get(value.getClass())) {
      add(valueOf(field, value));
    }
  }

  /** Returns the fields of a class and its superclasses that may lead to a member. */
  private static List<Field> fieldsOf(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = type; c != null && !isLibrary(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (!Modifier.isStatic(modifiers)
            && !Modifier.isTransient(modifiers)
            && !isOuter(field)
            && !isSelfOfLambda(c, field)
            && mayHold(field.getType())
            && field.trySetAccessible()) {
          fields.add(field);
        }
      }
    }
    return fields;
  }

  /** Returns whether a variable of this type can lead to a member, judging by its type. */
  static boolean mayHold(Class<?> type) {
    if (type.isArray()) {
      return mayHold(type.getComponentType());
    }
    if (type.isPrimitive() || type.isEnum() || type == Class.class) {
      return false;
    }
    if (isJdk(type)) {
      return !Modifier.isFinal(type.getModifiers()) || isContainer(type);
    }
    // A plain tensor leads to its graph, and so to all parameters, but does not hold any of them.
    return type == Tensor.class
        || !Tensor.class.isAssignableFrom(type) && !isLibrary(type)
        || ModuleFields.isKind(type);
  }

  private static boolean isContainer(Class<?> type) {
    return Optional.class == type
        || Collection.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type)
        || Map.Entry.class.isAssignableFrom(type);
  }

  /** Returns whether a class is one of the JDK. */
  static boolean isJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private static boolean isLibrary(Class<?> type) {
    return isJdk(type)
        || Tensor.class.isAssignableFrom(type)
        || type == Module.class
        || isForeign(type)
        || type.getName().startsWith(Module.class.getName() + LAMBDA);
  }

  /** Returns whether a class is of a library whose objects hold no members. */
  static boolean isForeign(Class<?> type) {
    return LIBRARIES.stream().anyMatch(type.getName()::startsWith);
  }

  /**
   * Returns whether a field is an inner class's reference to its enclosing object, as Java or Scala
   * names it.
   */
  static boolean isOuter(Field field) {
    return field.isSynthetic() && field.getName().startsWith("this$")
        || field.getName().equals("$outer");
  }

  /**
   * Returns whether a field is the captured {@code this} of a lambda. It leads to everything its
   * object holds, so it counts only if it is a module.
   */
  private static boolean isSelfOfLambda(Class<?> type, Field field) {
    int at = type.isHidden() ? type.getName().indexOf(LAMBDA) : -1;
    return at > 0
        && field.getType().getName().equals(type.getName().substring(0, at))
        && !ModuleFields.isKind(field.getType());
  }

  static Object valueOf(Field field, Object of) {
    try {
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("module: cannot read field " + field, e);
    }
  }
}
