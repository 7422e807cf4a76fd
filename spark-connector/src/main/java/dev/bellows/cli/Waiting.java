package dev.bellows.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Waits with a deadline. */
final class Waiting {
  private static final long POLL_MS = 50;

  private Waiting() {}

  /** Waits until the condition holds; returns false if the deadline is reached first. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    return until(limit, "", line -> {}, condition);
  }

  /**
   * Works like {@link #until(Duration, BooleanSupplier)}, and reports from time to time what it
   * waits for.
   *
   * @param what for example {@code the master at URL}
   */
  static boolean until(
      Duration limit, String what, Consumer<String> say, BooleanSupplier condition) {
    long start = System.nanoTime();
    Notice notice = new Notice(what, limit.toNanos(), say);
    while (!condition.getAsBoolean()) {
      long waited = System.nanoTime() - start;
      if (waited >= limit.toNanos()) {
        return false;
      }
      notice.at(waited);
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw CliException.interrupted("bellows", e);
      }
    }
    return true;
  }

  /** Reports a wait after some seconds, and then every ten seconds. */
  static final class Notice {
    private static final long FIRST_NANOS = 3_000_000_000L;
    private static final long NEXT_NANOS = 10_000_000_000L;

    private final String what;
    private final long limitNanos;
    private final Consumer<String> say;
    private long nextNanos = FIRST_NANOS;

    Notice(String what, long limitNanos, Consumer<String> say) {
      this.what = what;
      this.limitNanos = limitNanos;
      this.say = say;
    }

    void at(long waitedNanos) {
      if (waitedNanos >= nextNanos) {
        nextNanos = waitedNanos + NEXT_NANOS;
        say.accept(
            String.format(
                Locale.ROOT,
                "waiting for %s: %d s so far, at most %d s",
                what,
                waitedNanos / 1_000_000_000L,
                limitNanos / 1_000_000_000L));
      }
    }
  }

  /** Formats the time since {@code startNanos}: {@code 0.4 s}, {@code 21 s}. */
  static String seconds(long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return seconds < 9.95
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : Math.round(seconds) + " s";
  }
}
