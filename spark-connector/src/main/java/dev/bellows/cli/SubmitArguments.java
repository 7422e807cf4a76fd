package dev.bellows.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Completes a user's arguments of spark-submit: puts Bellows first in {@code --jars}, and adds
 * settings that suit long training tasks unless the user set them. Everything else is unchanged.
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

  /**
   * The timeouts must be consistent: Spark rejects a heartbeat interval that is not below the
   * timeout.
   */
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

  /** Reads options up to the application; the application's own arguments are not interpreted. */
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
        i += 1; // spark-submit reports a missing value
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

  /**
   * Returns the master from the option or setting; {@code local[*]}, Spark's default, if neither is
   * set.
   */
  String master() {
    return options.getOrDefault("--master", conf.getOrDefault("spark.master", "local[*]"));
  }

  String propertiesFile() {
    return options.getOrDefault("--properties-file", "");
  }

  /**
   * Returns the completed arguments.
   *
   * @param bellows the jar to add to {@code --jars}
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
      // The option overrides the setting, so the setting's value is moved into the option.
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
