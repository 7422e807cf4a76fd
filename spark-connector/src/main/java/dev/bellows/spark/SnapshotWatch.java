package dev.bellows.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.JobExecutionStatus;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkStageInfo;

/**
 * Watches the Spark jobs of the thread that makes it, until closed: says what they wait for, and
 * ends them when none of their tasks got a slot for too long.
 */
final class SnapshotWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);

  /** A wait of this long is worth a line. */
  private static final Duration FIRST_LINE = Duration.ofSeconds(3);

  private final SparkContext context;
  private final String what;
  private final Duration limit;
  private final TrainingListener listener;
  private final String tag = "bellows-snapshot-" + UUID.randomUUID();
  private final Thread thread;
  private volatile BellowsException failure;

  /** Tasks of the stages that are to run now. */
  private record Tasks(int running, int done, int all) {}

  /**
   * Starts to watch.
   *
   * @param what the jobs do, for messages
   * @param limit how long they may wait for a slot
   */
  SnapshotWatch(SparkContext context, String what, Duration limit, TrainingListener listener) {
    this.context = context;
    this.what = what;
    this.limit = limit;
    this.listener = listener;
    context.addJobTag(tag);
    this.thread = new Thread(this::watch, tag);
    thread.setDaemon(true);
    thread.start();
  }

  /** Why the jobs were ended from here; null if they were not. */
  BellowsException failure() {
    return failure;
  }

  private void watch() {
    var start = System.nanoTime();
    var waits = new WaitNotice(listener::message, start, FIRST_LINE);
    var works = new WaitNotice(listener::message, start, FIRST_LINE);
    var waitingSince = start;
    var before = new Tasks(0, 0, 0);
    try {
      while (failure == null) {
        Thread.sleep(POLL.toMillis());
        var tasks = tasks();
        var now = System.nanoTime();
        if (tasks.running() > 0 || tasks.all() == 0 || tasks.done() != before.done()) {
          waitingSince = now;
          waits.restart(now);
          if (tasks.all() > 0) {
            works.tick(now, () -> running(tasks));
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
        before = tasks;
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private String running(Tasks tasks) {
    return what + ": " + tasks.done() + " of " + tasks.all() + " tasks done";
  }

  private void end() {
    failure =
        BellowsException.retryable(
            what
                + ": a task slot must come free within "
                + limit.toMillis()
                + " ms; "
                + holders()
                + ". Wait for that, give the application more cores, or raise timeouts.slots");
    context.cancelJobsWithTag(tag, failure.getMessage());
  }

  private Tasks tasks() {
    var stages = stages(context.statusTracker().getJobIdsForTag(tag));
    return new Tasks(
        stages.stream().mapToInt(SparkStageInfo::numActiveTasks).sum(),
        stages.stream().mapToInt(SparkStageInfo::numCompletedTasks).sum(),
        stages.stream().mapToInt(SparkStageInfo::numTasks).sum());
  }

  /** Stages of those of these jobs that have not ended. */
  private List<SparkStageInfo> stages(int... jobs) {
    var tracker = context.statusTracker();
    List<SparkStageInfo> stages = new ArrayList<>();
    for (int id : jobs) {
      var job = tracker.getJobInfo(id);
      if (job.isDefined() && job.get().status() == JobExecutionStatus.RUNNING) {
        IntStream.of(job.get().stageIds())
            .mapToObj(tracker::getStageInfo)
            .filter(stage -> stage.isDefined())
            .forEach(stage -> stages.add(stage.get()));
      }
    }
    return stages;
  }

  /** The slots there are, and the other jobs that run. */
  private String holders() {
    var slots =
        context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    var own = IntStream.of(context.statusTracker().getJobIdsForTag(tag)).boxed().toList();
    var others =
        IntStream.of(context.statusTracker().getActiveJobIds())
            .filter(id -> !own.contains(id))
            .mapToObj(this::holder)
            .collect(Collectors.joining(", "));
    return "there "
        + (slots == 1 ? "is 1 slot" : "are " + slots + " slots")
        + (others.isEmpty() ? ", and no other job runs" : "; other jobs run: " + others);
  }

  /** Spark counts tasks late; a job without any may hold slots all the same. */
  private String holder(int job) {
    var stages = stages(job);
    var tasks = stages.stream().mapToInt(SparkStageInfo::numActiveTasks).sum();
    var name = stages.isEmpty() ? "" : " \"" + stages.get(0).name() + "\"";
    return "job "
        + job
        + name
        + (tasks == 0 ? "" : " (" + tasks + (tasks == 1 ? " task)" : " tasks)"));
  }

  @Override
  public void close() {
    context.removeJobTag(tag);
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
