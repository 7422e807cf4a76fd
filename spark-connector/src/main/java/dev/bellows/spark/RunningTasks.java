package dev.bellows.spark;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** The tasks of one job group that run now, and where; Spark tells of them a little late. */
final class RunningTasks extends SparkListener {
  private static final String GROUP = "spark.jobGroup.id";

  private final String group;
  private final Set<Integer> stages = new HashSet<>();
  private final Map<Long, String> executors = new LinkedHashMap<>();
  private int started;

  RunningTasks(String group) {
    this.group = group;
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart job) {
    if (job.properties() != null && group.equals(job.properties().getProperty(GROUP))) {
      var ids = job.stageIds().iterator();
      while (ids.hasNext()) {
        stages.add((Integer) ids.next());
      }
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart task) {
    if (stages.contains(task.stageId())) {
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
