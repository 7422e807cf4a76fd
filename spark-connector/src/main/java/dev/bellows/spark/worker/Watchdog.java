package dev.bellows.spark.worker;

import dev.bellows.proto.coordinator.Heartbeat;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.coordinator.CoordinatorClient;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sends heartbeats, and stops a rank whose task was killed or whose generation is over: closes its
 * sockets and interrupts its thread.
 */
final class Watchdog implements AutoCloseable {
  /** How late a killed task may be noticed; the end of the generation wakes the watchdog. */
  private static final long MOST_POLL_MS = 200;

  static final String KILLED = "aborted: the task was killed";

  private final Thread thread;
  private final Thread rank;
  private final CoordinatorClient client;
  private final BooleanSupplier killed;
  private final Duration heartbeat;
  private final Consumer<BellowsException> stop;
  private final Supplier<String> stall;
  private volatile boolean closed;
  private volatile long step = -1;
  private volatile String phase = "starting";
  private volatile BellowsException stopped;

  /**
   * Watches over the calling thread.
   *
   * @param stop closes what the rank may be waiting for
   * @param stall what the rank has waited for longer than usual, or null
   */
  Watchdog(
      CoordinatorClient client,
      BooleanSupplier killed,
      Duration heartbeat,
      Consumer<BellowsException> stop,
      Supplier<String> stall) {
    this.client = client;
    this.killed = killed;
    this.heartbeat = heartbeat;
    this.stop = stop;
    this.stall = stall;
    this.rank = Thread.currentThread();
    this.thread = new Thread(this::watch, "bellows-watchdog");
    thread.setDaemon(true);
    thread.start();
    client.ended().whenComplete((release, failure) -> wake());
  }

  void at(long nextStep, String what) {
    step = nextStep;
    phase = what;
  }

  long step() {
    return step;
  }

  /** Why the rank was stopped, or null. */
  BellowsException stopped() {
    return stopped;
  }

  private void watch() {
    var last = System.nanoTime();
    while (!closed) {
      var why = why();
      if (why != null) {
        stopped = why;
        stop.accept(why);
        rank.interrupt();
        return;
      }
      if (System.nanoTime() - last >= heartbeat.toNanos()) {
        last = System.nanoTime();
        client.send(
            ToDriver.newBuilder()
                .setHeartbeat(
                    Heartbeat.newBuilder()
                        .setStep(step)
                        .setPhase(phase)
                        .setStall(Objects.requireNonNullElse(stall.get(), "")))
                .build());
      }
      pause(pauseMs(System.nanoTime() - last, heartbeat));
    }
  }

  /** Until the next look for a killed task, or the next heartbeat if that comes first. */
  static long pauseMs(long sinceHeartbeatNanos, Duration heartbeat) {
    var untilHeartbeat = heartbeat.toMillis() - sinceHeartbeatNanos / 1_000_000;
    return Math.max(1, Math.min(MOST_POLL_MS, untilHeartbeat));
  }

  private BellowsException why() {
    if (killed.getAsBoolean()) {
      return BellowsException.retryable(KILLED);
    }
    var release = client.ended().getNow(null);
    return release == null || CoordinatorClient.isSuccess(release)
        ? null
        : CoordinatorClient.exception(release);
  }

  private synchronized void pause(long millis) {
    try {
      if (!closed) {
        wait(millis);
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  @Override
  public void close() {
    closed = true;
    wake();
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted && stopped == null) {
      rank.interrupt();
    }
  }
}
