package dev.bellows.optim;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Options of an optimizer, or of one of its groups: those that were set, and the defaults of the
 * others. A subclass declares its options in its constructor and has a method for each, such as
 * {@code Options momentum(double m) { return set("momentum", m); }}.
 *
 * @param <O> the subclass
 */
public abstract class OptimizerOptions<O extends OptimizerOptions<O>> {
  private final LinkedHashMap<String, Double> defaults = new LinkedHashMap<>();
  private final LinkedHashMap<String, Double> given = new LinkedHashMap<>();
  private final Set<String> switches = new HashSet<>();

  /** No options yet. */
  protected OptimizerOptions() {}

  /** Declares an option and its default. */
  protected final void declare(String option, double value) {
    defaults.put(option, value);
  }

  /** Declares an option that is on or off, stored as 1 or 0. */
  protected final void declare(String option, boolean value) {
    defaults.put(option, value ? 1.0 : 0);
    switches.add(option);
  }

  /**
   * Sets an option.
   *
   * @throws IllegalArgumentException if it was not declared
   */
  @SuppressWarnings("unchecked")
  protected final O set(String option, double value) {
    if (!defaults.containsKey(option)) {
      throw new IllegalArgumentException(
          "options: no option " + option + "; options are " + defaults.keySet());
    }
    given.put(option, value);
    return (O) this;
  }

  /** Learning rate, at least 0. */
  public final O lr(double lr) {
    return set("lr", lr);
  }

  /** The options that were set. */
  final Map<String, Double> given() {
    return given;
  }

  /** All options: those that were set, and the defaults of the others. */
  final Map<String, Double> all() {
    LinkedHashMap<String, Double> all = new LinkedHashMap<>(defaults);
    all.putAll(given);
    return all;
  }

  final Set<String> switches() {
    return switches;
  }
}
