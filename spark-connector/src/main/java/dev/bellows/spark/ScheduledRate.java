package dev.bellows.spark;

import dev.bellows.optim.SGD;
import dev.bellows.optim.schedule.LRScheduler;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Follows a schedule from step to step. The rates so far are kept, so that a step may be asked for
 * again; a step far ahead, as after resuming, is reached by stepping there.
 */
final class ScheduledRate implements LearningRate {
  private static final long serialVersionUID = 1L;

  private final double lr;
  private final long stepsPerEpoch;
  private final ScheduleFactory factory;
  private transient LRScheduler schedule;
  private transient double[] rates;
  private transient int known;

  ScheduledRate(double lr, long stepsPerEpoch, ScheduleFactory factory) {
    if (stepsPerEpoch < 1) {
      throw new IllegalArgumentException(
          "learningRate: stepsPerEpoch must be at least 1; got " + stepsPerEpoch);
    }
    this.lr = lr;
    this.stepsPerEpoch = stepsPerEpoch;
    this.factory = factory;
  }

  @Override
  public synchronized double at(long step) {
    if (schedule == null) {
      // momentum, so that schedules that cycle it can be made
      Tensor parameter = Tensor.zeros(1).setRequiresGrad(true);
      SGD optimizer = new SGD(List.of(parameter), SGD.options().lr(lr).momentum(0.9));
      schedule = factory.create(optimizer);
      rates = new double[1024];
      add();
    }
    int epoch = Math.toIntExact(step / stepsPerEpoch);
    while (known <= epoch) {
      schedule.step();
      add();
    }
    return rates[epoch];
  }

  private void add() {
    if (known == rates.length) {
      rates = Arrays.copyOf(rates, 2 * known);
    }
    rates[known++] = schedule.getLastLr()[0];
  }
}
