package dev.bellows.comm.transport;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * How an event thread waits. While a caller waits for it, and the processor has nothing better to
 * do, it polls for a short time after each event before it sleeps: waking up takes longer than most
 * hops of small collectives. While no caller waits, as during backward, it sleeps at once and
 * leaves the processor to the other threads.
 */
public final class Polling implements SelectStrategy {
  static final long NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private final LongSupplier nanoTime;
  private final AtomicInteger callers = new AtomicInteger();

  // Confined to the event thread.
  private long until;
  private boolean slept;

  /** Polls by the system's clock. */
  public Polling() {
    this(System::nanoTime);
  }

  Polling(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.until = nanoTime.getAsLong();
  }

  /** Records that a caller begins to wait. Any thread. */
  void enter() {
    callers.incrementAndGet();
  }

  /** Records that a caller has stopped waiting. Any thread. */
  void leave() {
    callers.decrementAndGet();
  }

  @Override
  public int calculateStrategy(IntSupplier ready, boolean hasTasks) throws Exception {
    var now = nanoTime.getAsLong();
    if (hasTasks || slept) {
      goOn(now);
    }
    slept = !hasTasks && now - until >= 0;
    if (slept) {
      return SELECT;
    }
    var events = ready.get();
    if (events > 0) {
      goOn(now);
    } else if (!hasTasks) {
      Thread.yield(); // Ranks may share a processor.
      return CONTINUE;
    }
    return events;
  }

  /** Restarts the time during which the loop polls, as something has happened. */
  private void goOn(long now) {
    if (callers.get() > 0) {
      until = now + NANOS;
    }
  }
}
