package dev.bellows.spark;

import java.time.Duration;
import org.apache.spark.SparkContext;

/** Task slots: how many tasks can run at the same time. */
final class Slots {
  private static final long POLL_MS = 200;

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
