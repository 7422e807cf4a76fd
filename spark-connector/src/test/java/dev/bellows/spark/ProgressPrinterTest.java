package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ProgressPrinterTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private ProgressPrinter printer(boolean terminal) {
    return new ProgressPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static Progress at(long step) {
    return new Progress(
        step, 40, 1 + (step - 1) / 20, 2, 0.5, 1234.4, 0.25, 0.1, 61, step % 20 == 0);
  }

  @Test
  void plainLinesAreFew() {
    var printer = printer(false);
    for (long step = 1; step <= 40; step++) {
      printer.step(at(step));
    }
    printer.evaluated(40, 0.875);
    assertThat(printed())
        .isEqualTo(
            """
            epoch 1/2  step 1/40  loss 0.5000  1234 samples/s  all-reduce 25%  eta 1m01s
            epoch 1/2  step 20/40  loss 0.5000  1234 samples/s  all-reduce 25%  eta 1m01s
            epoch 2/2  step 40/40  loss 0.5000  1234 samples/s  all-reduce 25%  eta 1m01s
            step 40  evaluation 0.8750
            """);
  }

  @Test
  void aTerminalShowsOneLine() {
    var printer = printer(true);
    printer.step(at(20));
    printer.message("short");
    printer.step(at(40));
    var lines = printed().split("\n", -1);
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).startsWith("\repoch 1/2  step 20/40").matches("(?s).*\rshort +");
    assertThat(lines[1]).startsWith("\repoch 2/2  step 40/40");
    assertThat(lines[2]).isEmpty();
  }

  @Test
  void theLineEndsWithTheJob() {
    var printer = printer(true);
    printer.step(at(20));
    printer.ended();
    printer.ended();
    assertThat(printed()).matches("\repoch 1/2  step 20/40 [^\n]*\n");
  }

  @Test
  void aLineFitsTheTerminal() {
    new ProgressPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8), true, 20)
        .step(at(20));
    assertThat(printed()).isEqualTo("\repoch 1/2  step 20/");
  }
}
