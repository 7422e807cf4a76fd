package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class NativesTest {
  private static final String CACHED =
      System.getProperty(
          "org.bytedeco.javacpp.cachedir", System.getProperty("user.home") + "/.javacpp/cache");

  @TempDir Path folder;

  private List<String> run(String... options) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of("-Xmx128m", "-Dbellows.memory.limitBytes=64m", "-Dlog4j2.level=info"));
    all.addAll(List.of(options));
    ChildJvm.Result result = ChildJvm.run(FirstNativeCall.class, all);
    assertThat(result.exit()).as(result.output()).isZero();
    return result.output().lines().toList();
  }

  private String file() throws Exception {
    return Files.writeString(folder.resolve("file"), "no directory").toString();
  }

  @Test
  void everyCallNamesTheDirectoriesThatCannotBeUsed() throws Exception {
    String file = file();
    List<String> lines =
        run(
            "-Djava.io.tmpdir=" + file,
            "-Duser.home=/proc/none",
            "-Dorg.bytedeco.javacpp.cachedir=" + file + "/sub");
    for (int i = 0; i < 5; i++) {
      int call = i;
      String line = lines.stream().filter(l -> l.startsWith(call + " ")).findFirst().orElseThrow();
      assertThat(line)
          .startsWith(
              i + " java.lang.IllegalStateException: natives: JavaCPP's library must load; ")
          .contains("Libraries are unpacked to -Dorg.bytedeco.javacpp.cachedir, which must be ")
          .contains("tried " + file + "/sub cannot be written (")
          .contains("; /proc/none/.javacpp/cache cannot be written (")
          .contains("; " + file + "/.javacpp-")
          .doesNotContain("(serves)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cachedir", "home", "missing"})
  void anotherDirectoryServesWithALine(String unusable) throws Exception {
    String file = file();
    List<String> options = new ArrayList<>();
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    switch (unusable) {
      case "cachedir" -> options.add("-Dorg.bytedeco.javacpp.cachedir=" + file);
      case "home" -> options.add("-Duser.home=" + file);
      default -> options.add("-Duser.home=/proc/none");
    }
    options.add("-Djava.io.tmpdir=" + temporary);
    List<String> lines = run(options.toArray(new String[0]));
    assertThat(lines).contains("0 works", "1 works", "2 works", "3 works", "4 works");
    assertThat(String.join("\n", lines))
        .containsPattern("natives: unpacking libraries to .*, as .* cannot be written \\(");
  }

  @Test
  void aDirectoryThatServesSaysNothing() throws Exception {
    List<String> lines = run("-Dorg.bytedeco.javacpp.cachedir=" + CACHED);
    assertThat(lines).contains("4 works");
    assertThat(String.join("\n", lines)).doesNotContain("natives:");
  }

  @Test
  void directoriesAreLookedAtForWhatLoadingNeeds() throws Exception {
    assertThat(Natives.problemOf(folder.resolve("new/deep").toString())).isNull();
    assertThat(Natives.problemOf(file())).startsWith("cannot be written (");
    assertThat(Natives.problemOf("/proc")).startsWith("cannot be written (");
    assertThat(Natives.problemOf("\0")).startsWith("cannot be written (");
  }

  @Test
  void jarsWithoutThisPlatformAreNamed() throws Exception {
    List<String> lines = run("-Dorg.bytedeco.javacpp.platform=windows-arm64");
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("0 java.lang.IllegalStateException: natives: ")
                    .contains("The jars of javacpp, dnnl and opencl for this platform")
                    .contains("(serves)"));
  }
}
