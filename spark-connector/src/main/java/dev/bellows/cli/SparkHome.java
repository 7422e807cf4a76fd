package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A Spark installation for running commands.
 *
 * @param directory the value of SPARK_HOME
 * @param origin how it was found, for messages
 * @param assembled whether Bellows assembled it; false for an official distribution
 */
record SparkHome(Path directory, String origin, boolean assembled) {

  /**
   * Returns the installation that SPARK_HOME names, else the assembled one, which is assembled now
   * if necessary.
   *
   * @param progress receives messages about long operations
   */
  static SparkHome find(Installation layout, Map<String, String> env, Consumer<String> progress) {
    String set = env.getOrDefault("SPARK_HOME", "");
    if (!set.isEmpty()) {
      return new SparkHome(checked(Path.of(set)), "set by SPARK_HOME", false);
    }
    HomeAssembly assembly =
        new HomeAssembly(layout.homeTemplate(), layout.homeDirectory(), progress);
    long start = System.nanoTime();
    String problem = assembly.problem();
    if (problem.isEmpty()) {
      return new SparkHome(assembly.directory(), "reused", true);
    }
    assembly.assemble();
    String again = problem.equals(HomeAssembly.ABSENT) ? "" : " again, as " + problem;
    String origin = "assembled" + again + ", " + Waiting.seconds(start);
    return new SparkHome(assembly.directory(), origin, true);
  }

  private static Path checked(Path home) {
    List<String> missing = new ArrayList<>();
    for (String name : List.of("bin/spark-class", "bin/spark-submit")) {
      if (!Files.isExecutable(home.resolve(name))) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw new CliException(
          message(
              "spark home: SPARK_HOME must hold bin/spark-class and bin/spark-submit; got %s"
                  + " without %s; set it to a Spark 4.x installation, or unset it and Bellows"
                  + " assembles one",
              home, String.join(", ", missing)));
    }
    return home.toAbsolutePath();
  }

  String sparkClass() {
    return directory.resolve("bin/spark-class").toString();
  }

  String sparkSubmit() {
    return directory.resolve("bin/spark-submit").toString();
  }

  /** Returns the environment of its processes, including the inherited one. */
  Map<String, String> environment(Map<String, String> inherited) {
    Map<String, String> env = new HashMap<>();
    env.put("SPARK_HOME", directory.toString());
    if (!inherited.containsKey("JAVA_HOME")) {
      env.put("JAVA_HOME", System.getProperty("java.home"));
    }
    if (assembled) {
      // Workers build executor command lines themselves and need the variable too.
      env.put("SPARK_SCALA_VERSION", "2.13");
    }
    return env;
  }
}
