package dev.bellows.spark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Counts the tasks of the jobs with one tag. Spark's own status store is unsuitable, as it skips
 * updates in quick succession.
 */
final class StageTasks extends JobStages {
  private static final String TAGS = "spark.job.tags";

  private final Map<Integer, Integer> open = new HashMap<>();
  private final Map<Integer, Integer> ended = new HashMap<>();
  private int running;

  StageTasks(String tag) {
    super(job -> Arrays.asList(job.getProperty(TAGS, "").split(",")).contains(tag));
  }

  /**
   * Numbers of tasks of the current stages.
   *
   * @param running tasks that have a slot
   * @param done tasks that ended
   * @param all total number of tasks
   */
  record Count(int running, int done, int all) {}

  synchronized Count count() {
    return new Count(
        running,
        open.keySet().stream().mapToInt(id -> ended.getOrDefault(id, 0)).sum(),
        open.values().stream().mapToInt(Integer::intValue).sum());
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
    var info = stage.stageInfo();
    if (holds(info.stageId())) {
      open.put(info.stageId(), info.numTasks());
      ended.remove(info.stageId());
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
    open.remove(stage.stageInfo().stageId());
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart task) {
    if (holds(task.stageId())) {
      running++;
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
    if (holds(task.stageId())) {
      running--;
      ended.merge(task.stageId(), 1, Integer::sum);
    }
  }
}
