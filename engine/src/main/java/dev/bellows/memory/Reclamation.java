package dev.bellows.memory;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees the memory of tensors that are no longer reachable, on whatever device: those that the
 * garbage collector has found already, or after a collection that this asks for. Thread-safe; one
 * collection at a time.
 */
public final class Reclamation {
  private static final Logger LOG = LoggerFactory.getLogger(Reclamation.class);
  private static final long WAIT_NS = 2_000_000_000L;
  private static final long PAUSE_NS = 200_000;

  /**
   * Polls without a find that end a collection: 5 ms, as the JVM's own thread may be kept waiting.
   */
  private static final int QUIET_POLLS = 25;

  private final Object collecting = new Object();
  private volatile BooleanSupplier finder = () -> false;
  private volatile boolean collects = true;

  /** Registers what frees the tensors found unreachable; it answers whether there were any. */
  public void setFinder(BooleanSupplier found) {
    finder = found;
  }

  /** Frees the tensors found unreachable so far; answers whether there were any. */
  public boolean poll() {
    return finder.getAsBoolean();
  }

  /**
   * Keeps an allocator near its live bytes: if growth makes a collection due before {@code bytes}
   * more are in use, frees what is known to be unreachable, and collects if that is not enough.
   */
  public void beforeGrowth(GrowthRule rule, LongSupplier usedBytes, long bytes) {
    if (!isDue(rule, usedBytes, bytes)) {
      return;
    }
    poll();
    if (!isDue(rule, usedBytes, bytes)) {
      return;
    }
    synchronized (collecting) {
      if (isDue(rule, usedBytes, bytes)) { // else another thread has collected meanwhile
        long start = System.nanoTime();
        collect();
        synchronized (rule) {
          rule.collected(usedBytes.getAsLong(), start, System.nanoTime());
        }
      }
    }
  }

  private boolean isDue(GrowthRule rule, LongSupplier usedBytes, long bytes) {
    synchronized (rule) {
      return collects && rule.isDue(usedBytes.getAsLong() + bytes);
    }
  }

  /**
   * Does what may free memory where a limit is reached, a step for each attempt from 0 on.
   *
   * @return whether to try again; false if there is no further step
   */
  public boolean makeRoom(int attempt) {
    switch (attempt) {
      case 0 -> poll();
      case 1 -> {
        synchronized (collecting) {
          collect();
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Why unreachable tensors may still be held, for messages; empty if they are not. */
  public String advice() {
    return collects
        ? ""
        : " Unreachable tensors are not found here, as -XX:+DisableExplicitGC is set.";
  }

  private void collect() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    PhantomReference<Object> marker = new PhantomReference<>(new Object(), queue);
    long before = collections();
    System.gc();
    if (collections() == before) {
      ignored();
    } else {
      long deadline = System.nanoTime() + WAIT_NS;
      while (queue.poll() != marker && System.nanoTime() < deadline) {
        LockSupport.parkNanos(PAUSE_NS);
      }
      // The references that came with the marker are handed over one by one, in no known order.
      for (int quiet = 0; quiet < QUIET_POLLS && System.nanoTime() < deadline; quiet++) {
        if (poll()) {
          quiet = 0;
        }
        LockSupport.parkNanos(PAUSE_NS);
      }
    }
    poll();
  }

  private void ignored() {
    if (collects) {
      collects = false;
      Warnings.warn(
          LOG,
          "memory: System.gc() does nothing in this JVM (-XX:+DisableExplicitGC?), so unreachable"
              + " tensors keep their memory until the JVM collects for itself; use TensorScope or"
              + " close(), or -XX:+ExplicitGCInvokesConcurrent instead");
    }
  }

  private static long collections() {
    long count = 0;
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      count += Math.max(0, bean.getCollectionCount());
    }
    return count;
  }
}
