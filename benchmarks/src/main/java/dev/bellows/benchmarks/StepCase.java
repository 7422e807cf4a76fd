package dev.bellows.benchmarks;

/** A model with its data and optimizer, ready to train. */
interface StepCase {
  /** Runs a whole training step: forward, loss, backward, optimizer. */
  void step();

  /** Returns the loss of the last step. */
  double loss();
}
