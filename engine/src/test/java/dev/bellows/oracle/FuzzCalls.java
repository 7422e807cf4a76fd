package dev.bellows.oracle;

import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.Edge;
import dev.bellows.autograd.GradCheck;
import dev.bellows.autograd.InPlaceChecks;
import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.ops.Geometry;
import dev.bellows.optim.GradClip;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Calls of everything public with arguments that may or may not fit. */
final class FuzzCalls {
  /** Packages whose functions are called; of {@code nn} only what needs no module. */
  private static final List<Class<?>> PACKAGES =
      List.of(Tensor.class, Autograd.class, Geometry.class, Functional.class, GradClip.class);

  /** Classes that users do not call, and those whose state must stay as it is. */
  private static final Set<Class<?>> LEFT_OUT =
      Set.of(
          Internals.class,
          TensorCopies.class,
          InPlaceChecks.class,
          Generator.class,
          GradCheck.class);

  /** Methods that create as many objects as a number argument says. */
  private static final Set<String> MANY = Set.of("chunk", "tensorSplit", "combinations");

  private static final Set<String> GRADIENTS =
      Set.of("backward", "grad", "retainGrad", "registerHook", "registerPostAccumulateGradHook");

  private final List<Method> methods = new ArrayList<>();
  private final List<OpInfo> infos = OpTable.all();
  private final Map<String, int[]> counts = new TreeMap<>();

  /**
   * A call that is ready.
   *
   * @param name what is called
   * @param run the call; it gives its result
   * @param gaveNull whether an argument is null
   * @param text the arguments, for a report
   */
  record Call(String name, Callable<Object> run, boolean gaveNull, Supplier<String> text) {}

  FuzzCalls() {
    for (Method method : Tensor.class.getMethods()) {
      boolean forAll = method.getName().equals("setPrintOptions"); // of all tests' tensors
      if (method.getDeclaringClass() != Object.class && !method.isBridge() && !forAll) {
        methods.add(method);
      }
    }
    for (Class<?> type : PACKAGES) {
      classesBeside(type)
          .filter(c -> c != Tensor.class && !LEFT_OUT.contains(c))
          .flatMap(c -> Arrays.stream(c.getMethods()))
          .filter(FuzzCalls::isFunction)
          .forEach(methods::add);
    }
    methods.sort(Comparator.comparing(Method::toGenericString));
    methods.forEach(m -> m.setAccessible(true));
    methods.forEach(m -> counts.put(name(m), new int[2]));
  }

  static Stream<Class<?>> classesBeside(Class<?> type) {
    try {
      Path root =
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
              .resolve(type.getPackageName().replace('.', '/'));
      try (Stream<Path> files = Files.list(root)) {
        List<String> names =
            files
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".class") && !name.contains("-"))
                .filter(name -> !name.contains("$"))
                .map(name -> type.getPackageName() + "." + name.replace(".class", ""))
                .sorted()
                .toList();
        List<Class<?>> classes = new ArrayList<>();
        for (String name : names) {
          classes.add(Class.forName(name, false, type.getClassLoader()));
        }
        return classes.stream().filter(c -> Modifier.isPublic(c.getModifiers()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Static, on tensors, and neither the graph's inner life nor a mode that must be closed. */
  private static boolean isFunction(Method method) {
    List<Class<?>> types = List.of(method.getParameterTypes());
    Class<?> result = method.getReturnType();
    boolean opens = AutoCloseable.class.isAssignableFrom(result) && result != Tensor.class;
    boolean tensors =
        types.contains(Tensor.class)
            || types.contains(Tensor[].class)
            || types.contains(List.class)
            || result == Tensor.class;
    return Modifier.isStatic(method.getModifiers())
        && method.getDeclaringClass() != Object.class
        && tensors
        && !opens
        && !types.contains(Geometry.class)
        && !types.contains(Edge.class);
  }

  private static String name(Method method) {
    String parameters =
        Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .toList()
            .toString()
            .replace('[', '(')
            .replace(']', ')');
    return method.getDeclaringClass().getSimpleName() + "." + method.getName() + parameters;
  }

  /** A method, by its number modulo how many there are, with arguments of the right Java types. */
  Call method(Rng r, FuzzPool pool, int number) {
    Method method = methods.get(number % methods.size());
    Tensor self =
        GRADIENTS.contains(method.getName()) && r.nextBoolean()
            ? pool.differentiable()
            : r.nextBoolean() ? pool.member(0) : pool.any();
    FuzzArgs maker = new FuzzArgs(r, pool, self, !MANY.contains(method.getName()));
    Object[] args = maker.make(method.getGenericParameterTypes());
    boolean isStatic = Modifier.isStatic(method.getModifiers());
    Callable<Object> run =
        () -> {
          try {
            return method.invoke(isStatic ? null : self, args);
          } catch (InvocationTargetException e) {
            throw cause(e);
          }
        };
    Supplier<String> text =
        () ->
            (isStatic ? "" : FuzzPool.text(self) + " ")
                + Arrays.stream(args).map(FuzzCalls::text).toList();
    return new Call(name(method), run, maker.gaveNull(), text);
  }

  /** Returns the exception that a method called by reflection threw. */
  static Exception cause(InvocationTargetException e) {
    if (e.getCause() instanceof Exception cause) {
      return cause;
    }
    throw (Error) e.getCause();
  }

  /** An operation of the table, with some or all of its arguments replaced by others. */
  Call sample(Rng r, FuzzPool pool) {
    OpInfo info = infos.get(r.nextInt(infos.size()));
    DType dtype = info.types().any(r);
    Sample sample = info.sampler().sample(r, dtype);
    int which = r.nextInt(3);
    Tensor[] in =
        sample.args().stream()
            .map(
                arg ->
                    which == 0 || which == 1 && r.nextBoolean() ? pool.any() : near(r, pool, arg))
            .toArray(Tensor[]::new);
    boolean inPlace = sample.inPlaceScript() != null && r.nextBoolean();
    return new Call(
        "sample of " + info.name(),
        () -> inPlace ? sample.inPlace().apply(in) : sample.ours().apply(in),
        false,
        () -> (inPlace ? sample.inPlaceScript() : sample.script()) + " " + text(in));
  }

  /** An argument that fits, but for an index that may be out of range. */
  private static Tensor near(Rng r, FuzzPool pool, Arg arg) {
    Values values = arg.values(r, Arg.Fill.SPECIAL);
    if (arg.dtype() == DType.INT64 && values.length() > 0 && r.nextBoolean()) {
      long most = Arrays.stream(values.longs()).max().getAsLong();
      values.longs()[r.nextInt(values.length())] =
          r.pick(most + 1, most + 2, -1L, -most - 2, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    return pool.leaf(values);
  }

  /** Describes an argument for a report. */
  static String text(Object x) {
    if (x instanceof Tensor t) {
      return FuzzPool.text(t);
    } else if (x instanceof Tensor[] a) {
      return text(Arrays.asList(a));
    } else if (x instanceof List<?> list) {
      return list.stream().map(FuzzCalls::text).toList().toString();
    } else if (x != null && x.getClass().isArray()) {
      String all = Arrays.deepToString(new Object[] {x});
      return all.substring(1, all.length() - 1);
    }
    return x instanceof Number n
        ? n + " (" + n.getClass().getSimpleName() + ")"
        : String.valueOf(x);
  }

  /** Notes that a call gave a result, or an error. */
  void count(String name, boolean result) {
    counts.computeIfAbsent(name, n -> new int[2])[result ? 0 : 1]++;
  }

  /** Methods that were never called. */
  List<String> notCalled() {
    return counts.keySet().stream().filter(n -> counts.get(n)[0] + counts.get(n)[1] == 0).toList();
  }

  /** How many calls gave results, and which methods never did. */
  String summary() {
    int results = counts.values().stream().mapToInt(c -> c[0]).sum();
    int errors = counts.values().stream().mapToInt(c -> c[1]).sum();
    List<String> never = counts.keySet().stream().filter(n -> counts.get(n)[0] == 0).toList();
    return methods.size()
        + " methods; "
        + results
        + " results, "
        + errors
        + " errors; never a result: "
        + never;
  }
}
