package dev.bellows.spark.coordinator;

import dev.bellows.spark.BellowsException;

/**
 * How a generation ended.
 *
 * @param failure the first cause; null if all went well
 * @param weightsSha256 of the final weights, if it went well
 * @param metricSum sum of the metric over the evaluation rows, if it went well
 * @param metricRows number of evaluation rows
 * @param steps number of steps done since the start of training, if it went well
 */
public record Outcome(
    BellowsException failure, String weightsSha256, double metricSum, long metricRows, long steps) {
  static Outcome failed(BellowsException failure) {
    return new Outcome(failure, "", 0, 0, 0);
  }
}
