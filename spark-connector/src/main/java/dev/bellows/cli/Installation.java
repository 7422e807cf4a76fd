package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Locations of files: below {@code deploy/} in a clone; below {@code share/} in a distribution,
 * with files created at run time in the user's cache directory.
 *
 * @param root the clone, or the unpacked distribution
 * @param allJar Bellows with its dependencies
 * @param examplesJar the examples
 * @param homeTemplate the template of Spark installations
 * @param state directory of Spark installations, clusters and logs
 * @param isClone false for a distribution
 */
record Installation(
    Path root, Path allJar, Path examplesJar, Path homeTemplate, Path state, boolean isClone) {

  /** Returns the layout that bin/bellows passes in system properties. */
  static Installation current() {
    return of(System::getProperty, System.getenv());
  }

  static Installation of(UnaryOperator<String> property, Map<String, String> env) {
    Path root = path(property, "bellows.root");
    Path all = path(property, "bellows.jar.all");
    Path examples = path(property, "bellows.jar.examples");
    Path inClone = root.resolve("deploy/spark-home");
    if (Files.isRegularFile(inClone.resolve("pom.xml"))) {
      return new Installation(root, all, examples, inClone, root.resolve("deploy/target"), true);
    }
    Path inDistribution = root.resolve("share/spark-home");
    if (!Files.isRegularFile(inDistribution.resolve("pom.xml"))) {
      throw new CliException(
          message(
              "bellows: its directory must hold deploy/spark-home or share/spark-home; got %s with"
                  + " neither; unpack the distribution again",
              root));
    }
    return new Installation(
        root, all, examples, inDistribution, cache(env).resolve("bellows"), false);
  }

  private static Path cache(Map<String, String> env) {
    String set = env.getOrDefault("XDG_CACHE_HOME", "");
    if (!set.isEmpty()) {
      return Path.of(set);
    }
    return Path.of(env.getOrDefault("HOME", System.getProperty("user.home")), ".cache");
  }

  private static Path path(UnaryOperator<String> property, String name) {
    String value = property.apply(name);
    if (value == null) {
      throw new CliException(
          "bellows: system property " + name + " must be set; got none; start with bin/bellows");
    }
    return Path.of(value);
  }

  /** Returns the directory of the cluster with the given name. */
  Path clusterDirectory() {
    return state.resolve("cluster");
  }

  /** Returns the directory in which Spark is assembled if SPARK_HOME is not set. */
  Path homeDirectory() {
    return isClone
        ? state.resolve("spark-home")
        : state.resolve("spark-home-" + HomeAssembly.version(homeTemplate.resolve("pom.xml")));
  }

  /** Returns a path as the user would write it: relative if it is below the current directory. */
  static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath();
    return absolute.startsWith(here) ? here.relativize(absolute).toString() : absolute.toString();
  }
}
