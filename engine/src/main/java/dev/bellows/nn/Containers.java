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

/** Finds parameters, buffers and modules in arrays, collections, maps and optionals. */
final class Containers {
  private static final List<Class<?>> KINDS = List.of(Collection.class, Map.class, Optional.class);

  /** What a field's type says of the members inside its value, from least to most. */
  enum Inside {
    NONE,
    /** The value decides, since the type is wider than a member's, as an interface. */
    PERHAPS,
    MEMBERS
  }

  private Containers() {}

  /** What a variable of this type may have inside; a variable of a member's type has nothing. */
  static Inside look(Type type) {
    return look(type, false, new HashSet<>());
  }

  /**
   * Goes down through component types, type arguments and bounds.
   *
   * @param element whether this is the type of an element, and not of the field itself
   * @param seen type variables met, which may be bounded by themselves
   */
  private static Inside look(Type type, boolean element, Set<Type> seen) {
    if (type instanceof GenericArrayType array) {
      return look(array.getGenericComponentType(), true, seen);
    }
    if (type instanceof WildcardType wildcard) {
      return most(wildcard.getUpperBounds(), element, seen);
    }
    if (type instanceof TypeVariable<?> variable) {
      return seen.add(variable) ? most(variable.getBounds(), element, seen) : Inside.NONE;
    }
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      return isContainer(raw)
          ? most(generic.getActualTypeArguments(), true, seen)
          : look(raw, element, seen);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isArray()) {
      return look(plain.getComponentType(), true, seen);
    }
    if (isContainer(plain)) {
      return Inside.PERHAPS;
    }
    if (!element || !ModuleFields.isCandidate(plain)) {
      return Inside.NONE;
    }
    return ModuleFields.isKind(plain) ? Inside.MEMBERS : Inside.PERHAPS;
  }

  private static Inside most(Type[] types, boolean element, Set<Type> seen) {
    Inside most = Inside.NONE;
    for (Type type : types) {
      Inside inside = look(type, element, seen);
      most = inside.compareTo(most) > 0 ? inside : most;
    }
    return most;
  }

  private static boolean isContainer(Class<?> type) {
    return KINDS.stream().anyMatch(kind -> kind.isAssignableFrom(type));
  }

  /** Whether a value is a member or has one inside. */
  static boolean holdsMember(Object value) {
    if (value instanceof Object[] array) {
      for (Object element : array) {
        if (holdsMember(element)) {
          return true;
        }
      }
      return false;
    }
    if (value instanceof Collection<?> collection) {
      return collection.stream().anyMatch(Containers::holdsMember);
    }
    if (value instanceof Map<?, ?> map) {
      return holdsMember(map.keySet()) || holdsMember(map.values());
    }
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() && holdsMember(optional.get());
    }
    return value != null && ModuleFields.isKind(value.getClass());
  }
}
