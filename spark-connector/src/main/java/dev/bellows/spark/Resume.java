package dev.bellows.spark;

/** What a job does with checkpoints of an earlier run in its directory. */
public enum Resume {
  /** Fails if there are any. */
  NEVER,
  /**
   * Continues from the newest valid one, or starts from scratch if there is none. Fails if there
   * are checkpoints and none is valid.
   */
  AUTO,
  /** Continues from the newest valid one; fails if there is none. */
  REQUIRED,
  /**
   * Continues from the valid one whose evaluation was best; fails if there is none. Later ones stay
   * as they are, and are not used.
   */
  BEST,
  /** Starts from scratch; checkpoints of earlier runs are neither used nor removed. */
  START_OVER
}
