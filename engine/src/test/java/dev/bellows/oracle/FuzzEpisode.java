package dev.bellows.oracle;

import dev.bellows.autograd.AnomalyMode;
import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.OutOfMemoryException;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.MappedByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Some hundred calls on one pool of tensors, all chosen by one seed. */
final class FuzzEpisode {
  /** Methods that an episode calls in turn, besides random ones, so that all are called. */
  private static final int TURNS = 30;

  private static final boolean LOG = Boolean.getBoolean("fuzz.log");
  private static final int MOST_OPEN = 4;

  private static final Set<Class<?>> DOCUMENTED =
      Set.of(
          IllegalArgumentException.class,
          IndexOutOfBoundsException.class,
          IllegalStateException.class,
          UnsupportedOperationException.class,
          ArithmeticException.class,
          OutOfMemoryException.class);

  private final Rng r;
  private final String title;
  private final FuzzPool pool;
  private final FuzzCalls calls;
  private final Guards guards;
  private final Map<String, String> failures;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private int turn;
  private volatile int step;
  private volatile String name = "";

  FuzzEpisode(
      long seed,
      int number,
      FuzzCalls calls,
      Guards guards,
      Map<DType, MappedByteBuffer> readOnly,
      Device device,
      Map<String, String> failures) {
    this.r = new Rng(Rng.mix(seed, "fuzz", number), false);
    this.title = "-Dtest.seed=" + seed + " -Dfuzz.episode=" + number;
    this.turn = number * TURNS;
    this.pool = new FuzzPool(r, guards, readOnly, device);
    this.calls = calls;
    this.guards = guards;
    this.failures = failures;
  }

  /** Where it is, for a report. */
  String where() {
    return title + ", step " + step + ": " + name;
  }

  void run(int steps) {
    Generator before = Generator.setCurrent(new Generator(1));
    for (step = 0; step < steps; step++) {
      step();
    }
    while (!open.isEmpty()) {
      closeInnermost();
    }
    Generator.setCurrent(before);
    try {
      pool.close();
    } catch (AssertionError e) {
      fail("closing: " + e.getMessage(), "or before: " + e);
    }
    String damage = guards.damage();
    if (damage != null) {
      fail("damage by " + name, "or before: " + damage);
    }
  }

  private void step() {
    int which = r.nextInt(100);
    if (which < 4) {
      openOrClose();
    } else if (which < 14) {
      pool.make();
    } else {
      FuzzCalls.Call call;
      try {
        call = call(which);
      } catch (FuzzArgs.NoArgument e) {
        check(e.getCause(), true, () -> "making an argument");
        return;
      }
      make(call);
    }
  }

  private FuzzCalls.Call call(int which) {
    if (which < 60) {
      return calls.method(r, pool, r.nextBoolean() ? turn++ : r.nextInt(1 << 20));
    } else if (which < 86) {
      return calls.sample(r, pool);
    }
    return which < 96 ? FuzzGraph.call(r, pool) : FuzzModules.call(r, pool);
  }

  private void openOrClose() {
    if (open.size() == MOST_OPEN || !open.isEmpty() && r.nextBoolean()) {
      closeInnermost();
      return;
    }
    open.push(
        switch (r.nextInt(10)) {
          case 0, 1 -> GradMode.noGrad();
          case 2 -> GradMode.inferenceMode();
          case 3 -> GradMode.enableGrad();
          case 4 -> AnomalyMode.detect();
          case 5 -> FuzzGraph.savedTensorHooks(r, pool);
          default -> TensorScope.open();
        });
  }

  private void closeInnermost() {
    AutoCloseable innermost = open.pop();
    try {
      innermost.close();
    } catch (Exception | AssertionError e) {
      fail("closing " + innermost.getClass(), "closing what was opened last: " + e);
    }
  }

  private void make(FuzzCalls.Call call) {
    name = call.name();
    if (LOG) {
      System.out.println(where() + " " + call.text().get());
    }
    boolean result = false;
    try {
      Object out = call.run().call();
      result = true;
      take(call, out);
    } catch (Throwable e) {
      check(e, call.gaveNull(), call.text());
    }
    calls.count(name, result);
  }

  /** Puts what came out into the pool. */
  private void take(FuzzCalls.Call call, Object out) throws ReflectiveOperationException {
    if (out instanceof Tensor x) {
      if (!x.isReleased()) {
        checkBounds(call, x.strided());
        if (name.contains("mpty") && !x.isInference()) {
          x.detach().zero_(); // so that a run can be repeated
        }
      }
      pool.add(x);
    } else if (out instanceof Object[] array) {
      take(call, Arrays.asList(array));
    } else if (out instanceof List<?> list) {
      for (Object each : list.subList(0, Math.min(list.size(), 4))) {
        take(call, each);
      }
    } else if (out instanceof Record record) {
      for (var part : record.getClass().getRecordComponents()) {
        if (part.getType() == Tensor.class) {
          part.getAccessor().setAccessible(true);
          take(call, part.getAccessor().invoke(record));
        }
      }
    }
  }

  private void checkBounds(FuzzCalls.Call call, Strided x) {
    long low = x.offset();
    long high = x.offset();
    for (int d = 0; d < x.dim(); d++) {
      long reach = (x.size(d) - 1) * x.stride(d);
      low += Math.min(0, reach);
      high += Math.max(0, reach);
    }
    long have = x.storage().bytes() / x.dtype().bytes();
    if (x.numel() > 0 && (low < 0 || high >= have)) {
      fail(call.name() + " bounds", call.text().get() + " gave a view of more than its storage");
    }
  }

  private void check(Throwable e, boolean gaveNull, java.util.function.Supplier<String> text) {
    boolean read = String.valueOf(e.getMessage()).contains("memory must be on cpu");
    if (read && !name.contains("byteBuffer")) {
      fail("host access by " + name, text.get() + " " + e);
    }
    if (gaveNull && e instanceof NullPointerException || isDocumented(e)) {
      return;
    }
    StackTraceElement[] trace = e.getStackTrace();
    StackTraceElement thrower = thrower(trace);
    if (thrower != null && thrower.getClassName().startsWith("dev.bellows.oracle.")) {
      return; // the sample itself, not the engine, found that arguments do not fit
    }
    StringWriter stack = new StringWriter();
    e.printStackTrace(new PrintWriter(stack));
    String[] lines = stack.toString().split("\n");
    String top = String.join("\n", Arrays.asList(lines).subList(0, Math.min(14, lines.length)));
    fail(e.getClass() + " at " + thrower + " by " + name, text.get() + "\n" + top);
  }

  private void fail(String kind, String details) {
    failures.putIfAbsent(kind, where() + " " + details);
  }

  /** Thrown on purpose, with words: not by the JVM, nor by the library of Java. */
  private static boolean isDocumented(Throwable e) {
    String message = String.valueOf(e.getMessage());
    boolean known =
        DOCUMENTED.contains(e.getClass()) || e.getClass().getName().startsWith("dev.bellows.");
    StackTraceElement[] trace = e.getStackTrace();
    String by = trace.length == 0 ? "" : trace[0].getClassName();
    boolean overflow = e instanceof ArithmeticException && by.equals("java.lang.Math");
    return known
        && e.getMessage() != null
        && !message.contains("/ by zero")
        && (by.startsWith("dev.bellows.") || overflow);
  }

  private static StackTraceElement thrower(StackTraceElement... trace) {
    return Arrays.stream(trace)
        .filter(
            frame ->
                !frame.getClassName().startsWith("java.")
                    && !frame.getClassName().startsWith("jdk."))
        .findFirst()
        .orElse(null);
  }
}
