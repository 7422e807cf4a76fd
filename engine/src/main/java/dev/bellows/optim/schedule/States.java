package dev.bellows.optim.schedule;

import static dev.bellows.errors.Messages.message;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads the entries of saved schedules. */
final class States {
  private States() {}

  static List<Double> list(double... values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static Object entry(String schedule, Map<String, ?> state, String key) {
    Object value = state.get(key);
    if (value == null) {
      throw new IllegalArgumentException(
          message("loadStateDict: %s: missing %s; entries are %s", schedule, key, state.keySet()));
    }
    return value;
  }

  private static IllegalArgumentException bad(
      String schedule, String key, String rule, Object value) {
    return new IllegalArgumentException(
        message("loadStateDict: %s: %s must be %s; got %s", schedule, key, rule, value));
  }

  static double number(String schedule, Map<String, ?> state, String key) {
    Object value = entry(schedule, state, key);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw bad(schedule, key, "a number", value);
  }

  static long whole(String schedule, Map<String, ?> state, String key) {
    double number = number(schedule, state, key);
    if (number != Math.rint(number)) {
      throw bad(schedule, key, "a whole number", number);
    }
    return (long) number;
  }

  static double[] numbers(String schedule, Map<String, ?> state, String key, int count) {
    Object value = entry(schedule, state, key);
    if (value instanceof List<?> list
        && list.size() == count
        && list.stream().allMatch(Number.class::isInstance)) {
      return list.stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
    }
    throw bad(schedule, key, "a list of " + count + " numbers", value);
  }

  /** Returns the states of the schedules inside another. */
  @SuppressWarnings("unchecked")
  static List<Map<String, ?>> schedules(
      String schedule, Map<String, ?> state, String key, int count) {
    Object value = entry(schedule, state, key);
    if (value instanceof List<?> list
        && list.size() == count
        && list.stream().allMatch(Map.class::isInstance)) {
      return (List<Map<String, ?>>) list;
    }
    throw bad(schedule, key, "a list of " + count + " states", value);
  }

  /** Returns one value for each group: the only one given, or one each. */
  static double[] forGroups(String name, int groups, double... values) {
    if (values.length == 1) {
      double[] all = new double[groups];
      Arrays.fill(all, values[0]);
      return all;
    }
    if (values.length != groups) {
      throw new IllegalArgumentException(
          message(
              "%s must have the same length as optimizer.param_groups. %s has %s values,"
                  + " param_groups has %s.",
              name, name, values.length, groups));
    }
    return values.clone();
  }
}
