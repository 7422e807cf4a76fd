package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.tensor.Tensor;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests where warnings appear: in separate processes, with a logger and without. */
@Timeout(180)
class WarningsTest {
  private static final String NON_LEAF =
      "bellows: warning: The .grad() of a Tensor that is not a leaf Tensor is being accessed.";
  private static final String NO_VECTORS = "bellows: warning: backend: cpu: no vector loops";

  @TempDir private Path folder;

  /** The program that the processes run. */
  public static final class Program {
    private Program() {}

    /** Reads the gradient of two results. */
    public static void main(String[] args) {
      Tensor x = Tensor.ones(2).setRequiresGrad(true);
      for (int i = 0; i < 2; i++) {
        if (x.mul(2).grad() != null) {
          throw new IllegalStateException("a gradient of no leaf");
        }
      }
    }
  }

  private String errors(boolean logger, String... options) throws Exception {
    String path =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> logger || !entry.contains("slf4j2-impl"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", path, Program.class.getName()));
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectError(errors.toFile())
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(errors, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  @Test
  void areOnTheConsoleOnceWhereThereIsNoLogger() throws Exception {
    String said = errors(false);
    assertThat(said).containsOnlyOnce(NON_LEAF).containsOnlyOnce(NO_VECTORS);
    assertThat(said).contains("(start Java with --add-modules jdk.incubator.vector)");
  }

  @Test
  void areTheLoggersWhereThereIsOne() throws Exception {
    assertThat(errors(true)).doesNotContain("bellows: warning");
  }

  @Test
  void doNotSayWhatIsNotSo() throws Exception {
    assertThat(errors(false, "--add-modules=jdk.incubator.vector")).doesNotContain(NO_VECTORS);
    assertThat(errors(false, "-Dslf4j.internal.verbosity=ERROR")).startsWith("bellows: warning: ");
  }
}
