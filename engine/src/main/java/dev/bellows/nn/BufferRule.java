package dev.bellows.nn;

/**
 * What becomes of a {@link Buffer} that changes in forward, in training. Each logical shard of a
 * step starts from the value before the step; the rule makes one value of those of the shards, the
 * same on all ranks whatever their number.
 */
public enum BufferRule {
  /** The change is an error: which of the shards' values should count is not known. */
  REFUSE,
  /** The mean of the shards' values, weighted by their rows; for floating-point buffers. */
  MEAN,
  /** The value of the first shard; of integers, those up to 2⁵³ are exact. */
  FIRST_SHARD
}
