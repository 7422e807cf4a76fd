package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  private final LinkedHashMap<String, List<String>> choices = new LinkedHashMap<>();

  /** Creates options of which none is set. */
  protected OptimizerOptions() {}

  /** Declares an option and its default. */
  protected final void declare(String option, double value) {
    defaults.put(option, value);
  }

  /** Declares an option that is on or off, stored as 1 or 0. */
  protected final void declare(String option, boolean value) {
    declare(option, List.of("False", "True"));
    defaults.put(option, value ? 1.0 : 0);
  }

  /**
   * Declares an option that is one of several words, stored as the index of the word. The first is
   * the default.
   */
  protected final void declare(String option, List<String> words) {
    defaults.put(option, 0.0);
    choices.put(option, List.copyOf(words));
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
          message("options: no option %s; options are %s", option, defaults.keySet()));
    }
    given.put(option, value);
    return (O) this;
  }

  /**
   * Switches an option on or off.
   *
   * @throws IllegalArgumentException if it was not declared
   */
  protected final O set(String option, boolean value) {
    return set(option, value ? 1 : 0);
  }

  /** Sets the learning rate, at least 0. */
  public final O lr(double lr) {
    return set("lr", lr);
  }

  /**
   * Sets the weight decay, at least 0.
   *
   * @throws IllegalArgumentException if the optimizer has no such option
   */
  public O weightDecay(double weightDecay) {
    return set("weightDecay", weightDecay);
  }

  /**
   * Sets whether the objective is maximized instead of minimized; default false.
   *
   * @throws IllegalArgumentException if the optimizer has no such option
   */
  public final O maximize(boolean maximize) {
    return set("maximize", maximize);
  }

  /** Returns the options that were set. */
  final Map<String, Double> given() {
    return given;
  }

  /** Returns all options: those that were set, and the defaults of the others. */
  final Map<String, Double> all() {
    LinkedHashMap<String, Double> all = new LinkedHashMap<>(defaults);
    all.putAll(given);
    return all;
  }

  /** Returns the words of each option that is a choice. */
  final Map<String, List<String>> choices() {
    return choices;
  }
}
