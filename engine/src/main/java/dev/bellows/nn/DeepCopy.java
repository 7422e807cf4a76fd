package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.Memory;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Copies a module with all that its fields reach, field by field and without running constructors.
 * What is reached twice is copied once, so that tied parameters stay tied. Functions (lambdas and
 * hooks), enclosing objects outside the module, enums, singletons, and objects of libraries and of
 * the JDK that cannot be copied are shared.
 */
final class DeepCopy {
  private static final Set<Class<?>> CONSTANTS =
      Set.of(
          String.class,
          Boolean.class,
          Character.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          Class.class);

  private final Map<Object, Object> copies = new IdentityHashMap<>();

  private DeepCopy() {}

  static Module of(Module root) {
    DeepCopy copier = new DeepCopy();
    List<Module> modules = root.modules(); // all first, as inner modules refer to outer ones
    for (Module module : modules) {
      copier.copies.put(module, Memory.allocateInstance(module.getClass()));
    }
    try (GradMode mode = GradMode.noGrad()) {
      modules.forEach(module -> copier.fill(module, copier.copies.get(module)));
    }
    Module copy = (Module) copier.copies.get(root);
    copy.detachFromParent();
    return copy;
  }

  private Object copy(Object value) {
    if (value == null || isShared(value)) {
      return value;
    }
    if (value.getClass().isHidden()) {
      return function(value);
    }
    Object known = copies.get(value);
    if (known != null) {
      return known;
    }
    if (value instanceof Tensor tensor) {
      return keep(value, copyTensor(tensor));
    }
    if (value instanceof Generator generator) {
      return keep(value, generator.copy());
    }
    if (value instanceof HookList<?> hooks) {
      return keep(value, hooks.copy());
    }
    if (value.getClass().isArray()) {
      return copyArray(value);
    }
    if (value instanceof Record) {
      return keep(value, copyRecord(value));
    }
    if (Reach.isJdk(value.getClass())) {
      return copyOfJdk(value);
    }
    return fill(value, keep(value, Memory.allocateInstance(value.getClass())));
  }

  private Object keep(Object value, Object copy) {
    copies.put(value, copy);
    return copy;
  }

  private static boolean isShared(Object value) {
    Class<?> type = value.getClass();
    return CONSTANTS.contains(type)
        || value instanceof Enum
        || value instanceof ClassLoader
        || Proxy.isProxyClass(type)
        || Reach.isForeign(type)
        || isSingleton(value);
  }

  /** Returns whether a static field of the object's class holds it, as of a Scala object. */
  private static boolean isSingleton(Object value) {
    Class<?> type = value.getClass();
    if (Reach.isJdk(type)) {
      return false;
    }
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())
          && field.getType() == type
          && field.trySetAccessible()
          && Reach.valueOf(field, null) == value) {
        return true;
      }
    }
    return false;
  }

  private static Object function(Object lambda) {
    if (!Reach.membersFrom(lambda).isEmpty()) {
      throw new IllegalStateException(
          message(
              "deepCopy: a function in a field captures members of the module, so that the copy"
                  + " would use those of the original; make it a method or a module; got %s",
              lambda.getClass().getName()));
    }
    return lambda;
  }

  private static Tensor copyTensor(Tensor tensor) {
    if (!tensor.isLeaf()) {
      throw new IllegalStateException(
          message(
              "deepCopy: Only Tensors created explicitly by the user (graph leaves) support the"
                  + " deepcopy protocol at the moment; got one made by %s",
              tensor.gradFn()));
    }
    Tensor values = tensor.detach().clone();
    if (tensor instanceof Parameter) {
      return Parameter.of(values, tensor.requiresGrad());
    }
    Tensor copy = tensor instanceof Buffer buffer ? buffer.with(values) : values.retain();
    copy.setRequiresGrad(tensor.requiresGrad());
    if (tensor.grad() != null) {
      copy.setGrad(tensor.grad().detach().clone());
    }
    return copy;
  }

  private Object copyArray(Object array) {
    int length = Array.getLength(array);
    Object copy = keep(array, Array.newInstance(array.getClass().getComponentType(), length));
    if (array instanceof Object[] from) {
      for (int i = 0; i < length; i++) {
        Array.set(copy, i, copy(from[i]));
      }
    } else {
      System.arraycopy(array, 0, copy, 0, length);
    }
    return copy;
  }

  private Object copyRecord(Object value) {
    RecordComponent[] components = value.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] parts = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      parts[i] = copy(TensorTree.read(components[i], value));
    }
    return TensorTree.create(value.getClass(), types, parts);
  }

  private Object copyOfJdk(Object value) {
    if (value instanceof Collection<?> collection) {
      return copyCollection(collection);
    }
    if (value instanceof Map<?, ?> map) {
      return copyMap(map);
    }
    if (value instanceof Optional<?> optional) {
      return keep(value, optional.map(this::copy));
    }
    if (value instanceof AtomicReference<?> reference) {
      return keep(value, new AtomicReference<>(copy(reference.get())));
    }
    return keep(value, value instanceof Serializable ? copyBytes(value) : value);
  }

  @SuppressWarnings("unchecked") // a copy holds copies of the same classes
  private Object copyCollection(Collection<?> from) {
    Collection<Object> empty = (Collection<Object>) emptyLike(from);
    Collection<Object> copy =
        empty != null ? empty : from instanceof Set ? new LinkedHashSet<>() : new ArrayList<>();
    if (empty != null) {
      keep(from, empty);
    }
    from.forEach(each -> copy.add(copy(each)));
    if (empty != null) {
      return copy;
    }
    return keep(
        from,
        copy instanceof Set<Object> set
            ? Collections.unmodifiableSet(set)
            : Collections.unmodifiableList((List<Object>) copy));
  }

  @SuppressWarnings("unchecked") // a copy holds copies of the same classes
  private Object copyMap(Map<?, ?> from) {
    Map<Object, Object> empty = (Map<Object, Object>) emptyLike(from);
    Map<Object, Object> copy = empty != null ? empty : new LinkedHashMap<>();
    if (empty != null) {
      keep(from, empty);
    }
    from.forEach((key, each) -> copy.put(copy(key), copy(each)));
    return empty != null ? copy : keep(from, Collections.unmodifiableMap(copy));
  }

  /** Returns an empty container of the same class and order, or null if it cannot be changed. */
  private static Object emptyLike(Object container) {
    try {
      if (container instanceof Cloneable) {
        Object clone = container.getClass().getMethod("clone").invoke(container);
        if (clone instanceof Map<?, ?> map) {
          map.clear();
        } else {
          ((Collection<?>) clone).clear();
        }
        return clone;
      }
      Constructor<?> constructor = container.getClass().getConstructor();
      return constructor.newInstance();
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      return null;
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Returns a copy by way of its bytes, or the object itself if it holds what has none. */
  private static Object copyBytes(Object value) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(value);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        return in.readObject();
      }
    } catch (IOException | ClassNotFoundException e) {
      return value;
    }
  }

  /** Copies all fields of an object to another one of its class, and returns that one. */
  private Object fill(Object from, Object to) {
    for (Class<?> c = from.getClass(); c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          set(field, from, to);
        }
      }
    }
    return to;
  }

  private void set(Field field, Object from, Object to) {
    if (!field.trySetAccessible()) {
      Class<?> owner = field.getDeclaringClass();
      throw new IllegalStateException(
          message(
              "deepCopy: field %s of %s cannot be read; let module %s open package %s",
              field.getName(),
              owner.getName(),
              owner.getModule().getName(),
              owner.getPackageName()));
    }
    Object value = Reach.valueOf(field, from);
    boolean outer = Reach.isOuter(field) || Module.isParent(field);
    try {
      field.set(to, outer ? copies.getOrDefault(value, value) : copy(value));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("deepCopy: cannot write field " + field, e);
    }
  }
}
