package dev.bellows.benchmarks.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of GPUs without one. */
@Timeout(120)
class GpuBenchmarkTest {
  private static List<String> run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(GpuBenchmark.class.getName());
    command.addAll(Arrays.asList(options));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said.lines().toList();
  }

  /** Small, and on the CPU; each case checks its own results. */
  @Test
  void everyCaseRuns() throws Exception {
    List<String> lines = run("--tiny", "--device", "cpu", "--seconds", "0.05", "--rounds", "3");
    assertThat(lines.get(0)).startsWith("# ");
    assertThat(lines.subList(2, lines.size()).stream().map(line -> line.split("\t", -1)[0]))
        .containsExactlyElementsOf(
            GpuCase.all(true).stream().map(each -> "gpu." + each.name()).toList());
    for (String line : lines.subList(2, lines.size())) {
      assertThat(line.split("\t", -1)).hasSize(8);
      assertThat(Double.parseDouble(line.split("\t", -1)[1])).as(line).isNotNegative();
    }
  }

  @Test
  void saysInOneLineThatThereIsNoDevice() throws Exception {
    List<String> lines = run("--device", "cuda", "--only", "no case");
    assertThat(lines.get(0)).matches("gpu benchmark: no device: cuda: .*|# cuda .*");
  }
}
