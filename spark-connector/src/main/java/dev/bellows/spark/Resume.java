package dev.bellows.spark;

/** What a job does with checkpoints that an earlier run left in its directory. */
public enum Resume {
  /** There must be none. */
  NEVER,
  /** Goes on from the newest, or starts anew if there is none. */
  AUTO,
  /** Goes on from the newest; it is an error if there is none. */
  REQUIRED
}
