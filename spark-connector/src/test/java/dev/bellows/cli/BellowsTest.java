package dev.bellows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
final class BellowsTest {
  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    CommandLine line = Bellows.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).contains("demo", "submit", "cluster", "spark-home");
  }

  @Test
  void usageErrorsExitWithTwo() {
    assertThat(execute()).isEqualTo(2);
    assertThat(execute("cluster")).isEqualTo(2);
    assertThat(execute("cluster", "start", "--workers", "many")).isEqualTo(2);
    assertThat(err.toString())
        .contains("a command is needed; got none", "start, status or stop is needed", "'many'");
  }

  @Test
  void failuresAreOneLine() {
    assertThat(execute("demo", "--executors", "3", "--shards", "2")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("demo: --shards must be at least --executors; got 2 shards, 3 executors");
  }

  @Test
  void demoRefusesWhatCannotBe() {
    assertThat(execute("demo", "--executors", "0")).isEqualTo(1);
    assertThat(execute("demo", "--epochs", "0")).isEqualTo(1);
    assertThat(execute("demo", "--resume")).isEqualTo(1);
    assertThat(err.toString())
        .contains("--executors must be at least 1; got 0")
        .contains("--epochs must be at least 1; got 0")
        .contains("--resume needs --checkpoint-dir");
  }

  @Test
  void clusterSizesAreChecked() {
    assertThatThrownBy(() -> new ClusterSpec(0, 1, "1g"))
        .hasMessage("cluster: --workers must be at least 1; got 0");
    assertThatThrownBy(() -> new ClusterSpec(1, 0, "1g"))
        .hasMessage("cluster: --cores-per-worker must be at least 1; got 0");
    assertThatThrownBy(() -> new ClusterSpec(1, 1, "lots"))
        .hasMessageContaining("such as 1g; got lots");
  }

  @Test
  void statusOfNoClusterIsThree() {
    assertThat(execute("cluster", "status", "--state-dir", directory.toString())).isEqualTo(3);
    assertThat(execute("cluster", "stop", "--state-dir", directory.toString())).isZero();
    assertThat(out.toString()).contains("not running");
  }

  @Test
  void submitTakesEveryArgumentFromTheFirstUnknownOne() {
    CommandLine.ParseResult submit =
        Bellows.commandLine()
            .parseArgs("submit", "--dry-run", "--class", "A", "a.jar", "--dry-run", "@x", "--")
            .subcommand();
    assertThat(submit.matchedPositionals().get(0).<List<String>>getValue())
        .containsExactly("--class", "A", "a.jar", "--dry-run", "@x", "--");
  }

  @Test
  void demoRunsTheExampleWithWhatWasAsked() {
    DemoSettings plain = new DemoSettings(2, 4, 1, null, "/c", false, false, null);
    assertThat(plain.submitArguments("spark://h:1", "e.jar"))
        .startsWith("--master", "spark://h:1")
        .containsSubsequence("--class", "dev.bellows.examples.Digits")
        .contains("spark.cores.max=2", "spark.executor.cores=1")
        .endsWith(
            "e.jar", "--executors", "2", "--shards", "4", "--seed", "1", "--checkpoint-dir", "/c");
    DemoSettings resumed = new DemoSettings(1, 4, 7, 3, "/c", true, false, "local[2]");
    assertThat(resumed.submitArguments("local[2]", "e.jar"))
        .endsWith("--seed", "7", "--epochs", "3", "--checkpoint-dir", "/c", "--resume");
  }

  @Test
  void commandsAreQuotedForTheShell() {
    assertThat(Commands.quoted(List.of("a", "b c", "local[2]", "it's", "", "k=v,w:1")))
        .isEqualTo("a 'b c' 'local[2]' 'it'\\''s' '' k=v,w:1");
    assertThatThrownBy(() -> Commands.find("no-such-program", "a test needs it", "skip the test"))
        .hasMessage(
            "a test needs it; found no no-such-program on the PATH; install it, or skip the test");
  }

  @Test
  void theCauseIsTheLastLineOfTheDriver() throws IOException {
    Path log = directory.resolve("driver.log");
    Files.write(log, new byte[] {'x', (byte) 0xff, '\n'});
    Files.writeString(
        log,
        "INFO bellows: not this\nbellows: first\nbellows: last\nat a.b\n",
        java.nio.file.StandardOpenOption.APPEND);
    assertThat(LogFiles.lastStarting(log, "bellows: ")).contains("bellows: last");
    assertThat(LogFiles.firstStarting(log, "bellows: ")).contains("bellows: first");
    assertThat(LogFiles.lastStarting(directory.resolve("none"), "x")).isEmpty();
  }
}
