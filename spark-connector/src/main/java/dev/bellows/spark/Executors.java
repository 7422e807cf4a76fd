package dev.bellows.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces executors that cannot run a new stage: those that are silent, or still run a task of an
 * earlier stage. Spark counts the slots of such executors for minutes.
 */
final class Executors {
  private static final Logger LOG = LoggerFactory.getLogger(Executors.class);
  private static final long POLL_MS = 100;
  private static final Duration FIRST_WORD = Duration.ofSeconds(3);

  private final SparkContext context;
  private final Consumer<String> say;
  private final Time time;
  private final Set<String> asked = new TreeSet<>();
  private final List<RunningTasks> left = new ArrayList<>();

  Executors(SparkContext context, Consumer<String> say, Time time) {
    this.context = context;
    this.say = say;
    this.time = time;
  }

  /**
   * Replaces unresponsive executors at once, and those that keep a task running for longer than
   * {@code grace}.
   *
   * @param tasks of a finished stage
   * @param silent executors that sent no heartbeats
   */
  void free(RunningTasks tasks, Set<String> silent, Duration grace) throws InterruptedException {
    replaceSilent(silent);
    var start = time.nanos();
    var notice = new WaitNotice(say, start, FIRST_WORD);
    for (var now = start; now - start < grace.toNanos(); now = time.nanos()) {
      if (tasks.countWithout(asked) == 0) {
        return;
      }
      notice.tick(
          now,
          grace,
          "",
          () -> "restart: waiting for the old tasks to end on executors " + tasks.executors());
      tasks.awaitChange(POLL_MS);
    }
    for (var id : tasks.executors()) {
      if (!asked.contains(id)) {
        replace(id, "did not end its task within " + grace.toMillis() + " ms");
      }
    }
    var occupied = tasks.countWithout(asked);
    if (occupied > 0) {
      left.add(tasks);
      say.accept(
          "restart: "
              + occupied
              + (occupied == 1 ? " old task does" : " old tasks do")
              + " not end, and Spark cannot replace executors "
              + tasks.executors()
              + " here; going on without their slots");
    }
  }

  /** Replaces executors that sent no heartbeats, each once. */
  void replaceSilent(Set<String> silent) {
    silent.forEach(id -> replace(id, "gave no sign of life"));
  }

  private void replace(String id, String why) {
    if (asked.contains(id)) {
      return;
    }
    if (kill(id)) {
      asked.add(id);
      say.accept("executor " + id + " " + why + "; it is replaced");
    }
  }

  /**
   * Replaces an executor; returns false if it is gone, or Spark cannot replace it, as in local
   * mode.
   */
  private boolean kill(String id) {
    try {
      return context.killAndReplaceExecutor(id);
    } catch (Exception e) { // Spark throws undeclared checked exceptions
      LOG.warn("cannot replace executor {}", id, e);
      return false;
    }
  }

  /** Returns the slots that Spark counts as free, but that tasks of earlier stages still hold. */
  int occupied() {
    return left.stream().mapToInt(tasks -> tasks.countWithout(asked)).sum();
  }
}
