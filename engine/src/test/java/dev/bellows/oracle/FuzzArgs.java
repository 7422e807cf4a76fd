package dev.bellows.oracle;

import dev.bellows.memory.DType;
import dev.bellows.nn.layer.BatchNorm1d;
import dev.bellows.nn.layer.InstanceNorm1d;
import dev.bellows.nn.layer.NormOptions;
import dev.bellows.optim.Adam;
import dev.bellows.optim.OptimizerOptions;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Arguments for one call, made by parameter type: half of the calls get ones that may fit. */
final class FuzzArgs {
  private static final int MOST_NEW = 4096;
  private static final int MOST_TOGETHER = 65536;
  private static final String[] TEXTS = {
    "", "ij", "xy", "mean", "sum", "none", "linear", "ab,b->a"
  };

  private final Rng r;
  private final FuzzPool pool;
  private final FuzzNumbers numbers;
  private final Tensor self;
  private final boolean fitting;
  private final boolean hugeInts;
  private boolean gaveNull;
  private final boolean together;
  private int members;
  private boolean inParts;

  /**
   * Arguments for a call.
   *
   * @param self what most other tensors should go with
   * @param hugeInts whether an int may be as large as ints get
   */
  FuzzArgs(Rng r, FuzzPool pool, Tensor self, boolean hugeInts) {
    this.r = r;
    this.pool = pool;
    this.numbers = new FuzzNumbers(r);
    this.self = self;
    this.hugeInts = hugeInts;
    this.fitting = r.nextBoolean();
    this.together = r.nextBoolean();
  }

  /** Whether any argument, or a part of one, was null. */
  boolean gaveNull() {
    return gaveNull;
  }

  Object[] make(Type... types) {
    return Arrays.stream(types).map(this::make).toArray();
  }

  private Object make(Type type) {
    Class<?> raw = raw(type);
    if (!raw.isPrimitive() && r.oneIn(60)) {
      gaveNull = true;
      return null;
    }
    if (raw == Tensor.class) {
      return tensor();
    } else if (raw == int.class || raw == Integer.class) {
      return anInt();
    } else if (raw == long.class || raw == Long.class) {
      return numbers.aLong(fitting);
    } else if (raw == double.class || raw == Double.class) {
      return numbers.aDouble();
    } else if (raw == float.class) {
      return (float) numbers.aDouble();
    } else if (raw == boolean.class || raw == Boolean.class) {
      return r.nextBoolean();
    } else if (raw == Number.class) {
      return numbers.aNumber();
    } else if (raw == String.class) {
      return r.pick(TEXTS);
    } else if (raw == Object.class) {
      return anything();
    } else if (raw == Generator.class) {
      return new Generator(r.nextInt(4));
    } else if (raw == ByteBuffer.class || raw == Buffer.class) {
      int bytes = r.nextInt(256);
      return r.oneIn(10) ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    } else if (raw == int[].class) {
      return fitting ? Shapes.dims(r, self.shape()) : r.ints(r.nextInt(5), -7, 8).toArray();
    } else if (raw == long[].class) {
      return longs();
    } else if (raw.isArray()) {
      return array(raw.getComponentType(), type);
    } else if (raw == List.class || raw == Iterable.class) {
      return list(argument(type, 0));
    } else if (raw.isEnum()) {
      return r.pick(raw.getEnumConstants());
    }
    return function(raw, type);
  }

  private Tensor tensor() {
    return !fitting ? pool.any() : together ? pool.member(members++) : pool.matching(self);
  }

  private Object function(Class<?> raw, Type type) {
    if (raw == UnaryOperator.class) {
      return (UnaryOperator<Object>) this::answer;
    } else if (raw == BinaryOperator.class) {
      return (BinaryOperator<Object>) this::answer;
    } else if (raw == Function.class) {
      return (Function<Object, Object>) this::answer;
    } else if (raw == Consumer.class) {
      return (Consumer<Object>) x -> {};
    } else if (raw == Runnable.class) {
      return (Runnable) () -> answer(pool.any());
    } else if (raw == Supplier.class) {
      return (Supplier<Object>) () -> answer(pool.any());
    } else if (raw == OptimizerOptions.class) {
      return made(r.nextBoolean() ? SGD.Options.class : Adam.Options.class, type);
    }
    return made(raw, type);
  }

  /** Returns the result of a user's function for a gradient or an input. */
  private Object answer(Object x) {
    if (!(x instanceof Tensor t)) {
      return x;
    }
    if (r.oneIn(10)) {
      t.close();
    }
    return switch (r.nextInt(6)) {
      case 0 -> t;
      case 1 -> null;
      case 2 -> pool.any();
      case 3 -> t.add(1);
      case 4 -> t.detach();
      default -> t.mul(2);
    };
  }

  /** Returns the result of a user's function of two. */
  private Object answer(Object x, Object y) {
    return answer(x instanceof Tensor t && y instanceof Tensor u && r.nextBoolean() ? t.sub(u) : x);
  }

  /** A value from a constructor or a method that makes them, with some of its options set. */
  private Object made(Class<?> raw, Type type) {
    List<Method> makers = new ArrayList<>(methods(raw, raw, true));
    if (raw == NormOptions.class) {
      makers.addAll(methods(r.nextBoolean() ? BatchNorm1d.class : InstanceNorm1d.class, raw, true));
    }
    if (raw.getEnclosingClass() != null) {
      makers.addAll(methods(raw.getEnclosingClass(), raw, true));
    }
    Constructor<?>[] constructors = raw.getConstructors();
    inParts = !r.oneIn(4);
    try {
      if (!makers.isEmpty() && (constructors.length == 0 || r.nextBoolean())) {
        Method maker = makers.get(r.nextInt(makers.size()));
        return withOptions(maker.invoke(null, make(maker.getGenericParameterTypes())), raw);
      } else if (constructors.length > 0) {
        Constructor<?> constructor = constructors[0];
        return withOptions(
            constructor.newInstance(make(constructor.getGenericParameterTypes())), raw);
      }
    } catch (InvocationTargetException e) {
      throw new NoArgument(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    } finally {
      inParts = false;
    }
    throw new AssertionError("FuzzArgs must learn to make a " + type);
  }

  private Object withOptions(Object x, Class<?> raw) throws ReflectiveOperationException {
    List<Method> options = methods(raw, raw, false);
    for (int n = options.isEmpty() ? 0 : r.nextInt(4); n > 0; n--) {
      Method option = options.get(r.nextInt(options.size()));
      option.invoke(x, make(option.getGenericParameterTypes()));
    }
    return x;
  }

  private static List<Method> methods(Class<?> of, Class<?> result, boolean ofClass) {
    return Arrays.stream(of.getMethods())
        .filter(m -> Modifier.isStatic(m.getModifiers()) == ofClass && m.getReturnType() == result)
        .sorted(Comparator.comparing(Method::toGenericString))
        .peek(m -> m.setAccessible(true))
        .toList();
  }

  /** The constructor of an argument refused what it was given. */
  static final class NoArgument extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoArgument(Throwable cause) {
      super(cause);
    }
  }

  private int anInt() {
    if (hugeInts && r.oneIn(60)) {
      return r.nextBoolean() ? Integer.MAX_VALUE : Integer.MIN_VALUE;
    }
    int dims = Math.max(1, self.dim());
    return inParts ? r.nextInt(4) : fitting ? r.between(-dims, dims - 1) : r.between(-7, 9);
  }

  private Object anything() {
    return switch (r.nextInt(8)) {
      case 0 -> r.pick(TEXTS);
      case 1 -> new boolean[] {r.nextBoolean()};
      case 2 -> longs();
      case 3 -> r.nextBoolean();
      case 4 -> r.pick(DType.values());
      case 5, 6 -> numbers.aNumber();
      default -> pool.any();
    };
  }

  private long[] longs() {
    long[] out;
    if (fitting) {
      out = r.oneIn(4) ? self.shape() : Shapes.guessed(r, Shapes.sameNumel(r, self.shape()));
    } else {
      do {
        out = r.longs(r.nextInt(6), -1, 7).toArray();
      } while (Math.abs(Shapes.numel(out)) > MOST_NEW);
    }
    if (out.length > 0 && r.oneIn(30)) {
      out[r.nextInt(out.length)] = numbers.huge();
    }
    return out;
  }

  private Object array(Class<?> component, Type type) {
    int n = r.nextInt(6);
    if (component.isPrimitive()) {
      if (fitting && r.nextBoolean()) {
        n = (int) self.numel();
      }
      Object out = Array.newInstance(component, n);
      for (int i = 0; i < n; i++) {
        Array.set(out, i, numbers.element(component));
      }
      return out;
    }
    Type each = type instanceof GenericArrayType g ? g.getGenericComponentType() : component;
    List<Object> list = list(each);
    return list.toArray((Object[]) Array.newInstance(component, 0));
  }

  /** A few elements; tensors only as many as can be combined with each other. */
  private List<Object> list(Type type) {
    List<Object> out = new ArrayList<>();
    long together = 1;
    for (int n = r.nextInt(5); n > 0; n--) {
      Object x = make(type);
      together *= x instanceof Tensor t ? Math.max(1, t.numel()) : 1;
      if (together > MOST_TOGETHER) {
        break;
      }
      out.add(x);
    }
    return out;
  }

  private static Type argument(Type type, int i) {
    return type instanceof ParameterizedType p ? p.getActualTypeArguments()[i] : Object.class;
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> c) {
      return c;
    } else if (type instanceof ParameterizedType p) {
      return (Class<?>) p.getRawType();
    } else if (type instanceof GenericArrayType g) {
      return raw(g.getGenericComponentType()).arrayType();
    } else if (type instanceof WildcardType w) {
      return raw(w.getUpperBounds()[0]);
    }
    return Object.class;
  }
}
