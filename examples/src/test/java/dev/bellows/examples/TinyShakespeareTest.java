package dev.bellows.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TinyShakespeareTest {
  @TempDir private Path directory;

  private static CapturedRun run(String... arguments) {
    return CapturedRun.of(
        TinyShakespeare.NAME, TinyShakespeare.options(), TinyShakespeare::train, arguments);
  }

  @Test
  void learnsAVerse() throws IOException {
    var verse = "To be, or not to be, that is the question:\n";
    var file = directory.resolve("verse.txt");
    Files.writeString(file, verse.repeat(80));
    var run =
        run(
            "--data",
            file.toString(),
            "--quick",
            "--epochs",
            "4",
            "--executors",
            "1",
            "--global-batch",
            "16",
            "--sample",
            "20");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("\n[a-zA-Z,:\\s-]{20}\ntrained ");
    var loss = run.out().lines().filter(l -> l.startsWith("validation=")).findFirst().orElse("");
    assertThat(Double.parseDouble(loss.substring("validation=".length()))).isLessThan(2.4);
  }

  @Test
  void theTextMustBeAFile() {
    assertThatThrownBy(() -> TinyShakespeare.train(null, TinyShakespeare.options()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tiny-shakespeare: --data must name the file of the text; got none");
    var none = directory.resolve("none").toString();
    assertThatThrownBy(
            () -> TinyShakespeare.train(null, TinyShakespeare.options().parse("--data", none)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tiny-shakespeare: --data must name the file of the text; java.");
  }
}
