package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Parameters that share options. An option that a group does not set is the optimizer's.
 *
 * <pre>{@code
 * SGD.ofGroups(
 *     List.of(ParamGroup.of(body, SGD.options().lr(1e-4)), ParamGroup.of(head)),
 *     SGD.options().lr(1e-2).momentum(0.9));
 * }</pre>
 */
public final class ParamGroup {
  private final List<Tensor> parameters;
  private final LinkedHashMap<String, Double> options;
  private Consumer<Map<String, Double>> check = o -> {};
  private Map<String, List<String>> choices = Map.of();
  private double initialLr = Double.NaN;

  private ParamGroup(List<Tensor> parameters, LinkedHashMap<String, Double> options) {
    this.parameters = parameters;
    this.options = options;
  }

  /** Creates a group with the optimizer's default options. */
  public static ParamGroup of(List<? extends Tensor> parameters) {
    return new ParamGroup(List.copyOf(parameters), new LinkedHashMap<>());
  }

  /**
   * Creates a group with some options: only those that were set count, so that {@code
   * SGD.options().lr(1e-4)} changes the learning rate alone.
   */
  public static ParamGroup of(List<? extends Tensor> parameters, OptimizerOptions<?> options) {
    return new ParamGroup(List.copyOf(parameters), new LinkedHashMap<>(options.given()));
  }

  /** Returns the group as an optimizer uses it: all options set and checked. */
  ParamGroup resolve(
      String optimizer,
      int index,
      Map<String, Double> defaults,
      Map<String, List<String>> choiceWords,
      Consumer<Map<String, Double>> optionCheck) {
    LinkedHashMap<String, Double> all = new LinkedHashMap<>(defaults);
    for (String name : options.keySet()) {
      if (!all.containsKey(name)) {
        throw new IllegalArgumentException(
            message(
                "%s: group %s: no option %s; options are %s",
                optimizer, index, name, all.keySet()));
      }
    }
    all.putAll(options);
    optionCheck.accept(all);
    ParamGroup group = new ParamGroup(parameters, all);
    group.check = optionCheck;
    group.choices = choiceWords;
    return group;
  }

  /** Returns the parameters, in order. */
  public List<Tensor> parameters() {
    return parameters;
  }

  /** Returns all options by name; switches are 0 or 1, choices the index of the word. */
  public Map<String, Double> options() {
    return Collections.unmodifiableMap(options);
  }

  /**
   * Returns the value of an option; switches are 0 or 1, choices the index of the word.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public double get(String option) {
    Double value = options.get(option);
    if (value == null) {
      throw new IllegalArgumentException(
          message("ParamGroup: no option %s; options are %s", option, options.keySet()));
    }
    return value;
  }

  /** Returns whether a switch is on; false if the group has no such option. */
  boolean isOn(String option) {
    return options.getOrDefault(option, 0.0) != 0;
  }

  /** Returns the words of an option that is a choice; null if it is a number. */
  List<String> choices(String option) {
    return choices.get(option);
  }

  /**
   * Changes the options that were set, from the next step on: {@code
   * group.set(SGD.options().momentum(0.8))} changes the momentum alone.
   *
   * @throws IllegalArgumentException if they are another optimizer's, or a value is out of range;
   *     nothing is changed then
   */
  public void set(OptimizerOptions<?> changed) {
    change(changed.given());
  }

  private void change(Map<String, Double> values) {
    values.keySet().forEach(this::get);
    LinkedHashMap<String, Double> changed = new LinkedHashMap<>(options);
    changed.putAll(values);
    check.accept(changed);
    options.putAll(values);
  }

  /** Returns the learning rate. */
  public double lr() {
    return get("lr");
  }

  /** Changes the learning rate, from the next step on. */
  public void setLr(double lr) {
    change(Map.of("lr", lr));
  }

  /**
   * Changes one option, from the next step on.
   *
   * @throws IllegalArgumentException if there is none of that name, or the value is out of range
   */
  public void set(String option, double value) {
    change(Map.of(option, value));
  }

  /** Returns the learning rate from which schedules start: that before the first schedule. */
  public double initialLr() {
    return Double.isNaN(initialLr) ? lr() : initialLr;
  }

  /** Sets the learning rate from which schedules start. */
  public void setInitialLr(double lr) {
    initialLr = lr;
  }

  void replaceOptions(Map<String, Double> values) {
    check.accept(values);
    options.putAll(values);
  }

  void check(Map<String, Double> values) {
    check.accept(values);
  }

  /**
   * Appends a line for each option, sorted, in PyTorch's spelling; {@code beta1} and {@code beta2}
   * are {@code betas: (0.9, 0.999)}.
   */
  void describe(StringBuilder text) {
    TreeMap<String, List<String>> lines = new TreeMap<>();
    options.forEach(
        (option, value) -> {
          String name = PyTorchState.snake(option);
          lines.computeIfAbsent(name, n -> new ArrayList<>()).add(shown(option, value));
        });
    lines.forEach(
        (name, values) ->
            text.append("    ")
                .append(name)
                .append(": ")
                .append(values.size() == 1 ? values.get(0) : "(" + String.join(", ", values) + ")")
                .append('\n'));
  }

  private String shown(String option, double value) {
    List<String> words = choices(option);
    return words == null ? text(value) : words.get((int) value);
  }

  /** Formats a number as Python does, but integers without ".0"; NaN is no value. */
  private static String text(double value) {
    if (Double.isNaN(value)) {
      return "None";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e16) {
      return Long.toString((long) value);
    }
    if (!(Math.abs(value) < 1e-4)) {
      return Double.isFinite(value)
          ? new BigDecimal(Double.toString(value)).toPlainString()
          : Double.toString(value);
    }
    String[] parts = Double.toString(value).split("E-");
    String exponent = parts[1].length() == 1 ? "0" + parts[1] : parts[1];
    return (parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0])
        + "e-"
        + exponent;
  }
}
