package dev.bellows.train;

/** A loss was NaN or infinite. */
public final class NonFiniteLossException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NonFiniteLossException(long step, int shard, int shards, double value) {
    super(
        "train: loss must be finite; step "
            + step
            + ", shard "
            + shard
            + " of "
            + shards
            + " gave "
            + value
            + ". Lower the learning rate, clip gradients, check the inputs for NaN, or go on with"
            + " nonFinite(IGNORE).");
  }
}
