package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Parameters that share options. An option that a group does not set has the optimizer's default.
 * Switches are 0 or 1.
 *
 * <pre>{@code
 * SGD.ofGroups(
 *     List.of(ParamGroup.of(body).with("lr", 1e-4), ParamGroup.of(head)),
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

  /** The same parameters with one more option set. */
  public ParamGroup with(String option, double value) {
    LinkedHashMap<String, Double> more = new LinkedHashMap<>(options);
    more.put(option, value);
    return new ParamGroup(parameters, more);
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

  /** All options by name. */
  public Map<String, Double> options() {
    return Collections.unmodifiableMap(options);
  }

  /**
   * The value of an option.
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
   * Changes an option.
   *
   * @throws IllegalArgumentException if there is none of that name, or the value is out of range;
   *     nothing is changed then
   */
  public void set(String option, double value) {
    get(option);
    LinkedHashMap<String, Double> changed = new LinkedHashMap<>(options);
    changed.put(option, value);
    check.accept(changed);
    options.put(option, value);
  }

  /** The learning rate. */
  public double lr() {
    return get("lr");
  }

  /** Changes the learning rate, from the next step on. */
  public void setLr(double lr) {
    set("lr", lr);
  }

  void replaceOptions(Map<String, Double> values) {
    check.accept(values);
    options.putAll(values);
  }

  void check(Map<String, Double> values) {
    check.accept(values);
  }
}
