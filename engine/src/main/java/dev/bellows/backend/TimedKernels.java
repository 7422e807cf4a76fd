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
 * Kernels that note how often each is called and how long it takes: {@code -Dbellows.profile=true}.
 * For finding out where the time of a step goes; it costs a fraction of a microsecond a call.
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

  /** Forgets what was noted so far. */
  public static void reset() {
    ENTRIES.clear();
  }

  /** What was noted since the last reset, longest first. */
  public static List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    ENTRIES.forEach((name, e) -> lines.add(new Line(name, e.calls.sum(), e.nanos.sum())));
    lines.sort((a, b) -> Long.compare(b.nanos(), a.nanos()));
    return lines;
  }

  /**
   * One kernel's account.
   *
   * @param kernel its name, with the function it computed where it has several
   * @param calls how often it was called
   * @param nanos nanoseconds in all
   */
  public record Line(String kernel, long calls, long nanos) {}

  private static final class Entry {
    private final LongAdder calls = new LongAdder();
    private final LongAdder nanos = new LongAdder();
  }
}
