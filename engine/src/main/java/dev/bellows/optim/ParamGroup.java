package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private ParamGroup(List<Tensor> parameters, LinkedHashMap<String, Double> options) {
    this.parameters = parameters;
    this.options = options;
  }

  /** A group with the optimizer's default options. */
  public static ParamGroup of(List<? extends Tensor> parameters) {
    return new ParamGroup(List.copyOf(parameters), new LinkedHashMap<>());
  }

  /**
   * A group with some options of its own: only those that were set count, so that {@code
   * SGD.options().lr(1e-4)} changes the learning rate alone.
   */
  public static ParamGroup of(List<? extends Tensor> parameters, OptimizerOptions options) {
    return new ParamGroup(List.copyOf(parameters), new LinkedHashMap<>(options.given()));
  }

  /** The group as an optimizer uses it: all options set and checked. */
  ParamGroup resolve(
      String optimizer,
      int index,
      Map<String, Double> defaults,
      Consumer<Map<String, Double>> optionCheck) {
    for (String name : options.keySet()) {
      if (!defaults.containsKey(name)) {
        throw new IllegalArgumentException(
            optimizer
                + ": group "
                + index
                + ": no option "
                + name
                + "; options are "
                + defaults.keySet());
      }
    }
    LinkedHashMap<String, Double> all = new LinkedHashMap<>(defaults);
    all.putAll(options);
    optionCheck.accept(all);
    ParamGroup group = new ParamGroup(parameters, all);
    group.check = optionCheck;
    return group;
  }

  /** The parameters, in order. */
  public List<Tensor> parameters() {
    return parameters;
  }

  /** All options by name; switches are 0 or 1. */
  public Map<String, Double> options() {
    return Collections.unmodifiableMap(options);
  }

  /**
   * The value of an option; switches are 0 or 1.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public double get(String option) {
    Double value = options.get(option);
    if (value == null) {
      throw new IllegalArgumentException(
          "ParamGroup: no option " + option + "; options are " + options.keySet());
    }
    return value;
  }

  /**
   * Changes the options that were set, from the next step on: {@code
   * group.set(SGD.options().momentum(0.8))} changes the momentum alone.
   *
   * @throws IllegalArgumentException if they are another optimizer's, or a value is out of range;
   *     nothing is changed then
   */
  public void set(OptimizerOptions changed) {
    change(changed.given());
  }

  private void change(Map<String, Double> values) {
    values.keySet().forEach(this::get);
    LinkedHashMap<String, Double> changed = new LinkedHashMap<>(options);
    changed.putAll(values);
    check.accept(changed);
    options.putAll(values);
  }

  /** The learning rate. */
  public double lr() {
    return get("lr");
  }

  /** Changes the learning rate, from the next step on. */
  public void setLr(double lr) {
    change(Map.of("lr", lr));
  }

  void replaceOptions(Map<String, Double> values) {
    check.accept(values);
    options.putAll(values);
  }

  void check(Map<String, Double> values) {
    check.accept(values);
  }
}
