package dev.bellows.optim;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Options of an optimizer, or of one of its groups: those that were set, and the defaults of the
 * others. Made by {@link SGD#options}, {@link Adam#options}, {@link AdamW#options}.
 */
public abstract sealed class OptimizerOptions permits SGD.Options, Adam.Options {
  private final Map<String, Double> defaults;
  private final LinkedHashMap<String, Double> given = new LinkedHashMap<>();

  OptimizerOptions(Map<String, Double> defaults) {
    this.defaults = defaults;
  }

  final void put(String option, double value) {
    given.put(option, value);
  }

  /** What was set. */
  final Map<String, Double> given() {
    return given;
  }

  /** What was set, and the defaults of the others. */
  final Map<String, Double> all() {
    LinkedHashMap<String, Double> all = new LinkedHashMap<>(defaults);
    all.putAll(given);
    return all;
  }
}
