package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import dev.bellows.spark.coordinator.Generation;
import dev.bellows.spark.worker.WorkerTask;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Spark job of a generation: one stage with one long-running task per rank. */
final class WorkerStage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerStage.class);
  private static final String CALL = WorkerTask.class.getName() + ".call";
  private static final long LATE_MS = 5_000;
  private static final Pattern CANCELLED = Pattern.compile("Job \\d+ cancelled");
  private static final long POLL_MS = 200;
  private static final Duration END = Duration.ofSeconds(30);
  private static final Duration FIRST_WORD = Duration.ofSeconds(3);

  private final SparkContext context;
  private final String group;
  private final WorkerTask<?> task;
  private final int workers;
  private final Generation generation;
  private final Consumer<String> say;
  private final Time time;
  private final RunningTasks tasks;
  private final Thread thread;

  WorkerStage(
      SparkContext context,
      String group,
      WorkerTask<?> task,
      int workers,
      Generation generation,
      Consumer<String> say,
      Time time) {
    this.say = say;
    this.time = time;
    this.context = context;
    this.group = group;
    this.task = task;
    this.workers = workers;
    this.generation = generation;
    this.tasks = new RunningTasks(group);
    context.addSparkListener(tasks);
    generation.describeTasks(() -> tasks.started() + " of " + workers + " tasks have started");
    this.thread = new Thread(this::run, group);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      context.setJobGroup(group, "bellows: " + workers + " workers", true);
      JavaSparkContext.fromSparkContext(context)
          .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
          .foreachPartition(task);
      // The last worker's message may still be in transit.
      generation.outcome().get(LATE_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      generation.fail(
          BellowsException.retryable(
              "train: workers must stay until the training ends; all " + workers + " left"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (Exception e) { // Spark throws undeclared checked exceptions
      var failure = failure(e);
      if (!generation.outcome().isDone()) {
        LOG.error("the stage of the workers failed ({})", failure.category(), e);
      }
      generation.fail(failure);
    }
  }

  private BellowsException failure(Exception e) {
    var message = String.valueOf(e.getMessage());
    var first = message.lines().findFirst().orElse("");
    // Bellows itself cancels only after the generation's end, when nothing can fail any more.
    if (context.isStopped() || CANCELLED.matcher(first).find()) {
      return new BellowsException(
          BellowsException.Category.USER, "train: the job was cancelled: " + first, e);
    }
    var advice = advice(message);
    return new BellowsException(
        advice.isEmpty() ? BellowsException.Category.RETRYABLE : BellowsException.Category.USER,
        message("train: the stage of the workers failed: %s%s", first, advice),
        e);
  }

  /** Returns a remedy for tasks that could not be deserialized; empty for all other failures. */
  private static String advice(String message) {
    if (message.contains("ClassNotFoundException")
        || message.contains("NoClassDef")
        || message.contains("java.lang.invoke.SerializedLambda")
        || message.contains("Invalid lambda deserialization")) {
      return "; give the executors the application's classes with --jars";
    }
    return message.contains("JavaDeserializationStream.readObject") && !message.contains(CALL)
        ? "; executors must be able to read what model, loss, optimizer and metric hold"
        : "";
  }

  /** Returns the tasks of the stage. */
  RunningTasks tasks() {
    return tasks;
  }

  /** Cancels the job; tasks that do not react may continue to run. */
  @Override
  public void close() {
    try {
      var outcome = generation.outcome().getNow(null);
      if (outcome != null && outcome.failure() == null) {
        awaitTasks();
      }
      if (thread.isAlive()) {
        context.cancelJobGroup(group);
      }
      awaitJob();
      if (thread.isAlive()) {
        LOG.warn("the job of {} did not end within {}", group, END);
      }
    } catch (InterruptedException e) {
      context.cancelJobGroup(group);
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until workers have left that were released; no task needs to start any more. */
  private void awaitTasks() throws InterruptedException {
    var start = time.nanos();
    do {
      thread.join(POLL_MS);
    } while (thread.isAlive()
        && !tasks.executors().isEmpty()
        && time.nanos() - start < LATE_MS * 1_000_000);
  }

  private void awaitJob() throws InterruptedException {
    var start = time.nanos();
    var notice = new WaitNotice(say, start, FIRST_WORD);
    for (var now = start; thread.isAlive() && now - start < END.toNanos(); now = time.nanos()) {
      notice.tick(now, END, "", () -> "train: waiting for Spark to end the job of " + group);
      thread.join(POLL_MS);
    }
  }

  /** Discards the record of the tasks. */
  void forget() {
    context.removeSparkListener(tasks);
  }
}
