package dev.bellows.spark;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reports what is waited for: once a wait has lasted a while, and then at growing intervals of up
 * to 30 s. Not thread-safe.
 */
public final class WaitNotice {
  private static final long MOST_NANOS = 30_000_000_000L;

  private final Consumer<String> say;
  private final long firstNanos;
  private long startNanos;
  private long nextNanos;

  /**
   * Starts a wait.
   *
   * @param say receives the messages
   * @param nowNanos as of {@link System#nanoTime}
   * @param first duration before the first line
   */
  public WaitNotice(Consumer<String> say, long nowNanos, Duration first) {
    this.say = say;
    this.firstNanos = first.toNanos();
    restart(nowNanos);
  }

  /** Starts another wait. */
  public void restart(long nowNanos) {
    startNanos = nowNanos;
    nextNanos = firstNanos;
  }

  /** Returns whether the wait has lasted longer than {@code limit}. */
  public boolean isOver(long nowNanos, Duration limit) {
    return nowNanos - startNanos > limit.toNanos();
  }

  /**
   * Reports the wait if a line is due.
   *
   * @param limit longest duration of the wait
   * @param setting name of the limit's setting; empty if there is none
   * @param text what is waited for, and how much of it is done
   */
  public void tick(long nowNanos, Duration limit, String setting, Supplier<String> text) {
    if (!isTime(nowNanos)) {
      return;
    }
    var waited = nowNanos - startNanos;
    var left = Math.max(0, limit.toNanos() - waited);
    say.accept(
        text.get()
            + "; waited "
            + waited / 1_000_000_000L
            + " s, for at most "
            + (left + 999_999_999L) / 1_000_000_000L
            + " s more"
            + (setting.isEmpty() ? "" : " (" + setting + ")"));
  }

  /** Reports a wait without a limit if a line is due. */
  public void tick(long nowNanos, Supplier<String> text) {
    if (isTime(nowNanos)) {
      say.accept(text.get());
    }
  }

  private boolean isTime(long nowNanos) {
    var waited = nowNanos - startNanos;
    if (waited < nextNanos) {
      return false;
    }
    nextNanos = waited + Math.min(MOST_NANOS, Math.max(waited, firstNanos));
    return true;
  }
}
