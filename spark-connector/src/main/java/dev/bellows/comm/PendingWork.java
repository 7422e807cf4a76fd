package dev.bellows.comm;

import dev.bellows.comm.transport.Transport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The work of one operation. */
final class PendingWork implements Work {
  /** How long a failing group may take to let go of the buffers. */
  private static final long RELEASE_MS = 10_000;

  private final CompletableFuture<Void> future = new CompletableFuture<>();
  private final Transport transport;
  private final LongAdder waitNanos;
  private final Consumer<String> expire;

  /**
   * @param transport hears who waits
   * @param waitNanos counts the time spent waiting
   * @param expire fails the operation: "waited 30 ms", "was interrupted"
   */
  PendingWork(Transport transport, LongAdder waitNanos, Consumer<String> expire) {
    this.transport = transport;
    this.waitNanos = waitNanos;
    this.expire = expire;
  }

  void complete() {
    future.complete(null);
  }

  void fail(CommException cause) {
    future.completeExceptionally(cause);
  }

  @Override
  public boolean isDone() {
    return future.isDone();
  }

  @Override
  public void onComplete(Consumer<Throwable> listener) {
    future.whenComplete((nothing, error) -> listener.accept(error));
  }

  @Override
  public void await(Duration timeout) {
    var begin = System.nanoTime();
    transport.callerWaits();
    try {
      future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      expire.accept("waited " + timeout.toMillis() + " ms");
      awaitRelease();
    } catch (InterruptedException e) {
      expire.accept("was interrupted");
      try {
        awaitRelease();
      } finally {
        Thread.currentThread().interrupt();
      }
    } catch (ExecutionException e) {
      throw rethrown(e);
    } finally {
      transport.callerGoesOn();
      waitNanos.add(System.nanoTime() - begin);
    }
  }

  private void awaitRelease() {
    var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RELEASE_MS);
    while (true) {
      try {
        future.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        return;
      } catch (InterruptedException e) {
        Thread.interrupted(); // The caller restores it; the buffers must come back first.
      } catch (TimeoutException e) {
        throw CommException.fatal("await: the group must fail within " + RELEASE_MS + " ms");
      } catch (ExecutionException e) {
        throw rethrown(e);
      }
    }
  }

  /** A new exception with the caller's stack, since several threads may wait. */
  private static CommException rethrown(ExecutionException e) {
    var cause = (CommException) e.getCause();
    return new CommException(cause.category(), cause.getMessage(), cause);
  }
}
