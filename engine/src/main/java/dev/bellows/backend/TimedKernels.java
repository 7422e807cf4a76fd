package dev.bellows.backend;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Kernels that record the number and duration of calls: {@code -Dbellows.profile=true}. They show
 * how the time of a step is spent, at the cost of a fraction of a microsecond per call.
 */
public final class TimedKernels {
  private static final Map<String, Entry> ENTRIES = new ConcurrentHashMap<>();

  private TimedKernels() {}

  static Kernels around(Kernels kernels) {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, args) -> {
              long start = System.nanoTime();
              try {
                return method.invoke(kernels, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                String name = method.getName();
                if (args != null && args[0] instanceof Enum<?> op) {
                  name += "." + op.name().toLowerCase(Locale.ROOT);
                }
                Entry entry = ENTRIES.computeIfAbsent(name, n -> new Entry());
                entry.nanos.add(System.nanoTime() - start);
                entry.calls.increment();
              }
            });
  }

  /** Clears the recorded calls. */
  public static void reset() {
    ENTRIES.clear();
  }

  /** Returns the totals since the last reset, longest first. */
  public static List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    ENTRIES.forEach((name, e) -> lines.add(new Line(name, e.calls.sum(), e.nanos.sum())));
    lines.sort((a, b) -> Long.compare(b.nanos(), a.nanos()));
    return lines;
  }

  /**
   * The totals of one kernel.
   *
   * @param kernel its name, with the function it computed if it has several
   * @param calls number of calls
   * @param nanos total nanoseconds
   */
  public record Line(String kernel, long calls, long nanos) {}

  private static final class Entry {
    private final LongAdder calls = new LongAdder();
    private final LongAdder nanos = new LongAdder();
  }
}
