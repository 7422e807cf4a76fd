package dev.bellows.spark;

import java.io.Serializable;
import java.util.ArrayList;

/**
 * What the results of a run's evaluations are of; only those of the same are compared. A part that
 * is empty is unknown, as in checkpoints of older releases.
 *
 * @param metric the metric with its options
 * @param better which of its values are better
 * @param fingerprint of the evaluation rows
 */
public record EvaluatedWith(String metric, String better, String fingerprint)
    implements Serializable {
  /** Nothing is known. */
  public static final EvaluatedWith UNKNOWN = new EvaluatedWith("", "", "");

  /** Replaces null by the empty text. */
  public EvaluatedWith {
    metric = metric == null ? "" : metric;
    better = better == null ? "" : better;
    fingerprint = fingerprint == null ? "" : fingerprint;
  }

  /** Returns the same on rows with a fingerprint. */
  EvaluatedWith on(String rows) {
    return new EvaluatedWith(metric, better, rows);
  }

  /** Returns whether results may be compared: no part that both know differs. */
  public boolean isLike(EvaluatedWith other) {
    return isLike(metric, other.metric)
        && isLike(better, other.better)
        && isLike(fingerprint, other.fingerprint);
  }

  private static boolean isLike(String mine, String others) {
    return mine.isEmpty() || others.isEmpty() || mine.equals(others);
  }

  @Override
  public String toString() {
    var parts = new ArrayList<String>();
    parts.add(metric.isEmpty() ? "an unknown metric" : metric);
    if (!better.isEmpty()) {
      parts.add(better);
    }
    if (!fingerprint.isEmpty()) {
      parts.add("rows with fingerprint " + fingerprint);
    }
    return String.join(", ", parts);
  }
}
