package dev.bellows.spark.coordinator;

import dev.bellows.spark.BellowsException;
import java.util.OptionalDouble;

/**
 * How a generation ended.
 *
 * @param failure the first cause; null if all went well
 * @param weightsSha256 of the final weights, if it went well
 * @param metric of the final weights, if it went well and there are evaluation rows
 * @param steps number of steps done since the start of training, if it went well
 */
public record Outcome(
    BellowsException failure, String weightsSha256, OptionalDouble metric, long steps) {
  static Outcome failed(BellowsException failure) {
    return new Outcome(failure, "", OptionalDouble.empty(), 0);
  }
}
