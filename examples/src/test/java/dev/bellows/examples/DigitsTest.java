package dev.bellows.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DigitsTest {
  @TempDir private Path directory;

  private static CapturedRun run(String... arguments) {
    var options = new Options("digits", Launcher.options(Map.of()));
    return CapturedRun.of("digits", options, Digits::train, arguments);
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
