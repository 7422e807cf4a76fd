package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a saved state against the optimizer that is to have it; collects all problems. */
final class OptimizerStateLoader {
  /** Switches that states of version 0.1 do not have. */
  private static final Set<String> ADDED_LATER = Set.of("amsgrad", "maximize");

  private final Optimizer optimizer;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> values;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> used = new LinkedHashSet<>();
  private final List<Map<String, Double>> options = new ArrayList<>();

  OptimizerStateLoader(Optimizer optimizer, OptimizerState saved) {
    this.optimizer = optimizer;
    this.tensors = saved.tensors();
    this.values = saved.values();
  }

  void check() {
    used.add("optimizer");
    if (!optimizer.name().equals(values.get("optimizer"))) {
      problems.add(
          message("optimizer is %s here, %s there", optimizer.name(), values.get("optimizer")));
    }
    int index = 0;
    for (int g = 0; g < optimizer.groups().size(); g++) {
      ParamGroup group = optimizer.groups().get(g);
      checkGroup(g, group);
      for (Tensor parameter : group.parameters()) {
        checkState(index++, parameter, options.get(g));
      }
    }
    List<String> unexpected = new ArrayList<>(values.keySet());
    unexpected.addAll(tensors.keySet());
    unexpected.removeAll(used);
    unexpected.forEach(key -> problems.add("unexpected " + key));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "loadStateDict: "
              + problems.size()
              + (problems.size() == 1 ? " problem: " : " problems: ")
              + String.join("; ", problems));
    }
  }

  private void checkGroup(int g, ParamGroup group) {
    String prefix = "group." + g + ".";
    String size = value(prefix + "size");
    if (size != null && !size.equals(Integer.toString(group.parameters().size()))) {
      problems.add(
          message(
              "group %s has %s parameters here, %s in the checkpoint",
              g, group.parameters().size(), size));
    }
    LinkedHashMap<String, Double> loaded = new LinkedHashMap<>(group.options());
    int before = problems.size();
    for (String option : group.options().keySet()) {
      boolean old = ADDED_LATER.contains(option) && !values.containsKey(prefix + option);
      Double number = old ? Double.valueOf(0) : number(prefix + option);
      if (number != null) {
        loaded.put(option, number);
      }
    }
    if (problems.size() == before) {
      try {
        group.check(loaded);
      } catch (IllegalArgumentException e) {
        problems.add("group " + g + ": " + e.getMessage());
      }
    }
    options.add(loaded);
  }

  private void checkState(int index, Tensor parameter, Map<String, Double> groupOptions) {
    String prefix = "state." + index + ".";
    Map<String, long[]> shapes = optimizer.stateShapes(groupOptions, parameter);
    List<String> numbers = optimizer.stateNumbers();
    boolean any =
        numbers.stream().anyMatch(name -> values.containsKey(prefix + name))
            || shapes.keySet().stream().anyMatch(name -> tensors.containsKey(prefix + name));
    if (!any) {
      return;
    }
    for (String name : numbers) {
      Double number = number(prefix + name);
      boolean whole = number == null || number >= 0 && number == Math.rint(number);
      if (name.equals(Optimizer.STEP) && !whole) {
        problems.add(
            message(
                "%s%s must be a whole number, at least 0; got %s",
                prefix, name, values.get(prefix + name)));
      }
    }
    shapes.forEach(
        (name, shape) -> {
          String key = prefix + name;
          used.add(key);
          Tensor tensor = tensors.get(key);
          if (tensor == null) {
            problems.add("missing " + key);
          } else if (!fits(tensor.shape(), shape) || tensor.dtype() != parameter.dtype()) {
            problems.add(
                message(
                    "%s is %s%s here, %s%s in the checkpoint",
                    key, parameter.dtype(), shape, tensor.dtype(), tensor.shape()));
          }
        });
  }

  private static boolean fits(long[] shape, long... rule) {
    boolean fits = shape.length == rule.length;
    for (int d = 0; fits && d < rule.length; d++) {
      fits = rule[d] < 0 || rule[d] == shape[d];
    }
    return fits;
  }

  private String value(String key) {
    used.add(key);
    String value = values.get(key);
    if (value == null) {
      problems.add("missing " + key);
    }
    return value;
  }

  private Double number(String key) {
    String value = value(key);
    if (value == null) {
      return null;
    }
    try {
      return Double.valueOf(value);
    } catch (NumberFormatException e) {
      problems.add(message("%s must be a number; got \"%s\"", key, value));
      return null;
    }
  }

  Map<String, Double> options(int group) {
    return options.get(group);
  }

  private static Tensor copy(Tensor saved, Tensor parameter) {
    Tensor there = saved.to(parameter.device());
    return (there == saved ? saved.clone() : there).retain();
  }

  /** Returns a copy of the state of one parameter, on its device; null if there is none. */
  ParamState state(int index, Tensor parameter) {
    String prefix = "state." + index + ".";
    Map<String, Tensor> mine = new LinkedHashMap<>();
    tensors.forEach(
        (key, tensor) -> {
          if (key.startsWith(prefix)) {
            mine.put(
                key.substring(prefix.length()),
                copy(optimizer.own(parameter, tensor.detach().contiguous()), parameter));
          }
        });
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String name : optimizer.stateNumbers()) {
      if (values.containsKey(prefix + name)) {
        numbers.put(name, Double.valueOf(values.get(prefix + name)));
      }
    }
    return mine.isEmpty() && numbers.isEmpty() ? null : new ParamState(mine, numbers);
  }
}
