package dev.bellows.benchmarks;

/** A model with its data and optimizer, ready to train. */
interface StepCase {
  /** One whole training step: forward, loss, backward, optimizer. */
  void step();

  /** Loss of the step just run. */
  double loss();
}
