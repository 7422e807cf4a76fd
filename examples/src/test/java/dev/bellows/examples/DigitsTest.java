package dev.bellows.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DigitsTest {
  @TempDir private Path directory;

  private record Run(int code, String out, String err) {}

  private static Run run(String... arguments) {
    var out = System.out;
    var err = System.err;
    var outBytes = new ByteArrayOutputStream();
    var errBytes = new ByteArrayOutputStream();
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.driver.host", "127.0.0.1");
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    try {
      var options = new Options("digits", Launcher.options(Map.of()));
      var code = Launcher.run("digits", options, arguments, Digits::train);
      return new Run(
          code,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void learnsDigits() {
    var run = run("--executors", "2", "--checkpoint-dir", directory.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("epoch 20/20  step 460/460  loss ");
    var accuracy = run.out().lines().filter(l -> l.startsWith("accuracy=")).findFirst().orElse("");
    assertThat(Double.parseDouble(accuracy.substring("accuracy=".length()))).isGreaterThan(0.97);
    assertThat(run.out())
        .containsPattern(
            "weights\\.sha256=[0-9a-f]{64}\ncheckpoint=file:.*/step-0+460-.*\nseconds=");
    assertThat(directory.resolve("model.safetensors")).exists();
  }

  @Test
  void aWrongOptionIsOneLine() {
    var run = run("--epoch", "3");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().strip())
        .startsWith("bellows: digits: options must be of --executors, ")
        .endsWith("; got --epoch")
        .doesNotContain("\n");
  }
}
