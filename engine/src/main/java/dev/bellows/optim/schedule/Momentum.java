package dev.bellows.optim.schedule;

import static dev.bellows.errors.Messages.message;

import dev.bellows.optim.Optimizer;
import dev.bellows.optim.ParamGroup;

/** Cycles the option momentum, or beta1 of optimizers that have betas. */
final class Momentum {
  private final String option;

  /**
   * Finds the option.
   *
   * @throws IllegalArgumentException if the optimizer has neither
   */
  Momentum(Optimizer optimizer) {
    ParamGroup group = optimizer.groups().get(0);
    if (group.options().containsKey("beta1")) {
      option = "beta1";
    } else if (group.options().containsKey("momentum")) {
      option = "momentum";
    } else {
      throw new IllegalArgumentException(
          message(
              "optimizer must support momentum or beta1 with `cycle_momentum` option enabled; %s"
                  + " has options %s",
              optimizer.name(), group.options().keySet()));
    }
  }

  void set(ParamGroup group, double value) {
    group.set(option, value);
  }
}
