package dev.bellows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SubmitArgumentsTest {
  private static final String JAR = "/lib/all.jar";
  private static final List<String> RECOMMENDED =
      List.of(
          "--conf", "spark.executorEnv.OMP_NUM_THREADS=1",
          "--conf", "spark.scheduler.minRegisteredResourcesRatio=1.0",
          "--conf", "spark.executor.heartbeatInterval=5s",
          "--conf", "spark.network.timeout=30s",
          "--conf", "spark.network.timeoutInterval=5s");

  private static List<String> complete(String... given) {
    return SubmitArguments.parse(List.of(given)).complete(JAR, Map.of());
  }

  @Test
  void addsEveryRecommendedSettingAndTheJarBeforeWhatWasGiven() {
    List<String> given = List.of("--class", "a.B", "app.jar", "--lr", "0.1");
    List<String> completed = SubmitArguments.parse(given).complete(JAR, Map.of());
    assertThat(completed.subList(0, 10)).isEqualTo(RECOMMENDED);
    assertThat(completed.subList(10, 12)).containsExactly("--jars", JAR);
    assertThat(completed.subList(12, completed.size())).isEqualTo(given);
  }

  @Test
  void leavesASettingThatTheUserMade() {
    List<String> completed =
        complete(
            "--conf", "spark.network.timeout=300s", "-c", "spark.executor.heartbeatInterval=9s");
    assertThat(completed).contains("spark.network.timeout=300s");
    assertThat(completed).doesNotContain("spark.network.timeout=30s");
    assertThat(completed).doesNotContain("spark.executor.heartbeatInterval=5s");
    assertThat(complete("--conf=spark.network.timeout=300s"))
        .doesNotContain("spark.network.timeout=30s");
  }

  @Test
  void leavesAllTimeoutsIfTheUserMadeOne() {
    for (String one :
        List.of(
            "executor.heartbeatInterval=40s", "network.timeout=9s", "network.timeoutInterval=1s")) {
      assertThat(complete("--conf", "spark." + one))
          .filteredOn(word -> word.matches("spark\\.(executor\\.heartbeat|network\\.timeout).*"))
          .containsExactly("spark." + one);
    }
  }

  @Test
  void leavesASettingThatAFileMade() {
    List<String> completed =
        SubmitArguments.parse(List.of("app.jar"))
            .complete(JAR, Map.of("spark.network.timeout", "300s", "spark.jars", "a.jar"));
    assertThat(completed).doesNotContain("spark.network.timeout=30s");
    assertThat(completed).containsSubsequence("--jars", JAR + ",a.jar", "app.jar");
  }

  @Test
  void givesNativeThreadsTheCoresOfAnExecutor() {
    String four = "spark.executorEnv.OMP_NUM_THREADS=4";
    assertThat(complete("--executor-cores", "4")).contains(four);
    assertThat(complete("--executor-cores=4")).contains(four);
    assertThat(complete("--conf", "spark.executor.cores=4")).contains(four);
    assertThat(complete("--conf", "spark.task.cpus=4")).doesNotContain(four);
  }

  @Test
  void putsItsJarFirstInTheUsersJars() {
    assertThat(complete("--jars", "a.jar,b.jar", "app.jar"))
        .containsSubsequence("--jars", JAR + ",a.jar,b.jar", "app.jar")
        .containsOnlyOnce("--jars");
    assertThat(complete("--jars=a.jar", "app.jar")).contains("--jars=" + JAR + ",a.jar");
    assertThat(complete("--conf", "spark.jars=a.jar", "app.jar"))
        .containsSubsequence("--jars", JAR + ",a.jar");
  }

  @Test
  void doesNotReadTheApplicationsOwnArguments() {
    List<String> completed =
        complete("--verbose", "app.jar", "--conf", "spark.network.timeout=1s", "--jars", "x");
    assertThat(completed).contains("spark.network.timeout=30s");
    assertThat(completed).containsSubsequence("--jars", JAR, "app.jar", "--jars", "x");
  }

  @Test
  void findsTheMaster() {
    assertThat(SubmitArguments.parse(List.of()).master()).isEqualTo("local[*]");
    assertThat(SubmitArguments.parse(List.of("--master", "yarn", "x")).master()).isEqualTo("yarn");
    assertThat(SubmitArguments.parse(List.of("--conf", "spark.master=yarn")).master())
        .isEqualTo("yarn");
  }

  @Test
  void aMissingValueIsLeftToSparkSubmit() {
    assertThat(complete("--class")).endsWith("--class");
  }
}
