package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Reads the settings files that spark-submit reads by default. */
final class SparkDefaults {
  private SparkDefaults() {}

  /**
   * Returns the settings of {@code --properties-file} if given, else of {@code
   * spark-defaults.conf}.
   */
  static Map<String, String> read(String propertiesFile, Path home, Map<String, String> env) {
    Path file = Path.of(propertiesFile);
    if (propertiesFile.isEmpty()) {
      String conf = env.getOrDefault("SPARK_CONF_DIR", "");
      Path directory = conf.isEmpty() ? home.resolve("conf") : Path.of(conf);
      file = directory.resolve("spark-defaults.conf");
    }
    Map<String, String> settings = new HashMap<>();
    if (!Files.isRegularFile(file)) {
      return settings; // spark-submit reports a missing file that the user named
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      Properties properties = new Properties();
      properties.load(reader);
      properties.forEach((key, value) -> settings.put(key.toString(), value.toString().trim()));
      return settings;
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException(message("submit: cannot read settings in %s: %s", file, e), e);
    }
  }
}
