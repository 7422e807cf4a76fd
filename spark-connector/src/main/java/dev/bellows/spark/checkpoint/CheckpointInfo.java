package dev.bellows.spark.checkpoint;

import java.time.Instant;
import java.util.Comparator;

/**
 * Describes an entry of a checkpoint directory.
 *
 * @param name name of its directory
 * @param run name of the run that began it; empty: unknown
 * @param step step it was begun for
 * @param manifest what it holds, or null where it is not committed or the manifest is damaged
 * @param problem why there is no manifest, or null
 */
public record CheckpointInfo(
    String name, String run, long step, CheckpointManifest manifest, String problem) {
  /** Highest step first; of one step, what was committed last first. */
  static final Comparator<CheckpointInfo> NEWEST_FIRST =
      Comparator.comparingLong(CheckpointInfo::step)
          .thenComparing(CheckpointInfo::created)
          .thenComparing(CheckpointInfo::name)
          .reversed();

  /** Of all runs the one with the latest lease; of its checkpoints the newest. */
  static final Comparator<CheckpointInfo> LATEST_RUN_FIRST =
      Comparator.comparingLong((CheckpointInfo info) -> info.manifest().lineage().term())
          .reversed()
          .thenComparing(NEWEST_FIRST);

  /** The problem of an attempt that was not committed. */
  static final String INCOMPLETE = "incomplete: no " + CheckpointManifest.FILE;

  /** Returns whether it has a readable manifest. */
  public boolean committed() {
    return manifest != null;
  }

  /** Returns whether its writing ended before the manifest was written. */
  public boolean incomplete() {
    return INCOMPLETE.equals(problem);
  }

  private Instant created() {
    return manifest == null ? Instant.EPOCH : Instant.parse(manifest.createdAt());
  }
}
