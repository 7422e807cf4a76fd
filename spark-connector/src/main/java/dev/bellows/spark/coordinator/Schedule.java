package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Plan;
import dev.bellows.spark.LearningRate;
import dev.bellows.spark.UserCode;

/**
 * Decides what happens after which step; depends on the number of the step alone.
 *
 * @param steps number of steps of the whole training
 * @param stepsPerEpoch number of steps of one epoch
 * @param checkpointEvery steps between two checkpoints; 0: none
 * @param evaluateEpochs whether to evaluate after each epoch and not only at the end
 * @param learningRate null: the optimizer's own
 */
public record Schedule(
    long steps,
    long stepsPerEpoch,
    long checkpointEvery,
    boolean evaluateEpochs,
    LearningRate learningRate) {

  /**
   * Returns whether the state after {@code done} steps is saved; the last one always is, if any.
   */
  public boolean checkpointAfter(long done) {
    return checkpointEvery > 0 && (done % checkpointEvery == 0 || done == steps);
  }

  /** Returns the plan of one step, without the name of its checkpoint attempt. */
  Plan.Builder plan(long step) {
    var plan = Plan.newBuilder().setStep(step);
    if (step >= steps) {
      return plan.setStop(true);
    }
    if (learningRate != null) {
      plan.setHasLr(true).setLr(rate(step));
    }
    var done = step + 1;
    return plan.setEvaluate(evaluateEpochs && done % stepsPerEpoch == 0 && done < steps);
  }

  private double rate(long step) {
    return UserCode.call("learningRate", () -> "step " + step, () -> learningRate.at(step));
  }
}
