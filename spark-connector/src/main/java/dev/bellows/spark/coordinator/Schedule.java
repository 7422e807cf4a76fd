package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Plan;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.LearningRate;
import dev.bellows.spark.MetricRules;
import dev.bellows.spark.UserCode;

/**
 * Decides what happens after which step; depends on the number of the step and on the evaluations
 * before it alone.
 *
 * @param steps number of steps of the whole training, if it does not stop early
 * @param stepsPerEpoch number of steps of one epoch
 * @param checkpointEvery steps between two checkpoints; 0: none
 * @param evaluateEpochs whether to evaluate after each epoch and not only at the end
 * @param learningRate null: the optimizer's own
 * @param rules what depends on the results of evaluations
 */
public record Schedule(
    long steps,
    long stepsPerEpoch,
    long checkpointEvery,
    boolean evaluateEpochs,
    LearningRate learningRate,
    MetricRules rules) {

  /**
   * Returns whether the state after {@code done} steps is saved; the last one always is, if any.
   */
  public boolean checkpointAfter(long done) {
    return checkpointEvery > 0
        && (done % checkpointEvery == 0
            || done == steps
            || rules.keepBest() && evaluateAfter(done));
  }

  /**
   * Returns whether an evaluation follows; after the last epoch, too, so that a run that is resumed
   * with more epochs continues as a longer one would.
   */
  boolean evaluateAfter(long done) {
    var last = plansDepend() || rules.keepBest();
    return evaluateEpochs && done > 0 && done % stepsPerEpoch == 0 && (last || done < steps);
  }

  private boolean plansDepend() {
    return rules.stopsEarly() || learningRate != null && learningRate.needsEvaluations();
  }

  /** Returns whether the plan of a step depends on the evaluation before it. */
  boolean dependsOnEvaluationBefore(long step) {
    return evaluateAfter(step) && plansDepend();
  }

  /**
   * Returns the plan of one step, without the name of its checkpoint attempt.
   *
   * @param before the evaluations before the step
   */
  Plan.Builder plan(long step, Evaluations before) {
    var plan = Plan.newBuilder().setStep(step);
    if (step >= steps || rules.isOver(before)) {
      return plan.setStop(true);
    }
    if (learningRate != null) {
      plan.setHasLr(true).setLr(rate(step, before));
    }
    return plan.setEvaluate(evaluateAfter(step + 1));
  }

  private double rate(long step, Evaluations before) {
    return UserCode.call("learningRate", () -> "step " + step, () -> learningRate.at(step, before));
  }
}
