package dev.bellows.examples;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Command-line options of an example: {@code --name value}, {@code --name=value}, or a switch. */
final class Options {
  private final String example;
  private final String metric;
  private final Map<String, String> help;
  private final Map<String, String> values = new LinkedHashMap<>();

  /** Options of an example whose metric is the accuracy. */
  Options(String example, Map<String, String> help) {
    this(example, "accuracy", help);
  }

  /**
   * Options of an example.
   *
   * @param metric what the job evaluates
   * @param help what each option means; a text in brackets marks a switch that takes no value
   */
  Options(String example, String metric, Map<String, String> help) {
    this.example = example;
    this.metric = metric;
    this.help = help;
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException if an option is unknown or has no value
   */
  Options parse(String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      var word = arguments[i];
      var equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      var text = help.get(name);
      if (text == null) {
        throw new IllegalArgumentException(
            message(
                "%s: options must be of %s; got %s",
                example, String.join(", ", new ArrayList<>(help.keySet())), word));
      }
      if (text.startsWith("[")) {
        values.put(name, "true");
      } else if (equals >= 0) {
        values.put(name, word.substring(equals + 1));
      } else if (i + 1 < arguments.length) {
        values.put(name, arguments[++i]);
      } else {
        throw new IllegalArgumentException(
            message("%s: %s needs a value; got none", example, name));
      }
    }
    return this;
  }

  /** Returns the name of what the job evaluates. */
  String metric() {
    return metric;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  long number(String name, long otherwise) {
    var value = values.get(name);
    try {
      return value == null ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          message("%s: %s must be a whole number; got %s", example, name, value), e);
    }
  }

  int count(String name, int otherwise) {
    var value = number(name, otherwise);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          message("%s: %s must be in 0..%s; got %s", example, name, Integer.MAX_VALUE, value));
    }
    return (int) value;
  }

  double real(String name, double otherwise) {
    var value = values.get(name);
    try {
      return value == null ? otherwise : Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          message("%s: %s must be a number; got %s", example, name, value), e);
    }
  }

  /** Returns the options and their meaning. */
  String usage() {
    List<String> lines = new ArrayList<>();
    help.forEach((name, text) -> lines.add(String.format(Locale.ROOT, "  %-20s %s", name, text)));
    return lines.stream().collect(Collectors.joining("\n", example + " options:\n", ""));
  }
}
