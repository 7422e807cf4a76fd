package dev.bellows.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of spark-submit as a user gave them, completed: Bellows goes first in {@code
 * --jars}, and settings that suit long training tasks are added where the user has none. Everything
 * else stays as it is and where it is.
 */
final class SubmitArguments {
  private static final Set<String> SWITCHES =
      Set.of(
          "--supervise",
          "--load-spark-defaults",
          "--verbose",
          "-v",
          "--version",
          "--help",
          "-h",
          "--usage-error");

  /** They fit each other: Spark refuses a heartbeat interval that is not below the timeout. */
  private static final Map<String, String> TIMEOUTS = timeouts();

  private static final String CONF = "--conf";
  private static final String JARS = "--jars";

  private final List<String> given;
  private final Map<String, String> conf = new LinkedHashMap<>();
  private final Map<String, String> options = new LinkedHashMap<>();
  private int jarsAt = -1;

  private SubmitArguments(List<String> given) {
    this.given = new ArrayList<>(given);
  }

  static SubmitArguments parse(List<String> given) {
    SubmitArguments arguments = new SubmitArguments(given);
    arguments.scan();
    return arguments;
  }

  /** Reads options up to the application, whose own arguments are none of our business. */
  private void scan() {
    int i = 0;
    while (i < given.size() && given.get(i).startsWith("-")) {
      String word = given.get(i);
      int equals = word.indexOf('=');
      if (word.startsWith("--") && equals > 0) {
        option(word.substring(0, equals), word.substring(equals + 1), i);
        i += 1;
      } else if (SWITCHES.contains(word)) {
        i += 1;
      } else if (i + 1 < given.size()) {
        option(word, given.get(i + 1), i + 1);
        i += 2;
      } else {
        i += 1; // a value is missing: spark-submit says so
      }
    }
  }

  private void option(String name, String value, int at) {
    if (name.equals(CONF) || name.equals("-c")) {
      int equals = value.indexOf('=');
      if (equals > 0) {
        conf.put(value.substring(0, equals), value.substring(equals + 1));
      }
      return;
    }
    if (name.equals(JARS)) {
      jarsAt = at;
    }
    options.put(name, value);
  }

  /** The master as an option or a setting; {@code local[*]} is Spark's default. */
  String master() {
    return options.getOrDefault("--master", conf.getOrDefault("spark.master", "local[*]"));
  }

  String propertiesFile() {
    return options.getOrDefault("--properties-file", "");
  }

  /**
   * The arguments to run with.
   *
   * @param bellows the jar that {@code --jars} gets
   * @param defaults settings from files, which count as the user's
   */
  List<String> complete(String bellows, Map<String, String> defaults) {
    Map<String, String> set = new LinkedHashMap<>(defaults);
    set.putAll(conf);
    List<String> completed = new ArrayList<>();
    recommended(set)
        .forEach(
            (key, value) -> {
              if (!set.containsKey(key)) {
                completed.add(CONF);
                completed.add(key + "=" + value);
              }
            });
    if (jarsAt < 0) {
      // The option hides the setting, so what the setting says moves into the option.
      String more = set.getOrDefault("spark.jars", "");
      completed.add(JARS);
      completed.add(more.isEmpty() ? bellows : bellows + "," + more);
      completed.addAll(given);
      return completed;
    }
    List<String> merged = new ArrayList<>(given);
    String word = merged.get(jarsAt);
    String prefix = word.startsWith(JARS + "=") ? JARS + "=" : "";
    merged.set(jarsAt, prefix + bellows + "," + word.substring(prefix.length()));
    completed.addAll(merged);
    return completed;
  }

  private Map<String, String> recommended(Map<String, String> set) {
    String cores =
        options.getOrDefault("--executor-cores", set.getOrDefault("spark.executor.cores", "1"));
    Map<String, String> recommended = new LinkedHashMap<>();
    recommended.put("spark.executorEnv.OMP_NUM_THREADS", cores);
    recommended.put("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    if (Collections.disjoint(set.keySet(), TIMEOUTS.keySet())) {
      recommended.putAll(TIMEOUTS);
    }
    return recommended;
  }

  private static Map<String, String> timeouts() {
    Map<String, String> timeouts = new LinkedHashMap<>();
    timeouts.put("spark.executor.heartbeatInterval", "5s");
    timeouts.put("spark.network.timeout", "30s");
    timeouts.put("spark.network.timeoutInterval", "5s");
    return timeouts;
  }
}
