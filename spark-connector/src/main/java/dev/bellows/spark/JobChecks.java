package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Module;
import dev.bellows.optim.Optimizer;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.checkpoint.CheckpointManifest;
import dev.bellows.spark.checkpoint.CheckpointStore;
import dev.bellows.spark.checkpoint.DirectoryLease;
import dev.bellows.spark.checkpoint.LeaseOwner;
import dev.bellows.spark.checkpoint.Lineage;
import dev.bellows.spark.checkpoint.Newest;
import dev.bellows.spark.data.SnapshotWriter;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds all problems of a job's settings, functions and data before anything runs on executors. */
final class JobChecks {
  private static final Logger LOG = LoggerFactory.getLogger(JobChecks.class);

  private final JobConfig<?> config;
  private final List<String> problems = new ArrayList<>();
  private String modelClass = "";
  private String modelHash = "";
  private String optimizerName = "";
  private EvaluatedWith evaluatedWith = EvaluatedWith.UNKNOWN;
  private DirectoryLease lease;
  private CheckpointStore store;
  private CheckpointManifest manifest;

  /**
   * Results of the checks.
   *
   * @param modelClass name of the model's class
   * @param modelHash of its names, types and shapes
   * @param evaluatedWith what evaluations are of, without the rows; unknown: there are none
   * @param lease of the checkpoint directory, for the caller to close; null: no checkpoints
   * @param store null: no checkpoints
   * @param manifest the checkpoint to start from, or null
   */
  record Findings(
      String modelClass,
      String modelHash,
      EvaluatedWith evaluatedWith,
      DirectoryLease lease,
      CheckpointStore store,
      CheckpointManifest manifest) {}

  private JobChecks(JobConfig<?> config) {
    this.config = config;
  }

  /**
   * Checks all settings.
   *
   * @throws BellowsException ({@code USER}) with all problems
   */
  static Findings check(
      JobConfig<?> config, TrainingListener listener, RandomGenerator random, Time time)
      throws InterruptedException {
    var checks = new JobChecks(config);
    checks.problems.addAll(config.settings().problems());
    checks.sparkSettings();
    checks.frames();
    checks.metricUsers();
    checks.functions();
    try {
      checks.checkpoints(listener, random, time);
      if (checks.problems.isEmpty()) {
        return new Findings(
            checks.modelClass,
            checks.modelHash,
            checks.evaluatedWith,
            checks.lease,
            checks.store,
            checks.manifest);
      }
    } catch (RuntimeException e) {
      checks.release();
      throw e;
    }
    checks.release();
    throw error(checks.problems);
  }

  private void release() {
    if (lease != null) {
      lease.close();
    }
  }

  /** Returns the error of one problem, or of several with their number. */
  static BellowsException error(List<String> problems) {
    return BellowsException.user(
        problems.size() == 1
            ? problems.get(0)
            : message("job: %s problems: %s", problems.size(), String.join("; ", problems)));
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  private void sparkSettings() {
    var conf = config.spark().sparkContext().getConf();
    require(
        !conf.getBoolean("spark.speculation", false),
        "spark.speculation: must be false, as a rank cannot run twice; got true");
    var gpus = conf.getDouble("spark.task.resource.gpu.amount", 0);
    require(
        gpus <= 1,
        "spark.task.resource.gpu.amount: must be at most 1, as a rank uses one device; got "
            + gpus);
  }

  private void frames() {
    require(config.data() != null && !config.columns().isEmpty(), "data: must be set; got none");
    if (config.columns().isEmpty()) {
      return;
    }
    if (config.data() != null) {
      columns("data", config.data());
    }
    if (config.evaluation() != null) {
      columns("evaluation", config.evaluation());
      require(config.metric() != null, "evaluation: needs predict(...) or metric(...); got none");
      label();
    }
  }

  private void metricUsers() {
    var users = config.metricUsers();
    require(
        users.isEmpty() || config.evaluation() != null,
        message("evaluation: must be set, for %s; got none", users));
    require(
        config.comparing().isEmpty() || config.settings().rules().better() != null,
        message(
            "metric: which values are better must be known, for %s; pass metric(metric, MIN) or"
                + " metric(metric, MAX)",
            config.comparing()));
    require(
        !config.settings().rules().keepBest() || config.settings().checkpointDirectory() != null,
        "keepBest: needs a checkpoint directory; got none");
  }

  private void label() {
    if (config.metric() != null && config.metric().update() instanceof AccuracyUpdate<?> accuracy) {
      var names = config.columns().stream().map(c -> c.name()).toList();
      require(
          names.contains(accuracy.label()),
          message(
              "predict: label must be the name of a column of data(...); got %s, columns %s",
              accuracy.label(), names));
    }
  }

  private void columns(String what, Dataset<Row> frame) {
    for (var problem : SnapshotWriter.problems(frame, config.columns())) {
      problems.add(what + ": " + problem);
    }
  }

  private void functions() {
    require(config.loss() != null, "loss: must be set; got none");
    require(config.optimizer() != null, "optimizer: must be set; got none");
    serializable("model", config.model());
    serializable("loss", config.loss());
    serializable("optimizer", config.optimizer());
    metric();
    if (config.model() != null && config.optimizer() != null) {
      buildModel();
    }
  }

  private void metric() {
    var metric = config.metric();
    if (metric == null) {
      return;
    }
    if (metric.metric() == null || metric.update() == null) {
      problems.add("metric: must have a function that makes it and one that updates it; got null");
      return;
    }
    serializable("metric", metric);
    try {
      var better = config.settings().rules().better();
      if (config.evaluation() != null) {
        evaluatedWith =
            new EvaluatedWith(metric.create().toString(), better == null ? "" : better.name(), "");
      }
    } catch (BellowsException e) {
      LOG.error("{}", e.getMessage(), e.getCause());
      problems.add(e.getMessage());
    }
  }

  private void serializable(String what, Object function) {
    var problem = SentFunctions.problem(what, function);
    if (problem != null) {
      problems.add(problem);
    }
  }

  /**
   * Builds model and optimizer once on the driver, so that their errors come before a stage runs.
   */
  private void buildModel() {
    var before = Generator.setCurrent(new Generator(config.settings().train().seed()));
    try {
      Module model = UserCode.make("model", "", () -> config.model().get());
      optimizer(
          model,
          UserCode.make("optimizer", "", () -> config.optimizer().create(model.parameters())));
      problems.addAll(OwnGenerators.problems(model));
      modelClass = model.getClass().getName();
      modelHash = CheckpointManifest.hashModel(model.stateDict().asMap());
      var average = config.settings().average();
      if (average != null && problems.isEmpty()) { // else it may be out of range
        average.of(model).parameters().forEach(Tensor::close); // it can be copied
      }
      model.parameters().forEach(Tensor::close);
    } catch (BellowsException e) {
      LOG.error("{}", e.getMessage(), e.getCause());
      problems.add(e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.error("model", e);
      problems.add("model: " + UserCode.describe(e));
    } finally {
      Generator.setCurrent(before);
    }
  }

  private void optimizer(Module model, Optimizer optimizer) {
    optimizerName = optimizer.name();
    problems.addAll(config.settings().train().problems(optimizer, model.parameters()));
  }

  private void checkpoints(TrainingListener listener, RandomGenerator random, Time time)
      throws InterruptedException {
    if (config.settings().checkpointDirectory() == null) {
      require(
          config.settings().resume() == Resume.NEVER
              || config.settings().resume() == Resume.START_OVER,
          "resume: " + config.settings().resume() + " needs a checkpoint directory; got none");
      return;
    }
    var hadoop = config.spark().sparkContext().hadoopConfiguration();
    try {
      store = new CheckpointStore(config.settings().checkpointDirectory(), hadoop);
      store.check();
      if (problems.isEmpty()) { // otherwise the job fails without it
        var self =
            LeaseOwner.here(
                Lineage.newRun(random),
                config.spark().sparkContext().applicationId(),
                config.settings().timeouts().lease(),
                time.now());
        var directory = config.settings().checkpointDirectory();
        lease = DirectoryLease.acquire(directory, hadoop, self, listener::message, time);
        store = new CheckpointStore(directory, hadoop, lease);
      }
      choose(listener);
    } catch (CheckpointException e) {
      problems.add(e.getMessage());
    }
  }

  private void choose(TrainingListener listener) {
    switch (config.settings().resume()) {
      case NEVER -> requireEmpty();
      case START_OVER -> reportOthers(listener);
      case AUTO, REQUIRED, BEST -> {
        var better = config.settings().rules().better();
        var isBest = config.settings().resume() == Resume.BEST && better != null;
        var newest = isBest ? store.best(better) : store.newest();
        newest.passed().forEach(passed -> listener.message(passed.warning()));
        manifest = newest.manifest();
        if (manifest != null) {
          resume();
          store.goOnFrom(manifest, isBest);
        } else {
          requireUndamaged(newest);
        }
      }
    }
  }

  private void requireEmpty() {
    store.list().stream()
        .filter(info -> !info.incomplete())
        .findFirst()
        .ifPresent(
            info ->
                problems.add(
                    message(
                        "checkpoint: %s must be without checkpoints of an earlier run; it holds %s"
                            + " of step %s. Go on from there with resume(AUTO), or take another"
                            + " directory",
                        store.directory(), info.name(), info.step())));
  }

  private void reportOthers(TrainingListener listener) {
    var others = store.list().stream().filter(info -> !info.incomplete()).toList();
    if (!others.isEmpty()) {
      listener.message(
          message(
              "checkpoint: starting over beside %s checkpoints of earlier runs in %s, the newest"
                  + " %s; they stay as they are",
              others.size(), store.directory(), others.get(0).name()));
    }
  }

  /**
   * Checks that a run starts from scratch only if no checkpoint was ever committed, or a valid one
   * exists.
   */
  private void requireUndamaged(Newest newest) {
    var before = lease == null ? null : lease.previousNewest();
    var damaged =
        newest.passed().stream().filter(p -> !p.incomplete() || p.name().equals(before)).toList();
    if (!damaged.isEmpty()) {
      problems.add(
          message(
              "resume: a checkpoint of %s must be whole; %s. Bring the files back, or start over"
                  + " with resume(START_OVER)",
              store.directory(),
              damaged.stream()
                  .map(p -> message("%s is damaged (%s)", p.name(), p.reason()))
                  .collect(Collectors.joining(", "))));
    } else {
      require(
          config.settings().resume() == Resume.AUTO,
          message(
              config.settings().resume() == Resume.BEST
                  ? "resume: BEST needs a checkpoint of an evaluated state; there is none in %s"
                  : "resume: REQUIRED needs a checkpoint; there is none in %s",
              store.directory()));
    }
  }

  private void resume() {
    var train = config.settings().train();
    same("seed", manifest.seed(), train.seed());
    same("globalBatch", manifest.globalBatch(), train.globalBatch());
    if (train.shards() > 0) {
      same("shards", manifest.shards(), train.shards());
    } else {
      require(
          config.settings().executors() <= manifest.shards(),
          message(
              "%shas %s shards, so executors must be at most that; got %s",
              resumed(), manifest.shards(), config.settings().executors()));
    }
    if (!modelHash.isEmpty() && !modelHash.equals(manifest.modelHash())) {
      problems.add(
          message(
              "%sis of another model; it holds %s (%s), the job trains %s (%s)",
              resumed(), manifest.modelClass(), manifest.modelHash(), modelClass, modelHash));
    }
    if (!optimizerName.isEmpty()) {
      same("optimizer", manifest.optimizer(), optimizerName);
    }
    var average = config.settings().average();
    same("average", orNone(manifest.average()), orNone(average == null ? "" : average.toString()));
    var unlike = unlikeEvaluations(config, manifest, evaluatedWith);
    if (unlike == null) {
      bestWeights();
    } else if (!config.comparing().isEmpty()) {
      problems.add(unlike);
    }
  }

  /**
   * Describes results in a checkpoint that the job must not compare with its own, or returns null.
   *
   * @param here what its own are of
   */
  static String unlikeEvaluations(
      JobConfig<?> config, CheckpointManifest manifest, EvaluatedWith here) {
    if (manifest.evaluations().isEmpty() || manifest.evaluatedWith().isLike(here)) {
      return null;
    }
    var comparing = config.comparing();
    return message(
        "resume: checkpoint %s has evaluations of %s, the job evaluates %s; %s",
        manifest.name(),
        manifest.evaluatedWith(),
        here,
        comparing.isEmpty()
            ? "those of the checkpoint are left out"
            : message(
                "%s must not compare them. Resume with metric, mode and evaluation rows of the"
                    + " checkpoint's run, or without %s, or start over with resume(START_OVER)",
                comparing, comparing));
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "none" : text;
  }

  /** Checks that the checkpoint holds the weights that early stopping may restore. */
  private void bestWeights() {
    var rules = config.settings().rules();
    if (rules.better() == null || !rules.stopsEarly()) {
      return;
    }
    var best = rules.bestStep(new Evaluations(rules.better(), manifest.evaluations()));
    require(
        best == manifest.bestStep(),
        message(
            "%smust hold the best weights for earlyStopping, those of step %s; it has %s. Resume"
                + " with the settings of its run, or without earlyStopping",
            resumed(),
            best,
            manifest.bestStep() == 0 ? "none" : "those of step " + manifest.bestStep()));
  }

  private void same(String what, Object saved, Object here) {
    require(
        saved.equals(here),
        resumed() + "has " + what + " " + saved + ", the job has " + here + "; both must be equal");
  }

  private String resumed() {
    return "resume: checkpoint " + manifest.name() + " ";
  }
}
