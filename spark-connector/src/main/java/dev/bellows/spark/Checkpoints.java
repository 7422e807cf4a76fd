package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.checkpoint.CheckpointManifest;
import dev.bellows.spark.checkpoint.CheckpointStore;
import dev.bellows.spark.checkpoint.DirectoryLease;
import dev.bellows.spark.checkpoint.Newest;
import dev.bellows.spark.checkpoint.PartInfo;
import dev.bellows.spark.coordinator.CheckpointCommits;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits the checkpoints of one run while it holds the lease, and keeps track of the newest. */
final class Checkpoints implements CheckpointCommits {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  private final CheckpointStore store;
  private final DirectoryLease lease;
  private final CheckpointManifest template;
  private final Supplier<String> evaluationDirectory;
  private final long stepsPerEpoch;
  private final JobSettings settings;
  private final TrainingListener listener;
  private volatile Point newest;

  /**
   * A state to start from.
   *
   * @param step number of completed steps
   * @param name of its checkpoint; null: the initial weights
   * @param evaluations the results before it
   */
  record Point(long step, String name, List<Evaluations.Result> evaluations) {
    static final Point INITIAL = new Point(0, null, List.of());

    String nameOrEmpty() {
      return name == null ? "" : name;
    }
  }

  /**
   * Creates the checkpoints of one run.
   *
   * @param lease of the store's directory
   * @param template the fields that are equal in all manifests of the run
   * @param evaluationDirectory data that the job needs at its end; supplies null: none
   * @param newest the checkpoint the run starts from, or null
   */
  Checkpoints(
      CheckpointStore store,
      DirectoryLease lease,
      CheckpointManifest template,
      Supplier<String> evaluationDirectory,
      long stepsPerEpoch,
      JobSettings settings,
      TrainingListener listener,
      CheckpointManifest newest) {
    this.store = store;
    this.lease = lease;
    this.template = template;
    this.evaluationDirectory = evaluationDirectory;
    this.stepsPerEpoch = stepsPerEpoch;
    this.settings = settings;
    this.listener = listener;
    this.newest = point(newest);
    requireLease();
  }

  /** Returns a checkpoint as a state to start from; results of other evaluations stay behind. */
  private Point point(CheckpointManifest manifest) {
    if (manifest == null) {
      return Point.INITIAL;
    }
    var isLike = manifest.evaluatedWith().isLike(template.evaluatedWith());
    return new Point(manifest.step(), manifest.name(), isLike ? manifest.evaluations() : List.of());
  }

  /** Returns the directory that holds them. */
  CheckpointStore store() {
    return store;
  }

  /** Returns the newest committed checkpoint. */
  Point newest() {
    return newest;
  }

  /**
   * Reads the run's checkpoints and selects the newest complete one.
   *
   * @throws BellowsException ({@code FATAL}) if another run holds the directory, or there were
   *     checkpoints and none is complete
   */
  void verify() {
    try {
      askForLease();
      Newest found = store.newestOfRun();
      found.passed().forEach(passed -> listener.message(passed.warning()));
      if (found.manifest() == null && newest.name() != null) {
        throw BellowsException.fatal(allDamaged(found));
      }
      newest = point(found.manifest());
    } catch (CheckpointException e) {
      throw new BellowsException(BellowsException.Category.RETRYABLE, e.getMessage(), e);
    }
  }

  private String allDamaged(Newest found) {
    return "restart: a checkpoint of "
        + store.directory()
        + " must be whole; "
        + (found.passed().isEmpty()
            ? newest.name() + " is gone, and there is no other"
            : found.passed().stream()
                .map(p -> p.name() + " is damaged (" + p.reason() + ")")
                .collect(Collectors.joining(", ")))
        + ". Bring the files back, or start over with resume(START_OVER)";
  }

  /** Checks that no other run holds the directory. */
  void requireLease() {
    try {
      askForLease();
    } catch (CheckpointException e) {
      throw new BellowsException(BellowsException.Category.RETRYABLE, e.getMessage(), e);
    }
  }

  @Override
  public void requireUsable() {
    askForLease();
    var needed = evaluationDirectory.get();
    if (needed != null && !store.isThere(needed) && canRestart()) {
      throw BellowsException.user(
          message(
              "storage: data must stay while a job uses it; %s, which the evaluation at the end"
                  + " needs, was removed. Run the job again, with resume(AUTO) if there are"
                  + " checkpoints",
              needed));
    }
  }

  /**
   * Returns whether training can restart; if the newest checkpoint is gone too, from the next
   * newest.
   */
  private boolean canRestart() {
    var name = newest.name();
    return name == null || store.isThere(store.directory() + "/" + name);
  }

  private void askForLease() {
    if (lease.require(newest.name())) {
      listener.message(lease.removed());
    }
  }

  @Override
  public void commit(
      long done, String attempt, List<CheckpointPart> parts, Evaluations evaluations) {
    askForLease();
    var files =
        parts.stream()
            .map(p -> new PartInfo(p.getFile(), p.getBytes(), p.getCrc32C(), p.getTensors()))
            .toList();
    var first = parts.get(0);
    store.commit(
        attempt,
        template.toBuilder()
            .step(done)
            .position(
                done / stepsPerEpoch,
                Math.min(done % stepsPerEpoch * template.globalBatch(), template.rows()))
            .worldSize(parts.size())
            .optimizer(
                first.getOptimizerValuesOrDefault("optimizer", ""),
                first.getOptimizerValuesMap(),
                first.getLr())
            .files(files)
            .evaluations(evaluations.results(), settings.rules().bestStep(evaluations))
            .build());
    newest = new Point(done, attempt, evaluations.results());
    LOG.info("checkpoint {} of step {} committed", attempt, done);
    listener.checkpoint(done, attempt);
    try {
      requireUsable();
      store.retain(
          settings.keepLast(),
          attempt,
          settings.rules().keepBest() ? settings.rules().better() : null);
    } catch (CheckpointException e) {
      LOG.warn("{}", e.getMessage());
    }
  }
}
