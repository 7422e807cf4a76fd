package dev.bellows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SparkHomeTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path directory;

  private Installation layout(Path root) {
    Map<String, String> properties =
        Map.of(
            "bellows.root", root.toString(), "bellows.jar.all", "a", "bellows.jar.examples", "e");
    return Installation.of(properties::get, Map.of("XDG_CACHE_HOME", directory.toString()));
  }

  @Test
  void isAssembledFromTheVersionThatIsCompiledAgainst() {
    assertThat(HomeAssembly.version(REPOSITORY.resolve("deploy/spark-home/pom.xml")))
        .isEqualTo(HomeAssembly.version(REPOSITORY.resolve("pom.xml")));
  }

  @Test
  void aCloneKeepsItsStateInTheBuildDirectory() {
    Installation layout = layout(REPOSITORY);
    assertThat(layout.homeDirectory()).isEqualTo(REPOSITORY.resolve("deploy/target/spark-home"));
    assertThat(layout.clusterDirectory()).isEqualTo(REPOSITORY.resolve("deploy/target/cluster"));
  }

  @Test
  void aDistributionKeepsItsStateInTheCache() throws IOException {
    Path template = Files.createDirectories(directory.resolve("dist/share/spark-home"));
    Files.writeString(template.resolve("pom.xml"), "<spark.version>4.2.0</spark.version>");
    Installation layout = layout(directory.resolve("dist"));
    assertThat(layout.homeDirectory()).isEqualTo(directory.resolve("bellows/spark-home-4.2.0"));
    assertThat(layout.clusterDirectory()).isEqualTo(directory.resolve("bellows/cluster"));
  }

  @Test
  void saysWhatADirectoryLacks() {
    assertThatThrownBy(() -> layout(directory))
        .hasMessageContaining("must hold deploy/spark-home or share/spark-home; got " + directory);
    assertThatThrownBy(() -> Installation.of(name -> null, Map.of()))
        .hasMessageContaining("bellows.root must be set; got none; start with bin/bellows");
  }

  @Test
  void aSetSparkHomeIsUsedAsItIs() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("spark/bin"));
    Map<String, String> env = Map.of("SPARK_HOME", bin.getParent().toString());
    assertThatThrownBy(() -> SparkHome.find(layout(REPOSITORY), env, line -> {}))
        .hasMessageContaining("without bin/spark-class, bin/spark-submit; set it to a Spark 4.x");
    for (String name : new String[] {"spark-class", "spark-submit"}) {
      assertThat(Files.createFile(bin.resolve(name)).toFile().setExecutable(true)).isTrue();
    }
    SparkHome home = SparkHome.find(layout(REPOSITORY), env, line -> {});
    assertThat(home.directory()).isEqualTo(bin.getParent());
    assertThat(home.environment(env)).doesNotContainKey("SPARK_SCALA_VERSION");
  }

  @Test
  void settingsComeFromTheFileThatSparkReads() throws IOException {
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(conf.resolve("spark-defaults.conf"), "spark.network.timeout  99s \n");
    assertThat(SparkDefaults.read("", directory, Map.of()))
        .containsExactly(Map.entry("spark.network.timeout", "99s"));
    Path named = Files.writeString(directory.resolve("my.conf"), "spark.jars=a.jar\n");
    assertThat(SparkDefaults.read(named.toString(), directory, Map.of()))
        .containsExactly(Map.entry("spark.jars", "a.jar"));
    assertThat(SparkDefaults.read("", directory, Map.of("SPARK_CONF_DIR", "/nowhere"))).isEmpty();
  }
}
