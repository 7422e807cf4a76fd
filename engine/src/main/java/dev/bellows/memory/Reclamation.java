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
 * Frees the memory of unreachable tensors on any device: those that the garbage collector has
 * already found, or all after a collection that this class requests. Thread-safe; one collection
 * runs at a time.
 */
public final class Reclamation {
  private static final Logger LOG = LoggerFactory.getLogger(Reclamation.class);
  private static final long WAIT_NS = 2_000_000_000L;
  private static final long PAUSE_NS = 200_000;

  /**
   * Number of polls without a find that end a collection: 5 ms, as the JVM's reference handler may
   * be delayed.
   */
  private static final int QUIET_POLLS = 25;

  private final Object collecting = new Object();
  private volatile BooleanSupplier finder = () -> false;
  private volatile boolean collects = true;

  /** Registers the function that frees unreachable tensors; it returns whether there were any. */
  public void setFinder(BooleanSupplier found) {
    finder = found;
  }

  /** Frees the tensors found unreachable so far; returns whether there were any. */
  public boolean poll() {
    return finder.getAsBoolean();
  }

  /**
   * Keeps an allocator near its live bytes: if a collection is due before {@code bytes} more are in
   * use, frees the tensors known to be unreachable, and requests a collection if that is not
   * enough.
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
      if (isDue(rule, usedBytes, bytes)) { // another thread may have collected meanwhile
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
   * Frees memory when a limit is reached, one measure per attempt; attempts count from 0.
   *
   * @return whether to try again; false if no further measure is left
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

  /** Returns why unreachable tensors may still hold memory, for messages; empty if they do not. */
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
      // References that were enqueued with the marker arrive one by one, in no known order.
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
              + " tensors keep their memory until the JVM runs a collection; use TensorScope or"
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
