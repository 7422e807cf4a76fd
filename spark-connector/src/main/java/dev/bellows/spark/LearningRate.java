package dev.bellows.spark;

import java.io.Serializable;

/** The learning rate of each step, counted from 0 at the start of training. */
@FunctionalInterface
public interface LearningRate extends Serializable {
  /** The learning rate of {@code step}; a function of the step alone. */
  double at(long step);
}
