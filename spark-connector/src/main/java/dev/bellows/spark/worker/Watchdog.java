package dev.bellows.spark.worker;

import dev.bellows.proto.coordinator.Heartbeat;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Time;
import dev.bellows.spark.coordinator.CoordinatorClient;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sends heartbeats, and stops a rank whose task was killed or whose generation has ended: closes
 * its sockets and interrupts its thread.
 */
final class Watchdog implements AutoCloseable {
  /** Longest delay until a killed task is noticed; the end of the generation wakes the watchdog. */
  private static final long MOST_POLL_MS = 200;

  static final String KILLED = "aborted: the task was killed";

  private final Thread thread;
  private final Thread rank;
  private final CoordinatorClient client;
  private final BooleanSupplier killed;
  private final Duration heartbeat;
  private final Consumer<BellowsException> stop;
  private final Supplier<String> stall;
  private final Time time;
  private volatile boolean closed;
  private volatile long step = -1;
  private volatile String phase = "starting";
  private volatile BellowsException stopped;

  /**
   * Starts to watch the calling thread.
   *
   * @param stop closes the connections that the rank may be waiting for
   * @param stall describes what the rank has waited for longer than usual, or gives null
   */
  Watchdog(
      CoordinatorClient client,
      BooleanSupplier killed,
      Duration heartbeat,
      Consumer<BellowsException> stop,
      Supplier<String> stall,
      Time time) {
    this.time = time;
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

  /** Returns why the rank was stopped, or null. */
  BellowsException stopped() {
    return stopped;
  }

  private void watch() {
    var last = time.nanos();
    while (!closed) {
      var why = why();
      if (why != null) {
        stopped = why;
        stop.accept(why);
        rank.interrupt();
        return;
      }
      if (time.nanos() - last >= heartbeat.toNanos()) {
        last = time.nanos();
        client.send(
            ToDriver.newBuilder()
                .setHeartbeat(
                    Heartbeat.newBuilder()
                        .setStep(step)
                        .setPhase(phase)
                        .setStall(Objects.requireNonNullElse(stall.get(), "")))
                .build());
      }
      pause(pauseMs(time.nanos() - last, heartbeat));
    }
  }

  /** Returns the time until the next check for a killed task or the next heartbeat. */
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
