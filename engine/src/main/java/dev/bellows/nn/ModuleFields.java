package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The fields of a module class that hold parameters, buffers and modules, found once per class:
 * superclass first, then in order of declaration (the order in which HotSpot lists them). Static,
 * transient and synthetic fields are ignored. A field of a wider type, such as an interface, counts
 * if its value is one of the three.
 */
final class ModuleFields {
  private static final List<Class<?>> KINDS = List.of(Module.class, Parameter.class, Buffer.class);
  private static final ClassValue<ModuleFields> OF =
      new ClassValue<>() {
        @Override
        protected ModuleFields computeValue(Class<?> type) {
          return new ModuleFields(type);
        }
      };

  private final LinkedHashMap<String, Field> fields = new LinkedHashMap<>();
  private final List<Field> suspects = new ArrayList<>();
  private final List<Field> outers = new ArrayList<>();

  private ModuleFields(Class<?> type) {
    Deque<Class<?>> chain = new ArrayDeque<>();
    for (Class<?> c = type; c != Module.class; c = c.getSuperclass()) {
      chain.push(c);
    }
    for (Class<?> c : chain) {
      for (Field field : c.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (Modifier.isStatic(modifiers) || Modifier.isTransient(modifiers)) {
          continue;
        }
        if (Containers.nameMembers(field.getGenericType()) && !field.isSynthetic()) {
          throw hidden(field);
        }
        if (Reach.mayHold(field.getType())) {
          suspect(field);
        }
        if (field.isSynthetic()) {
          continue;
        }
        if (isCandidate(field.getType())) {
          add(type, field);
        }
      }
    }
  }

  static ModuleFields of(Class<?> type) {
    return OF.get(type);
  }

  private void add(Class<?> type, Field field) {
    Field other = fields.put(field.getName(), field);
    if (other != null) {
      throw new IllegalStateException(
          message(
              "%s: a name must be used once; field %s is declared in %s and in %s",
              type.getSimpleName(),
              field.getName(),
              other.getDeclaringClass().getSimpleName(),
              field.getDeclaringClass().getSimpleName()));
    }
    open(field);
  }

  private static void open(Field field) {
    try {
      field.setAccessible(true);
    } catch (InaccessibleObjectException | SecurityException e) {
      Class<?> owner = field.getDeclaringClass();
      throw new IllegalStateException(
          message(
              "%s: field %s cannot be read, so it cannot be registered; let module %s open package"
                  + " %s, or mark the field transient and call register(\"%s\", …)",
              owner.getSimpleName(),
              field.getName(),
              owner.getModule().getName(),
              owner.getPackageName(),
              field.getName()),
          e);
    }
  }

  /**
   * Collects fields that may hide members. Fields of a member type are registered, unless they are
   * synthetic.
   */
  private void suspect(Field field) {
    boolean outer = Reach.isOuter(field);
    if ((outer || field.isSynthetic() || !isKind(field.getType())) && field.trySetAccessible()) {
      (outer ? outers : suspects).add(field);
    }
  }

  /** Returns fields, and captured variables, that may lead to unregistered members. */
  List<Field> suspects() {
    return suspects;
  }

  /** Returns fields that hold the enclosing objects of an inner class. */
  List<Field> outers() {
    return outers;
  }

  /** Returns whether {@link #suspects} or {@link #outers} has entries. */
  boolean isSuspicious() {
    return !suspects.isEmpty() || !outers.isEmpty();
  }

  /** Returns whether a variable of this type can hold a member. */
  static boolean isCandidate(Class<?> type) {
    return isKind(type)
        || (type.getPackageName().startsWith("java.") ? type == Object.class : isWider(type));
  }

  /** Returns which kind of member an object is. */
  static Class<?> kind(Object member) {
    return KINDS.stream().filter(kind -> kind.isInstance(member)).findFirst().orElseThrow();
  }

  static boolean isKind(Class<?> type) {
    return KINDS.stream().anyMatch(kind -> kind.isAssignableFrom(type));
  }

  private static boolean isWider(Class<?> type) {
    return type.isInterface() || KINDS.stream().anyMatch(type::isAssignableFrom);
  }

  /** Returns the names of all fields that can hold a member. */
  Set<String> names() {
    return fields.keySet();
  }

  /**
   * Passes the name and value of each non-null member to {@code members}, in order.
   *
   * @param nulls receives "name (Type)" for each field that is null but must not be
   */
  void read(Module module, List<String> nulls, BiConsumer<String, Object> members) {
    for (Map.Entry<String, Field> entry : fields.entrySet()) {
      Field field = entry.getValue();
      Object value = Reach.valueOf(field, module);
      if (value == null) {
        if (isKind(field.getType()) && !field.isAnnotationPresent(MayBeNull.class)) {
          nulls.add(field.getName() + " (" + field.getType().getSimpleName() + ")");
        }
      } else if (isKind(value.getClass())) {
        members.accept(entry.getKey(), value);
      }
    }
  }

  /**
   * Returns the error for a field whose members would not be registered, and so silently not be
   * trained.
   */
  static IllegalStateException hidden(Field field) {
    return new IllegalStateException(
        message(
            "%s: field %s (%s) holds members that would not be registered; use a ModuleList or"
                + " register(name, …), or mark the field transient if they are registered"
                + " elsewhere",
            field.getDeclaringClass().getSimpleName(),
            field.getName(),
            field.getType().getSimpleName()));
  }
}
