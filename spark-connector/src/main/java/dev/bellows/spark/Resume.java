package dev.bellows.spark;

/** What a job does with checkpoints that an earlier run left in its directory. */
public enum Resume {
  /** There must be none. */
  NEVER,
  /**
   * Goes on from the newest whole one, or starts anew if there is none. It is an error if there are
   * some and none is whole.
   */
  AUTO,
  /** Goes on from the newest; it is an error if there is none. */
  REQUIRED,
  /** Starts anew. What is there stays as it is, and is neither gone on from nor removed. */
  START_OVER
}
