package dev.bellows.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Waits with a deadline. */
final class Waiting {
  private static final long POLL_MS = 50;

  private Waiting() {}

  /** Waits until the condition holds; answers false if the deadline came first. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw CliException.interrupted("bellows", e);
      }
    }
    return true;
  }

  /** A time as it is printed: {@code 0.4 s}, {@code 21 s}. */
  static String seconds(long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return seconds < 9.95
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : Math.round(seconds) + " s";
  }
}
