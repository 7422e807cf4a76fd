package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.TlsConfig;
import dev.bellows.nn.Module;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.checkpoint.CheckpointManifest;
import dev.bellows.spark.coordinator.CoordinatorServer;
import dev.bellows.spark.coordinator.Generation;
import dev.bellows.spark.coordinator.Outcome;
import dev.bellows.spark.coordinator.Schedule;
import dev.bellows.spark.data.Snapshot;
import dev.bellows.spark.worker.Assignment;
import dev.bellows.spark.worker.Recipe;
import dev.bellows.spark.worker.SparkTls;
import dev.bellows.spark.worker.WorkerTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Runs a job on the driver: checks, slots, snapshot of the data, and then generations of workers
 * until one completes the training.
 */
final class JobRunner<M extends Module> {
  private static final int LOOKAHEAD = 8;
  private static final long POLL_MS = 200;

  private final JobConfig<M> config;
  private final SparkContext context;
  private final Listeners listener;
  private final Executors workers;
  private final Slots slots;
  private final String jobId;
  private final byte[] secret = new byte[32];
  private final RandomGenerator random;
  private final Time time;
  private final ExecutorService commitThread =
      java.util.concurrent.Executors.newSingleThreadExecutor(
          run -> {
            var thread = new Thread(run, "bellows-checkpoint-commit");
            thread.setDaemon(true);
            return thread;
          });
  private final List<WorkerStage> stages = new ArrayList<>();
  private JobSettings settings;
  private TlsConfig tls;
  private Snapshot data;
  private Snapshot evaluation;
  private int executors;
  private int firstExecutors;
  private int restarts;

  /**
   * Creates the run of a job.
   *
   * @param random source of the secret and the names of the job and its run
   */
  JobRunner(JobConfig<M> config, RandomGenerator random, Time time) {
    this.config = config;
    this.settings = config.settings();
    this.context = config.spark().sparkContext();
    this.listener = new Listeners(config.listeners());
    this.workers = new Executors(context, listener::message, time);
    this.slots = new Slots(context, listener::message, workers::occupied, time);
    this.random = random;
    this.time = time;
    random.nextBytes(secret);
    this.jobId = String.format(Locale.ROOT, "%s-%08x", context.applicationId(), random.nextInt());
  }

  TrainingResult run() {
    if (context.isLocal() && System.getProperty(WorkerTask.THREADS) == null) {
      // The engine reads this property once, and the checks use the engine before the first worker
      // does.
      System.setProperty(WorkerTask.THREADS, context.getConf().get("spark.task.cpus", "1"));
    }
    try {
      var findings = JobChecks.check(config, listener, random, time);
      try (var lease = findings.lease()) { // null: no checkpoints
        return run(findings);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.retryable("train: the job was interrupted");
    } finally {
      commitThread.shutdown();
      stages.forEach(WorkerStage::forget);
      listener.ended();
    }
  }

  private TrainingResult run(JobChecks.Findings findings) throws InterruptedException {
    tls = SparkTls.current();
    warnOfClearText();
    awaitSlots(findings.manifest());
    var place = settings.storage() != null ? settings.storage() : settings.checkpointDirectory();
    try (var storage = new JobStorage(config.spark(), place, time)) {
      return train(findings, storage);
    }
  }

  private void warnOfClearText() {
    if (tls == null && context.getConf().getBoolean("spark.network.crypto.enabled", false)) {
      listener.message(
          "warning: spark.network.crypto.enabled is on, but gradients and plans travel between"
              + " workers and driver in clear text; set spark.ssl.bellows.* or spark.ssl.rpc.* to"
              + " encrypt them");
    }
  }

  private void awaitSlots(CheckpointManifest manifest) throws InterruptedException {
    var timeout = settings.timeouts().slots();
    var wanted = Math.max(1, settings.executors());
    var there = settings.executors() > 0 ? slotsFor(wanted) : slots.awaitAll(timeout);
    if (there < wanted) {
      throw slots.tooFew(wanted, there, timeout);
    }
    executors = settings.executors() > 0 ? settings.executors() : there;
    if (settings.train().shards() == 0) {
      var shards = manifest != null ? manifest.shards() : roundUpToPowerOfTwo(executors);
      settings = settings.train(train -> train.shards(shards));
    }
    executors = Math.min(executors, settings.train().shards());
    firstExecutors = executors;
    var problems = settings.problems();
    if (!problems.isEmpty()) {
      throw JobChecks.error(problems);
    }
  }

  private static int roundUpToPowerOfTwo(int count) {
    return count == 1 ? 1 : Integer.highestOneBit(count - 1) * 2;
  }

  private int slotsFor(int wanted) throws InterruptedException {
    // With dynamic allocation, executors start only when tasks wait for them.
    return context.getConf().getBoolean("spark.dynamicAllocation.enabled", false)
        ? wanted
        : slots.await(wanted, settings.timeouts().slots());
  }

  private TrainingResult train(JobChecks.Findings findings, JobStorage storage)
      throws InterruptedException {
    data = snapshot(storage, "train", config.data());
    evaluation =
        config.evaluation() == null ? null : snapshot(storage, "evaluation", config.evaluation());
    var manifest = findings.manifest();
    if (manifest != null && !manifest.snapshotFingerprint().equals(data.fingerprint())) {
      throw BellowsException.user(
          message(
              "resume: checkpoint %s is of other data; it was trained on %s rows with fingerprint"
                  + " %s, the job has %s rows with fingerprint %s",
              manifest.name(),
              manifest.rows(),
              manifest.snapshotFingerprint(),
              data.rows(),
              data.fingerprint()));
    }
    var evaluatedWith = evaluatedWith(findings);
    var globalBatch = settings.train().globalBatch();
    var stepsPerEpoch = (data.rows() + globalBatch - 1) / globalBatch;
    var schedule =
        new Schedule(
            Math.multiplyExact(stepsPerEpoch, (long) settings.epochs()),
            stepsPerEpoch,
            findings.store() == null ? 0 : settings.interval().steps(stepsPerEpoch),
            evaluation != null && (settings.evaluateEpochs() || !config.metricUsers().isEmpty()),
            config.learningRate(),
            settings.rules());
    if (manifest != null && manifest.step() > schedule.steps()) {
      throw BellowsException.user(
          message(
              "resume: checkpoint %s must not be behind the end of the training; it is of step %s,"
                  + " the job has %s",
              manifest.name(), manifest.step(), schedule.steps()));
    }
    var checkpoints =
        findings.store() == null
            ? null
            : new Checkpoints(
                findings.store(),
                findings.lease(),
                template(findings, evaluatedWith),
                () -> evaluation == null ? null : evaluation.directory(),
                stepsPerEpoch,
                settings,
                listener,
                manifest);
    return generations(schedule, checkpoints, storage);
  }

  private Snapshot snapshot(JobStorage storage, String name, Dataset<Row> frame) {
    return storage.snapshot(name, frame, config.columns(), settings.timeouts().slots(), listener);
  }

  /** Rewrites a snapshot that a worker found damaged; returns whether one was rewritten. */
  private boolean heal(JobStorage storage, BellowsException failure) {
    var slots = settings.timeouts().slots();
    var why = failure.getMessage();
    var train = data;
    var measured = evaluation;
    data = storage.heal(train, "train", config.data(), slots, listener, why);
    if (measured != null) {
      evaluation = storage.heal(measured, "evaluation", config.evaluation(), slots, listener, why);
    }
    return !train.equals(data) || measured != null && !measured.equals(evaluation);
  }

  /** Returns what the job's evaluations are of; those of the checkpoint must be of the same. */
  private EvaluatedWith evaluatedWith(JobChecks.Findings findings) {
    var manifest = findings.manifest();
    if (evaluation == null) { // those of the checkpoint are kept
      return manifest == null ? EvaluatedWith.UNKNOWN : manifest.evaluatedWith();
    }
    var here = findings.evaluatedWith().on(evaluation.fingerprint());
    var unlike = manifest == null ? null : JobChecks.unlikeEvaluations(config, manifest, here);
    if (unlike != null && !config.comparing().isEmpty()) {
      throw BellowsException.user(unlike);
    } else if (unlike != null) {
      listener.message(unlike);
    }
    return here;
  }

  private CheckpointManifest template(JobChecks.Findings findings, EvaluatedWith evaluatedWith) {
    var train = settings.train();
    return CheckpointManifest.builder()
        .run(train.seed(), train.shards(), train.globalBatch())
        .snapshot(data.directory(), data.fingerprint(), data.rows())
        .model(findings.modelClass(), findings.modelHash())
        .average(settings.average() == null ? "" : settings.average().toString())
        .evaluatedWith(evaluatedWith)
        .build();
  }

  private Recipe<M> recipe(JobStorage storage) {
    var hadoop = storage.settings();
    return new Recipe<>(
        config.model(),
        config.loss(),
        config.optimizer(),
        config.metric(),
        JobStorage.factory(data, hadoop),
        evaluation == null ? null : JobStorage.factory(evaluation, hadoop),
        settings);
  }

  private TrainingResult generations(Schedule schedule, Checkpoints checkpoints, JobStorage storage)
      throws InterruptedException {
    var meter = new ProgressMeter(schedule.steps(), schedule.stepsPerEpoch(), listener, time);
    var modelFile = storage.file(settings.modelFile(), "model.safetensors");
    var hadoop = storage.settings();
    var firstStep = newest(checkpoints).step();
    var start = time.nanos();
    try (var server = server()) {
      for (int number = 0; ; ) {
        var point = newest(checkpoints);
        sayStart(point, schedule);
        var written = JobStorage.temporary(modelFile, jobId, number);
        var generation =
            new Generation(
                membership(number, point),
                schedule,
                checkpoints == null ? null : checkpoints.store(),
                checkpoints,
                meter,
                time::nanos,
                commitThread);
        meter.restart();
        server.serve(generation);
        var assignment =
            new Assignment(
                jobId,
                number,
                executors,
                server.address(),
                secret,
                point.step(),
                schedule.steps(),
                point.nameOrEmpty(),
                checkpoints == null ? null : checkpoints.store().directory(),
                written,
                hadoop);
        var outcome = run(generation, new WorkerTask<>(recipe(storage), assignment));
        if (outcome.failure() == null) {
          if (checkpoints != null) {
            checkpoints.requireLease(); // the file of a run that holds the directory now must stay
          }
          storage.publish(assignment.modelFile(generation.epoch()), modelFile);
          removeModels(assignment, generation, storage);
          var seconds = (time.nanos() - start) / 1e9;
          var evaluations = generation.evaluations();
          return result(
              outcome, evaluations, modelFile, schedule, checkpoints, meter, firstStep, seconds);
        }
        removeModels(assignment, generation, storage);
        prepareRestart(outcome, generation, checkpoints, storage);
        number = generation.epoch() + 1;
      }
    }
  }

  private void sayStart(Checkpoints.Point point, Schedule schedule) {
    listener.message(
        "training on "
            + executors
            + (executors == 1 ? " executor, " : " executors, ")
            + settings.train().shards()
            + " shards, from step "
            + point.step()
            + " of "
            + schedule.steps());
  }

  /** Removes what groups wrote that were not the last, or failed. */
  private static void removeModels(
      Assignment assignment, Generation generation, JobStorage storage) {
    for (int group = generation.number(); group <= generation.epoch(); group++) {
      storage.remove(assignment.modelFile(group));
    }
  }

  private Generation.Settings membership(int number, Checkpoints.Point start) {
    return new Generation.Settings(
        jobId,
        number,
        executors,
        settings.minExecutors(),
        settings.train().shardOptimizer(),
        settings.train().shards(),
        start.step(),
        start.nameOrEmpty(),
        new Evaluations(settings.rules().better(), start.evaluations()),
        LOOKAHEAD,
        settings.timeouts());
  }

  private CoordinatorServer server() {
    var conf = context.getConf();
    var host = conf.get("spark.driver.host", "127.0.0.1");
    return new CoordinatorServer(
        conf.get("spark.driver.bindAddress", host),
        host,
        conf.getInt("spark.bellows.coordinator.port", 0),
        secret,
        tls);
  }

  private static Checkpoints.Point newest(Checkpoints checkpoints) {
    return checkpoints == null ? Checkpoints.Point.INITIAL : checkpoints.newest();
  }

  private Outcome run(Generation generation, WorkerTask<M> task) throws InterruptedException {
    var name = "bellows-" + jobId + "-" + generation.number();
    try (var stage =
        new WorkerStage(context, name, task, executors, generation, listener::message, time)) {
      stages.add(stage);
      while (!generation.outcome().isDone()) {
        workers.replaceSilent(generation.silentExecutors());
        awaitOutcome(generation);
      }
      return generation.outcome().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void awaitOutcome(Generation generation)
      throws InterruptedException, ExecutionException {
    try {
      generation.outcome().get(POLL_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Look again.
    }
  }

  private void prepareRestart(
      Outcome outcome, Generation generation, Checkpoints checkpoints, JobStorage storage)
      throws InterruptedException {
    var failure = outcome.failure();
    var fatal = failure.category() == BellowsException.Category.FATAL;
    var triedEnough = failure.getCause() instanceof CheckpointException;
    var healed = !fatal && !triedEnough && heal(storage, failure);
    if (!healed && (triedEnough || failure.category() != BellowsException.Category.RETRYABLE)) {
      throw failure;
    }
    if (restarts == settings.maxRestarts()) {
      throw new BellowsException(
          BellowsException.Category.RETRYABLE,
          restarts == 0
              ? failure.getMessage()
              : message(
                  "train: gave up after %s restarts; the last because: %s",
                  restarts, failure.getMessage()),
          failure);
    }
    restarts++;
    if (checkpoints != null) {
      checkpoints.verify();
    }
    listener.message(
        message(
            "%s; going on from step %s (restart %s of %s)",
            failure.getMessage(), newest(checkpoints).step(), restarts, settings.maxRestarts()));
    workers.free(
        stages.get(stages.size() - 1).tasks(),
        generation.silentExecutors(),
        settings.timeouts().slots().dividedBy(2));
    var there = slotsFor(firstExecutors);
    var needed = Math.min(firstExecutors, settings.minExecutors());
    if (there < needed) {
      throw slots.tooFew(needed, there, settings.timeouts().slots());
    }
    executors = Math.min(firstExecutors, there);
  }

  private TrainingResult result(
      Outcome outcome,
      Evaluations evaluations,
      String modelFile,
      Schedule schedule,
      Checkpoints checkpoints,
      ProgressMeter meter,
      long firstStep,
      double seconds) {
    var best = settings.rules().bestStep(evaluations);
    if (outcome.steps() < schedule.steps()) {
      listener.message(settings.rules().stopped(outcome.steps(), schedule.steps(), evaluations));
    }
    var nothingBest = settings.rules().nothingBest(evaluations);
    if (nothingBest != null) {
      listener.message(nothingBest);
    }
    return new TrainingResult(
        modelFile,
        outcome.weightsSha256(),
        outcome.steps(),
        (outcome.steps() + schedule.stepsPerEpoch() - 1) / schedule.stepsPerEpoch(),
        best > 0 ? best : outcome.steps(),
        evaluations.results(),
        meter.lastLoss(),
        outcome.metric(),
        checkpoints == null
            ? Optional.empty()
            : Optional.ofNullable(checkpoints.newest().name())
                .map(name -> checkpoints.store().directory() + "/" + name),
        firstStep,
        restarts,
        executors,
        seconds,
        meter.samplesPerSecond(),
        meter.waitShare(),
        meter.stragglerShare());
  }
}
