package dev.bellows.nn;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds arrays, collections, maps and optionals whose element type is a member type. */
final class Containers {
  private static final List<Class<?>> KINDS = List.of(Collection.class, Map.class, Optional.class);

  private Containers() {}

  /** Returns whether a type has members as elements, as {@code List<Linear>} does. */
  static boolean nameMembers(Type type) {
    return look(type, false, new HashSet<>());
  }

  /**
   * Descends through component types, type arguments and bounds.
   *
   * @param element whether this is the type of an element, and not of the field itself
   * @param seen type variables met, which may be bounded by themselves
   */
  private static boolean look(Type type, boolean element, Set<Type> seen) {
    if (type instanceof GenericArrayType array) {
      return look(array.getGenericComponentType(), true, seen);
    }
    if (type instanceof WildcardType wildcard) {
      return any(wildcard.getUpperBounds(), element, seen);
    }
    if (type instanceof TypeVariable<?> variable) {
      return seen.add(variable) && any(variable.getBounds(), element, seen);
    }
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      return isContainer(raw)
          ? any(generic.getActualTypeArguments(), true, seen)
          : look(raw, element, seen);
    }
    Class<?> plain = (Class<?>) type;
    return plain.isArray()
        ? look(plain.getComponentType(), true, seen)
        : element && ModuleFields.isKind(plain);
  }

  private static boolean any(Type[] types, boolean element, Set<Type> seen) {
    for (Type type : types) {
      if (look(type, element, seen)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isContainer(Class<?> type) {
    return KINDS.stream().anyMatch(kind -> kind.isAssignableFrom(type));
  }
}
