package dev.bellows.comm.group;

import dev.bellows.comm.CommException;
import dev.bellows.comm.Work;
import dev.bellows.comm.algorithms.Operation;
import dev.bellows.comm.transport.Transport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** An operation that was started, and its end. */
final class PendingWork<O extends Operation> implements Work {
  /** The longest time that a failing group may take to release the buffers. */
  private static final long RELEASE_MS = 10_000;

  private final CompletableFuture<Void> future = new CompletableFuture<>();
  private final O operation;
  private final Register<O> register;
  private final Transport transport;
  private final LongAdder waitNanos;
  private final BiConsumer<PendingWork<?>, String> expire;
  private final long startNanos;

  /**
   * @param register numbers the operation
   * @param transport is notified when a caller waits
   * @param waitNanos counts the time spent waiting
   * @param expire fails the operation: "waited 30 ms", "was interrupted"
   */
  PendingWork(
      O operation,
      Register<O> register,
      Transport transport,
      LongAdder waitNanos,
      BiConsumer<PendingWork<?>, String> expire) {
    this.operation = operation;
    this.register = register;
    this.transport = transport;
    this.waitNanos = waitNanos;
    this.expire = expire;
    this.startNanos = transport.nanoTime();
  }

  O operation() {
    return operation;
  }

  long startNanos() {
    return startNanos;
  }

  /** Numbers the operation and begins to send. Event thread. */
  void enter() {
    operation.begin(register.enter(operation));
  }

  /** Delivers what arrived before. Event thread. */
  void catchUp() {
    register.catchUp(operation);
  }

  /** Forgets the operation. Event thread. */
  void leave() {
    register.leave(operation);
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
      expire.accept(this, "waited " + timeout.toMillis() + " ms");
      awaitRelease();
    } catch (InterruptedException e) {
      expire.accept(this, "was interrupted");
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

  /** Returns a new exception with the caller's stack, since several threads may wait. */
  private static CommException rethrown(ExecutionException e) {
    var cause = (CommException) e.getCause();
    return new CommException(cause.category(), cause.getMessage(), cause);
  }
}
