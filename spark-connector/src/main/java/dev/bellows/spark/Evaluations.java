package dev.bellows.spark;

import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds the results of a training's evaluations so far, in the order of their steps. What a job
 * decides by its metric depends on them alone, and checkpoints hold them: so a job that is resumed
 * decides as one that was not.
 *
 * @param better which values of the metric are better; null: unknown
 * @param results one for each evaluation
 */
public record Evaluations(Mode better, List<Result> results) {
  /**
   * The result of one evaluation.
   *
   * @param step number of steps done before it
   * @param metric mean of the metric over the evaluation rows
   */
  public record Result(long step, double metric) implements Serializable {}

  /** Copies the list. */
  public Evaluations {
    results = List.copyOf(results);
  }

  /** Returns no results yet. */
  public static Evaluations none(Mode better) {
    return new Evaluations(better, List.of());
  }

  /** Returns these results and one more. */
  public Evaluations with(long step, double metric) {
    var all = new ArrayList<>(results);
    all.add(new Result(step, metric));
    return new Evaluations(better, all);
  }

  /** Returns the results of evaluations after at most that number of steps. */
  public Evaluations until(long step) {
    return new Evaluations(better, results.stream().filter(r -> r.step() <= step).toList());
  }

  /**
   * Returns the best result: the last one that was better than the best before it by more than
   * {@code minDelta}. NaN and infinities are never better.
   */
  public Optional<Result> best(double minDelta) {
    Result best = null;
    for (var result : results) {
      if (isBetter(result.metric(), best, minDelta)) {
        best = result;
      }
    }
    return Optional.ofNullable(best);
  }

  private boolean isBetter(double metric, Result best, double minDelta) {
    if (best == null || !Double.isFinite(metric)) {
      return Double.isFinite(metric);
    }
    return better == Mode.MIN
        ? metric < best.metric() - minDelta
        : metric > best.metric() + minDelta;
  }

  /** Returns how many evaluations there were since the best one; 0 if no metric was a number. */
  public long sinceBest(double minDelta) {
    var step = best(minDelta).map(Result::step).orElse(Long.MAX_VALUE);
    return results.stream().filter(r -> r.step() > step).count();
  }

  /** Returns the last result if it is NaN or infinite. */
  Optional<Result> lastWithoutNumber() {
    return results.stream()
        .skip(Math.max(0, results.size() - 1))
        .filter(r -> !Double.isFinite(r.metric()))
        .findFirst();
  }
}
