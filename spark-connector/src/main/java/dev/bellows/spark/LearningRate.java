package dev.bellows.spark;

import java.io.Serializable;

/** The learning rate of each step; steps count from 0 at the start of training. */
@FunctionalInterface
public interface LearningRate extends Serializable {
  /** Returns the learning rate of {@code step}; it must depend on the step only. */
  double at(long step);
}
