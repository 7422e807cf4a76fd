package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import dev.bellows.train.TrainSettings;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Settings of a {@link TrainingJob}, immutable: driver and executors share one value. A method with
 * an argument returns a copy in which that setting is changed; {@link TrainingJobBuilder} documents
 * each. {@link #problems} holds the range of each setting and its error.
 */
public final class JobSettings implements Serializable, Cloneable {
  private static final long serialVersionUID = 1L;
  private static final JobSettings DEFAULTS = new JobSettings();

  private TrainSettings train = TrainSettings.defaults();
  private int epochs = 1;
  private int evaluationBatch = 256;
  private boolean evaluateEpochs;
  private MetricRules rules = MetricRules.NONE;
  private WeightAverage average;
  private int executors;
  private int minExecutors = 1;
  private int maxRestarts = 3;
  private String checkpointDirectory;
  private CheckpointInterval interval = CheckpointInterval.everyEpochs(1);
  private int keepLast = 3;
  private Resume resume = Resume.NEVER;
  private String storage;
  private String modelFile;
  private Timeouts timeouts = Timeouts.defaults();

  private JobSettings() {}

  /** Returns all settings at their defaults. */
  public static JobSettings defaults() {
    return DEFAULTS;
  }

  private JobSettings with(Consumer<JobSettings> change) {
    try {
      var copy = (JobSettings) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns the settings that are out of range, as {@code name: rule; got value}; empty if there
   * are none.
   */
  public List<String> problems() {
    var shards = train.shards();
    // There are at least as many shards as executors.
    var least = shards < 0 ? train : train.shards(Math.max(shards, executors));
    var problems = new ArrayList<>(least.problems());
    atLeast(problems, "epochs", epochs, 1);
    atLeast(problems, "evaluationBatch", evaluationBatch, 1);
    rules.addProblems(problems);
    if (average != null && average.problem(epochs) != null) {
      problems.add(average.problem(epochs));
    }
    atLeast(problems, "executors", executors, 0);
    atLeast(problems, "minExecutors", minExecutors, 1);
    atLeast(problems, "maxRestarts", maxRestarts, 0);
    atLeast(problems, "keepLast", keepLast, 1);
    atLeast(problems, "checkpoint interval", interval.count(), 1);
    if (shards > 0 && shards < executors) {
      problems.add(
          message(
              "shards: must be at least executors; got %s shards, %s executors",
              shards, executors));
    }
    timeouts(problems);
    return problems;
  }

  private void timeouts(List<String> problems) {
    if (timeouts == null) {
      problems.add("timeouts: must be set; got null");
      return;
    }
    var values = new LinkedHashMap<String, Duration>();
    values.put("slots", timeouts.slots());
    values.put("rendezvous", timeouts.rendezvous());
    values.put("heartbeat", timeouts.heartbeat());
    values.put("lost", timeouts.lost());
    values.put("collective", timeouts.collective());
    values.put("step", timeouts.step());
    values.put("lease", timeouts.lease());
    var wrong =
        values.entrySet().stream()
            .filter(e -> e.getValue() == null || e.getValue().toMillis() < 1)
            .map(e -> "timeouts." + e.getKey() + ": must be at least 1 ms; got " + e.getValue())
            .toList();
    problems.addAll(wrong);
    if (wrong.isEmpty() && timeouts.lost().compareTo(timeouts.heartbeat()) <= 0) {
      problems.add(
          message(
              "timeouts.lost: must be longer than timeouts.heartbeat; got %s, heartbeat %s",
              timeouts.lost(), timeouts.heartbeat()));
    }
  }

  private static void atLeast(List<String> problems, String name, long value, long least) {
    if (value < least) {
      problems.add(message("%s: must be at least %s; got %s", name, least, value));
    }
  }

  /** Returns the settings of the training loop on each executor. */
  public TrainSettings train() {
    return train;
  }

  /** Changes the settings of the training loop on each executor. */
  public JobSettings train(UnaryOperator<TrainSettings> change) {
    return with(s -> s.train = change.apply(train));
  }

  /** Returns the number of passes over the data. */
  public int epochs() {
    return epochs;
  }

  /** Sets the number of passes over the data. */
  public JobSettings epochs(int value) {
    return with(s -> s.epochs = value);
  }

  /** Returns the number of rows of an evaluation batch. */
  public int evaluationBatch() {
    return evaluationBatch;
  }

  /** Sets the number of rows of an evaluation batch. */
  public JobSettings evaluationBatch(int value) {
    return with(s -> s.evaluationBatch = value);
  }

  /** Returns whether to evaluate after every epoch. */
  public boolean evaluateEpochs() {
    return evaluateEpochs;
  }

  /** Sets whether to evaluate after every epoch. */
  public JobSettings evaluateEpochs(boolean value) {
    return with(s -> s.evaluateEpochs = value);
  }

  /** Returns what depends on the results of evaluations. */
  public MetricRules rules() {
    return rules;
  }

  /** Sets which values of the metric are better; null: unknown. */
  public JobSettings better(Mode value) {
    return with(s -> s.rules = rules.better(value));
  }

  /** Sets when training stops early; patience 0: never. */
  public JobSettings earlyStopping(int patience, double minDelta) {
    return with(s -> s.rules = rules.earlyStopping(patience, minDelta));
  }

  /** Sets whether the best checkpoint is kept. */
  public JobSettings keepBest(boolean value) {
    return with(s -> s.rules = rules.keepBest(value));
  }

  /** Returns the average of the weights to keep; null: none. */
  public WeightAverage average() {
    return average;
  }

  /** Sets the average of the weights to keep; null: none. */
  public JobSettings average(WeightAverage value) {
    return with(s -> s.average = value);
  }

  /** Returns the number of executors; 0: one per task slot. */
  public int executors() {
    return executors;
  }

  /** Sets the number of executors; 0: one per task slot. */
  public JobSettings executors(int value) {
    return with(s -> s.executors = value);
  }

  /** Returns the minimum number of executors after a loss. */
  public int minExecutors() {
    return minExecutors;
  }

  /** Sets the minimum number of executors after a loss; with fewer, training restarts. */
  public JobSettings minExecutors(int value) {
    return with(s -> s.minExecutors = value);
  }

  /** Returns the number of restarts after which the job fails. */
  public int maxRestarts() {
    return maxRestarts;
  }

  /** Sets the number of restarts after which the job fails. */
  public JobSettings maxRestarts(int value) {
    return with(s -> s.maxRestarts = value);
  }

  /** Returns the directory of the checkpoints; null: no checkpoints. */
  public String checkpointDirectory() {
    return checkpointDirectory;
  }

  /** Returns how often checkpoints are written. */
  public CheckpointInterval interval() {
    return interval;
  }

  /** Sets the directory and the interval of checkpoints. */
  public JobSettings checkpoint(String directory, CheckpointInterval every) {
    return with(
        s -> {
          s.checkpointDirectory = directory;
          s.interval = every;
        });
  }

  /** Returns the number of checkpoints to keep. */
  public int keepLast() {
    return keepLast;
  }

  /** Sets the number of checkpoints to keep. */
  public JobSettings keepLast(int value) {
    return with(s -> s.keepLast = value);
  }

  /** Returns how checkpoints of an earlier run are handled. */
  public Resume resume() {
    return resume;
  }

  /** Sets how checkpoints of an earlier run are handled. */
  public JobSettings resume(Resume value) {
    return with(s -> s.resume = value);
  }

  /** Returns the directory of the data snapshots; null: the checkpoint directory. */
  public String storage() {
    return storage;
  }

  /** Sets the directory of the data snapshots. */
  public JobSettings storage(String value) {
    return with(s -> s.storage = value);
  }

  /** Returns the file of the trained weights; null: {@code model.safetensors} in the storage. */
  public String modelFile() {
    return modelFile;
  }

  /** Sets the file of the trained weights. */
  public JobSettings modelFile(String value) {
    return with(s -> s.modelFile = value);
  }

  /** Returns the deadlines of the job. */
  public Timeouts timeouts() {
    return timeouts;
  }

  /** Sets the deadlines of the job. */
  public JobSettings timeouts(Timeouts value) {
    return with(s -> s.timeouts = value);
  }
}
