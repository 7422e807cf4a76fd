package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;

/**
 * Watches the Spark jobs of the creating thread until closed: reports what they wait for, and
 * cancels them if none of their tasks gets a slot in time.
 */
final class SnapshotWatch implements AutoCloseable {
  private static final AtomicLong WATCHES = new AtomicLong();
  private static final Duration POLL = Duration.ofMillis(250);

  /** Length of a wait before it is first reported. */
  private static final Duration FIRST_LINE = Duration.ofSeconds(3);

  private final SparkContext context;
  private final String what;
  private final Duration limit;
  private final TrainingListener listener;
  private final Time time;
  private final String tag = "bellows-snapshot-" + WATCHES.incrementAndGet();
  private final StageTasks tasks;
  private final Thread thread;
  private volatile BellowsException failure;

  /**
   * Starts watching.
   *
   * @param what description of the jobs, for messages
   * @param limit how long they may wait for a slot
   */
  SnapshotWatch(
      SparkContext context, String what, Duration limit, TrainingListener listener, Time time) {
    this.context = context;
    this.what = what;
    this.limit = limit;
    this.listener = listener;
    this.time = time;
    this.tasks = new StageTasks(tag);
    context.addSparkListener(tasks);
    context.addJobTag(tag);
    this.thread = new Thread(this::watch, tag);
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns why the watch cancelled the jobs, or null if it did not. */
  BellowsException failure() {
    return failure;
  }

  private void watch() {
    var start = time.nanos();
    var waits = new WaitNotice(listener::message, start, FIRST_LINE);
    var works = new WaitNotice(listener::message, start, FIRST_LINE);
    var waitingSince = start;
    var before = tasks.count();
    try {
      while (failure == null) {
        time.sleep(POLL.toMillis());
        var there = tasks.count();
        var now = time.nanos();
        if (there.running() > 0 || there.all() == 0 || there.done() != before.done()) {
          waitingSince = now;
          waits.restart(now);
          if (there.all() > 0) {
            works.tick(
                now, () -> what + ": " + there.done() + " of " + there.all() + " tasks done");
          }
        } else if (now - waitingSince >= limit.toNanos()) {
          end();
        } else {
          waits.tick(
              now,
              limit,
              "timeouts.slots",
              () -> what + ": waiting for a free task slot; " + holders());
        }
        before = there;
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void end() {
    failure =
        BellowsException.retryable(
            message(
                "%s: a task slot must come free within %s ms; %s. Wait for that, give the"
                    + " application more cores, or raise timeouts.slots",
                what, limit.toMillis(), holders()));
    context.cancelJobsWithTag(tag, failure.getMessage());
  }

  /** Returns the existing slots, and the other running jobs. */
  private String holders() {
    var slots = Slots.all(context);
    var tracker = context.statusTracker();
    var own = IntStream.of(tracker.getJobIdsForTag(tag)).boxed().toList();
    var others =
        IntStream.of(tracker.getActiveJobIds())
            .filter(id -> !own.contains(id))
            .mapToObj(this::job)
            .collect(Collectors.joining(", "));
    return "there "
        + (slots == 1 ? "is 1 slot" : "are " + slots + " slots")
        + (others.isEmpty() ? ", and no other job runs" : "; other jobs run: " + others);
  }

  private String job(int id) {
    var tracker = context.statusTracker();
    var info = tracker.getJobInfo(id);
    var names =
        info.isEmpty()
            ? Stream.<String>empty()
            : IntStream.of(info.get().stageIds())
                .mapToObj(tracker::getStageInfo)
                .filter(stage -> stage.isDefined())
                .map(stage -> stage.get().name());
    return "job " + id + names.findFirst().map(name -> " \"" + name + "\"").orElse("");
  }

  @Override
  public void close() {
    context.removeJobTag(tag);
    context.removeSparkListener(tasks);
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
