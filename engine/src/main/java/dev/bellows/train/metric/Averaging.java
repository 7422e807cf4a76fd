package dev.bellows.train.metric;

/** How a metric of several classes becomes one number. */
public enum Averaging {
  /** The metric of class 1, the positive one of two. */
  BINARY,
  /** The metric of the counts of all classes together. */
  MICRO,
  /** The mean over classes. */
  MACRO,
  /** The mean over classes, weighted by their numbers of rows. */
  WEIGHTED
}
