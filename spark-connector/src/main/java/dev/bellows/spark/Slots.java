package dev.bellows.spark;

import java.time.Duration;
import java.util.function.IntSupplier;
import org.apache.spark.SparkContext;

/** Task slots: how many tasks can run at the same time. */
final class Slots {
  private static final long POLL_MS = 200;
  private static final Duration QUIET = Duration.ofSeconds(3);

  private final SparkContext context;

  Slots(SparkContext context) {
    this.context = context;
  }

  int now() {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  /** Waits until there are {@code wanted} slots or the time is over; answers how many there are. */
  int await(int wanted, Duration timeout) throws InterruptedException {
    var end = System.nanoTime() + timeout.toNanos();
    var slots = now();
    while (slots < wanted && System.nanoTime() < end) {
      Thread.sleep(POLL_MS);
      slots = now();
    }
    return slots;
  }

  /**
   * Waits until all executors that come have come: until there are slots and their number has not
   * changed for some seconds, or the time is over. Answers how many there are.
   */
  int awaitAll(Duration timeout) throws InterruptedException {
    return context.isLocal() ? now() : awaitStable(this::now, QUIET, timeout);
  }

  static int awaitStable(IntSupplier now, Duration quiet, Duration timeout)
      throws InterruptedException {
    var start = System.nanoTime();
    var changed = start;
    var slots = now.getAsInt();
    while ((slots == 0 || System.nanoTime() - changed < quiet.toNanos())
        && System.nanoTime() - start < timeout.toNanos()) {
      Thread.sleep(Math.min(POLL_MS, quiet.toMillis() / 4 + 1));
      var there = now.getAsInt();
      if (there != slots) {
        slots = there;
        changed = System.nanoTime();
      }
    }
    return slots;
  }

  /** The error of too few. */
  BellowsException tooFew(int wanted, int there, Duration timeout) {
    var conf = context.getConf();
    return BellowsException.user(
        "slots: "
            + wanted
            + (wanted == 1 ? " executor needs " : " executors need ")
            + wanted
            + (wanted == 1 ? " free task slot of " : " free task slots of ")
            + conf.get("spark.task.cpus", "1")
            + " core(s) each; "
            + there
            + (there == 1 ? " was" : " were")
            + " there after "
            + timeout.toMillis()
            + " ms on "
            + context.master()
            + ". Start more workers, or raise spark.cores.max or spark.executor.instances"
            + (there == 0 ? "." : ", or set executors(" + there + ")."));
  }
}
