package dev.bellows.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** The running tasks of a job group and their executors; Spark reports them with a small delay. */
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

  /** Returns how many tasks have started so far. */
  synchronized int started() {
    return started;
  }

  /** Returns the number of tasks that run on other executors than the given ones. */
  synchronized int countWithout(Set<String> ids) {
    return (int) executors.values().stream().filter(id -> !ids.contains(id)).count();
  }

  /** Returns the executors that run tasks of the group. */
  synchronized Set<String> executors() {
    return new TreeSet<>(executors.values());
  }

  /** Waits for a change, at most for the given time. */
  synchronized void awaitChange(long millis) throws InterruptedException {
    wait(millis);
  }
}
