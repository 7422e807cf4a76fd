package dev.bellows.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OpsSideBySideTest {
  @Test
  void casesHaveNamesOfTheirOwn() {
    assertThat(OpCases.all().stream().map(OpCase::name))
        .hasSizeGreaterThanOrEqualTo(100)
        .doesNotHaveDuplicates();
  }

  /** Runs two small cases, whose results it compares, or says what to install. */
  @Test
  void comparesBothSidesAtTheirBest() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dcore=0",
                "-Dseconds=0.02",
                "-cp",
                System.getProperty("java.class.path"),
                OpsSideBySide.class.getName(),
                "--only",
                "^(add|sum) 4K$")
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!Files.exists(Side.TCMALLOC)) {
      assertThat(text).contains("install libtcmalloc-minimal4");
      return;
    }
    assertThat(process.waitFor()).as(text).isZero();
    List<String> lines = text.lines().filter(line -> line.contains("\t")).toList();
    assertThat(lines).anyMatch(line -> line.matches("pointwise\tadd 4K(\t[0-9.]+){3}"));
    assertThat(lines.get(lines.size() - 1)).matches("all\t2\t[0-9.]+");
  }
}
