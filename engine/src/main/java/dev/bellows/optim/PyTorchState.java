package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An optimizer's state as PyTorch's {@code state_dict()}: {@code state} → parameter's number → name
 * → tensor, and {@code param_groups} → options and the numbers of the parameters.
 */
public final class PyTorchState {
  private static final String STATE = "state";
  private static final String GROUPS = "param_groups";
  private static final String PARAMS = "params";

  /** Options that PyTorch keeps as whole numbers. */
  private static final Set<String> WHOLE = Set.of("nsSteps", "maxIter", "maxEval", "historySize");

  private PyTorchState() {}

  /** Returns the state of an optimizer; the tensors share memory with it. */
  public static Map<String, Object> of(Optimizer optimizer) {
    Map<Object, Object> states = new LinkedHashMap<>();
    List<Object> groups = new ArrayList<>();
    long index = 0;
    for (ParamGroup group : optimizer.groups()) {
      List<Object> numbers = new ArrayList<>();
      for (Tensor parameter : group.parameters()) {
        Map<String, Object> state = state(optimizer, group, parameter);
        if (!state.isEmpty()) {
          states.put(index, state);
        }
        numbers.add(index++);
      }
      Map<String, Object> options = options(group);
      options.put(PARAMS, numbers);
      groups.add(options);
    }
    Map<String, Object> dict = new LinkedHashMap<>();
    dict.put(STATE, states);
    dict.put(GROUPS, groups);
    return dict;
  }

  private static Map<String, Object> state(
      Optimizer optimizer, ParamGroup group, Tensor parameter) {
    Map<String, Object> entries = new LinkedHashMap<>();
    ParamState state = optimizer.stateOf(parameter);
    if (state == null) {
      return entries;
    }
    for (String name : optimizer.stateNumbers()) {
      double value = state.number(name, 0);
      if (optimizer.needsClosure()) {
        entries.put(name, whole(value));
      } else {
        DType dtype = name.equals(Optimizer.STEP) ? DType.FLOAT32 : DType.FLOAT64;
        entries.put(name, Tensor.full(value, dtype));
      }
    }
    Map<String, long[]> shapes = optimizer.stateShapes(group.options(), parameter);
    state
        .tensors()
        .forEach(
            (name, tensor) ->
                entries.put(name, isList(shapes.get(name)) ? rows(tensor) : tensor.detach()));
    return entries;
  }

  private static boolean isList(long... shape) {
    return shape != null && shape.length > 0 && shape[0] < 0;
  }

  private static List<Tensor> rows(Tensor tensor) {
    List<Tensor> rows = new ArrayList<>();
    for (long row = 0; row < tensor.size(0); row++) {
      rows.add(tensor.select(0, row).clone());
    }
    return rows;
  }

  private static Object whole(double value) {
    return value == Math.rint(value) ? (Object) (long) value : (Object) value;
  }

  private static Map<String, Object> options(ParamGroup group) {
    Map<String, Object> options = new LinkedHashMap<>();
    group
        .options()
        .forEach(
            (option, value) -> {
              String name = snake(option);
              Object shown = shown(group, option, value);
              if (!isNumbered(option)) {
                options.put(name, shown);
              } else if (options.get(name) instanceof List<?> before) {
                List<Object> more = new ArrayList<>(before);
                more.add(shown);
                options.put(name, more);
              } else {
                options.put(name, new ArrayList<>(Collections.singletonList(shown)));
              }
            });
    return options;
  }

  private static Object shown(ParamGroup group, String option, double value) {
    List<String> words = group.choices(option);
    if (words != null) {
      String word = words.get((int) value);
      return switch (word) {
        case "True" -> true;
        case "False" -> false;
        case "None" -> null;
        default -> word;
      };
    }
    return Double.isNaN(value) ? null : WHOLE.contains(option) ? (Object) (long) value : value;
  }

  /** Returns whether an option is one of a tuple, as {@code beta1}. */
  static boolean isNumbered(String option) {
    return !option.equals("t0") && Character.isDigit(option.charAt(option.length() - 1));
  }

  /** PyTorch's name of an option, as {@code weight_decay} or {@code betas}. */
  static String snake(String option) {
    String name = isNumbered(option) ? option.substring(0, option.length() - 1) + "s" : option;
    if (name.equals("epss")) {
      return "eps";
    }
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /**
   * Loads a state that PyTorch or {@link #of} has made. Options that this optimizer does not have
   * ({@code foreach}, {@code fused} and such) are passed over; those that the state does not have
   * are kept.
   *
   * @throws IllegalArgumentException if the state is not of that form, or does not fit the
   *     optimizer ({@link Optimizer#loadStateDict})
   */
  public static void load(Optimizer optimizer, Map<?, ?> dict) {
    LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
    LinkedHashMap<String, String> values = new LinkedHashMap<>();
    values.put("optimizer", optimizer.name());
    List<?> groups = entry(dict, GROUPS, List.class);
    Map<?, ?> states = entry(dict, STATE, Map.class);
    if (groups.size() != optimizer.groups().size()) {
      throw new IllegalArgumentException(
          message(
              "loadStateDict: the optimizer has %s parameter groups, the state %s",
              optimizer.groups().size(), groups.size()));
    }
    int index = 0;
    for (int g = 0; g < groups.size(); g++) {
      if (!(groups.get(g) instanceof Map<?, ?> saved)) {
        throw new IllegalArgumentException("loadStateDict: a parameter group must be a dictionary");
      }
      List<?> numbers = entry(saved, PARAMS, List.class);
      String prefix = "group." + g + ".";
      values.put(prefix + "size", Integer.toString(numbers.size()));
      ParamGroup group = optimizer.groups().get(g);
      group
          .options()
          .forEach(
              (option, value) ->
                  values.put(prefix + option, Double.toString(read(group, option, value, saved))));
      for (Object number : numbers) {
        if (states.get(number) instanceof Map<?, ?> state) {
          readState(optimizer, "state." + index + ".", state, tensors, values);
        }
        index++;
      }
    }
    optimizer.loadStateDict(new OptimizerState(tensors, values));
  }

  private static <T> T entry(Map<?, ?> dict, String key, Class<T> type) {
    if (!type.isInstance(dict.get(key))) {
      throw new IllegalArgumentException(
          message("loadStateDict: an optimizer's state must have %s; has %s", key, dict.keySet()));
    }
    return type.cast(dict.get(key));
  }

  private static double read(ParamGroup group, String option, double present, Map<?, ?> saved) {
    Object value = saved.get(snake(option));
    if (isNumbered(option) && value instanceof List<?> list) {
      int at = option.charAt(option.length() - 1) - '1';
      value = at < list.size() ? list.get(at) : null;
    }
    List<String> words = group.choices(option);
    if (words != null && saved.containsKey(snake(option))) {
      String word =
          value == null
              ? "None"
              : value instanceof Boolean b ? (b ? "True" : "False") : value.toString();
      return words.indexOf(word);
    }
    if (value instanceof Tensor tensor) {
      return tensor.item();
    }
    return value instanceof Number number ? number.doubleValue() : present;
  }

  private static void readState(
      Optimizer optimizer,
      String prefix,
      Map<?, ?> state,
      Map<String, Tensor> tensors,
      Map<String, String> values) {
    Set<String> numbers = Set.copyOf(optimizer.stateNumbers());
    state.forEach(
        (key, value) -> {
          String name = prefix + key;
          if (numbers.contains(key)) {
            values.put(name, number(value));
          } else if (value instanceof Tensor tensor) {
            tensors.put(name, tensor);
          } else if (value instanceof List<?> list && !list.isEmpty() && allTensors(list)) {
            tensors.put(name, Tensor.stack(list.stream().map(each -> (Tensor) each).toList(), 0));
          }
        });
  }

  private static boolean allTensors(List<?> list) {
    return list.stream().allMatch(Tensor.class::isInstance);
  }

  private static String number(Object value) {
    return Double.toString(
        value instanceof Tensor tensor
            ? tensor.item()
            : value instanceof Number number ? number.doubleValue() : Double.NaN);
  }
}
