package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import java.io.Serializable;
import java.util.List;

/**
 * What a job does with the results of its evaluations.
 *
 * @param better which values of the metric are better; null: unknown
 * @param patience evaluations without improvement after which training stops; 0: it does not
 * @param minDelta a change of at most this is no improvement, ≥ 0
 * @param keepBest whether the best checkpoint is kept
 */
public record MetricRules(Mode better, int patience, double minDelta, boolean keepBest)
    implements Serializable {
  /** Nothing depends on evaluations. */
  public static final MetricRules NONE = new MetricRules(null, 0, 0, false);

  /** Adds the values that are out of range. */
  void addProblems(List<String> problems) {
    if (patience < 0 || !(minDelta >= 0)) {
      problems.add(
          message(
              "earlyStopping: patience and minDelta must be at least 0; got %s, %s",
              patience, minDelta));
    }
  }

  MetricRules better(Mode value) {
    return new MetricRules(value, patience, minDelta, keepBest);
  }

  MetricRules earlyStopping(int evaluations, double least) {
    return new MetricRules(better, evaluations, least, keepBest);
  }

  MetricRules keepBest(boolean value) {
    return new MetricRules(better, patience, minDelta, value);
  }

  /** Returns whether training stops early and takes its best weights. */
  public boolean stopsEarly() {
    return patience > 0;
  }

  /**
   * Returns whether training stops after these evaluations: after the last ones were no better, or
   * at once if the last is NaN or infinite (PyTorch Lightning's {@code check_finite}).
   */
  public boolean isOver(Evaluations evaluations) {
    var bad = evaluations.sinceBest(minDelta);
    return stopsEarly()
        && (bad >= patience || bad > 0 && evaluations.lastWithoutNumber().isPresent());
  }

  /**
   * Returns why training must not go on after the last evaluation, or null: there are no best
   * weights, as no metric was a number.
   */
  public String problem(Evaluations evaluations) {
    return stopsEarly() && evaluations.best(minDelta).isEmpty()
        ? evaluations.lastWithoutNumber().map(MetricRules::noNumber).orElse(null)
        : null;
  }

  private static String noNumber(Evaluations.Result last) {
    return message(
        "earlyStopping: the metric must be a number; it was %s after step %s, and no evaluation"
            + " before gave one. Correct the metric or the evaluation rows, or train without"
            + " earlyStopping",
        last.metric(), last.step());
  }

  /** Describes why training stopped early. */
  String stopped(long step, long steps, Evaluations evaluations) {
    return message(
        "earlyStopping: stopped after step %s of %s%s; the metric was best after step %s",
        step,
        steps,
        evaluations.lastWithoutNumber().map(r -> ", as the metric was " + r.metric()).orElse(""),
        bestStep(evaluations));
  }

  /** Returns that no checkpoint is the best one, if it should be kept, or null. */
  String nothingBest(Evaluations evaluations) {
    return keepBest && evaluations.best(0).isEmpty()
        ? evaluations
            .lastWithoutNumber()
            .map(
                last ->
                    message(
                        "keepBest: no evaluation gave a number, the last %s after step %s; so no"
                            + " checkpoint is the best, and the newest are kept",
                        last.metric(), last.step()))
            .orElse(null)
        : null;
  }

  /**
   * Returns the number of steps after which the weights were best; 0: the job keeps no best
   * weights, or none so far.
   */
  public long bestStep(Evaluations evaluations) {
    return stopsEarly() ? evaluations.best(minDelta).map(Evaluations.Result::step).orElse(0L) : 0;
  }
}
