package dev.bellows.spark;

import dev.bellows.optim.SGD;
import dev.bellows.optim.schedule.ReduceLROnPlateau;
import dev.bellows.tensor.Tensor;
import java.util.List;

/** Reduces the rate when the metric of the evaluations does not improve. */
final class PlateauRate implements LearningRate {
  private static final long serialVersionUID = 1L;

  private final double lr;
  private final ReduceLROnPlateau.Options options;
  private transient Evaluations last;
  private transient double rate;

  PlateauRate(double lr, ReduceLROnPlateau.Options options) {
    this.lr = lr;
    this.options = options.copy();
    schedule(options); // throws if they are out of range
  }

  private ReduceLROnPlateau schedule(ReduceLROnPlateau.Options chosen) {
    var optimizer = new SGD(List.of(Tensor.zeros(1).setRequiresGrad(true)), lr);
    return new ReduceLROnPlateau(optimizer, chosen);
  }

  @Override
  public double at(long step) {
    return lr;
  }

  @Override
  public boolean needsEvaluations() {
    return true;
  }

  @Override
  public synchronized double at(long step, Evaluations before) {
    if (!before.equals(last)) {
      var schedule = schedule(options.copy().mode(before.better()));
      before.results().forEach(result -> schedule.step(result.metric()));
      rate = schedule.getLastLr()[0];
      last = before;
    }
    return rate;
  }
}
