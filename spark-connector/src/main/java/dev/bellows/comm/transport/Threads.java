package dev.bellows.comm.transport;

import dev.bellows.comm.CommException;
import java.util.concurrent.TimeUnit;

/** Waits for event threads. */
public final class Threads {
  private Threads() {}

  /**
   * Waits for a thread to end, also if the caller is interrupted: buffers are in use until then.
   *
   * @throws CommException ({@code FATAL}) if it does not end within the limit
   */
  public static void awaitEnd(Thread thread, long limitMs) {
    var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
    var interrupted = false;
    try {
      for (var left = limitMs; thread.isAlive() && left > 0; ) {
        try {
          thread.join(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (thread.isAlive()) {
      throw CommException.fatal("close: the event thread must end within " + limitMs + " ms");
    }
  }
}
