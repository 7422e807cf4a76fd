package dev.bellows.train;

/** What to do when a loss is NaN or infinite. */
public enum NonFinite {
  /** Stop with an error that names step and shard; the default. */
  STOP,
  /** Go on as if nothing had happened. */
  IGNORE
}
