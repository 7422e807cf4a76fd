package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the JCuda binding in a separate process, in which three libraries built from {@code
 * rehearsal.cpp} replace CUDA's: arguments must match the signatures of the real functions.
 */
@Timeout(240)
class RehearsalTest {
  @TempDir static Path folder;

  @BeforeAll
  static void build() throws Exception {
    assumeTrue(EmulatedCuda.missing() == null, () -> "no emulation: " + EmulatedCuda.missing());
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "JCuda has natives for x86-64 only");
    for (String name : List.of("emulator.h", "emulator.cpp", "rehearsal.cpp")) {
      try (InputStream in = RehearsalTest.class.getResourceAsStream(name)) {
        Files.copy(in, folder.resolve(name));
      }
    }
    Files.writeString(folder.resolve("platform"), Emulation.platform());
    Files.writeString(
        folder.resolve("libcublas.so.12.map"), "libcublas.so.12 { global: cublas*; };");
    Files.writeString(folder.resolve("libnvrtc.so.12.map"), "libnvrtc.so.12 { global: nvrtc*; };");
    compile("libcuda.so.1", "-DDRIVER");
    for (String name : List.of("libcublas.so.12", "libnvrtc.so.12")) {
      compile(
          name,
          "-Wl,--version-script," + folder.resolve(name + ".map"),
          "-L" + folder,
          "-l:libcuda.so.1");
    }
  }

  private static void compile(String library, String... options) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "include");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("g++", "-std=c++17", "-O1", "-fPIC", "-shared", "-w"));
    command.addAll(List.of("-I" + java, "-I" + java.resolve("linux")));
    command.addAll(List.of("-Wl,-soname," + library, "-o", folder.resolve(library).toString()));
    command.add(folder.resolve("rehearsal.cpp").toString());
    command.addAll(List.of(options));
    command.add("-ldl");
    assertThat(run(command, Map.of())).isEmpty();
  }

  private static String run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static String java(Map<String, String> more, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-ea", "-Djava.io.tmpdir=" + folder));
    command.add("-Dbellows.cuda.cache=" + folder.resolve("kernels"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Rehearsal.class.getName());
    Map<String, String> environment =
        new java.util.HashMap<>(
            Map.of(
                "LD_LIBRARY_PATH",
                folder + File.pathSeparator + "",
                "REHEARSAL_PLATFORM",
                folder.resolve("platform").toString(),
                "REHEARSAL_PLATFORM_BYTES",
                "" + KernelFile.resource("platform.cu").getBytes(StandardCharsets.UTF_8).length));
    environment.putAll(more);
    return run(command, environment);
  }

  @Test
  void everyCallReachesTheLibraries() throws Exception {
    assertThat(java(Map.of())).contains("found cuda: rehearsed").endsWith("all well\n");
  }

  @Test
  void saysInOneLineWhyThereIsNoDevice() throws Exception {
    assertThat(java(Map.of("REHEARSAL_NO_DEVICE", "1")))
        .contains(
            "found cuda: not usable: cuInit: must succeed; got CUDA_ERROR_NO_DEVICE (100): no"
                + " device found\n");
    assertThat(java(Map.of("LD_LIBRARY_PATH", "")))
        .contains(
            "found cuda: not usable, a library is missing: libcuda.so.1: cannot open shared object"
                + " file: No such file or directory\n");
    assertThat(java(Map.of(), "-Dbellows.cuda=off")).contains("found cuda: off (-Dbellows.cuda)\n");
  }

  @Test
  void librariesThatSomebodyElsePutThereAreNotLoaded() throws Exception {
    Path planted = Files.createDirectory(folder.resolve("planted"));
    String name = "libJCudaDriver-12.6.0-linux-x86_64.so";
    Files.writeString(planted.resolve(name), "not JCuda's");
    assertThat(java(Map.of(), "-Djava.io.tmpdir=" + planted))
        .contains(
            "found cuda: not usable: "
                + planted.resolve(name)
                + " must be this user's and what JCuda's jar holds; it is not. Remove it, or set"
                + " -Djava.io.tmpdir to a folder of your own.\n");
  }
}
