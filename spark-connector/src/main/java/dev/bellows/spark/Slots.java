package dev.bellows.spark;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.apache.spark.SparkContext;

/** Task slots: the number of tasks that can run at the same time. */
final class Slots {
  private static final long POLL_MS = 200;
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration FIRST_WORD = Duration.ofSeconds(4);
  private static final String SETTING = "timeouts.slots";

  private final SparkContext context;
  private final Consumer<String> say;
  private final IntSupplier occupied;
  private final Time time;

  /**
   * Creates the slots of a cluster.
   *
   * @param say receives messages about long waits
   * @param occupied number of Spark's slots that cannot be used
   */
  Slots(SparkContext context, Consumer<String> say, IntSupplier occupied, Time time) {
    this.context = context;
    this.say = say;
    this.occupied = occupied;
    this.time = time;
  }

  /** Returns all slots that Spark counts, including those of running tasks. */
  static int all(SparkContext context) {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  int now() {
    return Math.max(0, all(context) - occupied.getAsInt());
  }

  /**
   * Waits until there are {@code wanted} slots or the timeout expires; returns the number of slots.
   */
  int await(int wanted, Duration timeout) throws InterruptedException {
    var start = time.nanos();
    var notice = new WaitNotice(say, start, FIRST_WORD);
    var slots = now();
    for (var now = start; slots < wanted && now - start < timeout.toNanos(); now = time.nanos()) {
      var there = slots;
      notice.tick(now, timeout, SETTING, () -> waiting(wanted, there));
      time.sleep(POLL_MS);
      slots = now();
    }
    return slots;
  }

  private String waiting(int wanted, int there) {
    return "slots: waiting for "
        + wanted
        + (wanted == 1 ? " task slot of " : " task slots of ")
        + context.getConf().get("spark.task.cpus", "1")
        + " core(s) each on "
        + context.master()
        + "; "
        + there
        + (there == 1 ? " is there" : " are there");
  }

  /**
   * Waits until all executors have started: until there are slots and their number has not changed
   * for some seconds, or the timeout expires. Returns the number of slots.
   */
  int awaitAll(Duration timeout) throws InterruptedException {
    if (context.isLocal()) {
      return now();
    }
    var notice = new WaitNotice(say, time.nanos(), FIRST_WORD);
    IntSupplier watched =
        () -> {
          var there = now();
          if (there == 0) {
            notice.tick(time.nanos(), timeout, SETTING, () -> waiting(1, there));
          }
          return there;
        };
    return awaitStable(watched, QUIET, timeout, time);
  }

  static int awaitStable(IntSupplier now, Duration quiet, Duration timeout, Time time)
      throws InterruptedException {
    var start = time.nanos();
    var changed = start;
    var slots = now.getAsInt();
    while ((slots == 0 || time.nanos() - changed < quiet.toNanos())
        && time.nanos() - start < timeout.toNanos()) {
      time.sleep(Math.min(POLL_MS, quiet.toMillis() / 4 + 1));
      var there = now.getAsInt();
      if (there != slots) {
        slots = there;
        changed = time.nanos();
      }
    }
    return slots;
  }

  /** Returns the error for too few slots. */
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
