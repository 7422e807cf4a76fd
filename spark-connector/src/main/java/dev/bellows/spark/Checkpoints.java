package dev.bellows.spark;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.checkpoint.CheckpointManifest;
import dev.bellows.spark.checkpoint.CheckpointStore;
import dev.bellows.spark.checkpoint.PartInfo;
import dev.bellows.spark.coordinator.CheckpointCommits;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits the checkpoints of one run, and knows the newest. */
final class Checkpoints implements CheckpointCommits {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  private final CheckpointStore store;
  private final CheckpointManifest template;
  private final long stepsPerEpoch;
  private final int keepLast;
  private final TrainingListener listener;
  private volatile Point newest;

  /**
   * A state to start from.
   *
   * @param step steps done in it
   * @param name of its checkpoint; null: the initial weights
   */
  record Point(long step, String name) {
    static final Point INITIAL = new Point(0, null);

    static Point of(CheckpointManifest manifest) {
      return manifest == null ? INITIAL : new Point(manifest.step(), manifest.name());
    }
  }

  /**
   * The checkpoints of one run.
   *
   * @param template what all manifests of the run have in common
   * @param newest the checkpoint the run starts from, or null
   */
  Checkpoints(
      CheckpointStore store,
      CheckpointManifest template,
      long stepsPerEpoch,
      int keepLast,
      TrainingListener listener,
      CheckpointManifest newest) {
    this.store = store;
    this.template = template;
    this.stepsPerEpoch = stepsPerEpoch;
    this.keepLast = keepLast;
    this.listener = listener;
    this.newest = Point.of(newest);
  }

  /** Where they are. */
  String directory() {
    return store.directory();
  }

  /** The newest committed checkpoint. */
  Point newest() {
    return newest;
  }

  /** Reads the checkpoints and makes the newest whole one the newest of all. */
  void verify() {
    try {
      newest = Point.of(store.latestValid(listener::message).orElse(null));
    } catch (CheckpointException e) {
      throw new BellowsException(BellowsException.Category.RETRYABLE, e.getMessage(), e);
    }
  }

  @Override
  public String begin(long done) {
    return store.begin(done);
  }

  @Override
  public void commit(long done, String attempt, List<CheckpointPart> parts) {
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
            .build());
    newest = new Point(done, attempt);
    LOG.info("checkpoint {} of step {} committed", attempt, done);
    listener.checkpoint(done, attempt);
    try {
      store.retain(keepLast, attempt);
    } catch (RuntimeException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  @Override
  public void abandon(String attempt) {
    store.abandon(attempt);
  }
}
