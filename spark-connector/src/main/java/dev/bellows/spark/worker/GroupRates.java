package dev.bellows.spark.worker;

import dev.bellows.optim.Optimizer;

/**
 * Learning rates of parameter groups: a job's rate is that of the first group, and the others keep
 * the ratio to it with which the optimizer was made. All are equal if the first was made with 0.
 */
final class GroupRates {
  private final Optimizer optimizer;
  private final double[] ratios;

  /** Reads the ratios; to be created before a checkpoint is restored into the optimizer. */
  GroupRates(Optimizer optimizer) {
    this.optimizer = optimizer;
    var first = optimizer.lr();
    this.ratios =
        optimizer.groups().stream().mapToDouble(g -> first == 0 ? 1 : g.lr() / first).toArray();
  }

  /** Sets the rates from the next step on. */
  void set(double lr) {
    var groups = optimizer.groups();
    for (int i = 0; i < ratios.length; i++) {
      groups.get(i).setLr(lr * ratios[i]);
    }
  }
}
