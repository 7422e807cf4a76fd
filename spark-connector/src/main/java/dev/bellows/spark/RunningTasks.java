package dev.bellows.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** The tasks of one job group that run now, and where; Spark tells of them a little late. */
final class RunningTasks extends JobStages {
  private static final String GROUP = "spark.jobGroup.id";

  private final Map<Long, String> executors = new LinkedHashMap<>();
  private int started;

  RunningTasks(String group) {
    super(job -> group.equals(job.getProperty(GROUP)));
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart task) {
    if (holds(task.stageId())) {
      started++;
      executors.put(task.taskInfo().taskId(), task.taskInfo().executorId());
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
    if (task.taskInfo() != null) {
      executors.remove(task.taskInfo().taskId());
      notifyAll();
    }
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    executors.values().removeIf(removed.executorId()::equals);
    notifyAll();
  }

  /** How many tasks have started so far. */
  synchronized int started() {
    return started;
  }

  /** How many tasks run on executors other than these. */
  synchronized int countWithout(Set<String> ids) {
    return (int) executors.values().stream().filter(id -> !ids.contains(id)).count();
  }

  /** The executors that run some of the tasks. */
  synchronized Set<String> executors() {
    return new TreeSet<>(executors.values());
  }

  /** Waits for a change, or so long. */
  synchronized void awaitChange(long millis) throws InterruptedException {
    wait(millis);
  }
}
