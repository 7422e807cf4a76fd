package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.memory.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles the kernels with CUDA's own compilers, which need no device. {@code
 * -Dkernels.compiled=all} compiles every file for all its element types on two architectures, which
 * takes minutes; otherwise one type per file, in turn, on one architecture.
 */
class KernelCompileTest {
  private static final boolean ALL = System.getProperty("kernels.compiled", "").equals("all");
  private static final List<DType> TYPES =
      ALL
          ? List.of(DType.values())
          : List.of(DType.FLOAT32, DType.BFLOAT16, DType.INT64, DType.BOOL);
  private static final List<String> ARCHITECTURES =
      ALL ? List.of("sm_80", "sm_90") : List.of("sm_90");
  private static final int AT_ONCE = 2;

  @TempDir Path folder;

  /** One file of kernels, to be compiled for an element type and an architecture. */
  private record Job(KernelFile file, DType type, String architecture) {
    String name() {
      return (file + "_" + type + "_" + architecture).toLowerCase(java.util.Locale.ROOT);
    }

    String source() {
      return file.source(KernelFile.resource("platform.cu"));
    }

    List<String> options() {
      return CudaModule.options(type);
    }
  }

  /** A way to compile. */
  private interface Compiler {
    /** Compiles a file; returns the error, or null. */
    String compile(Job job) throws IOException, InterruptedException;
  }

  private static List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    int turn = 0;
    for (String architecture : ARCHITECTURES) {
      for (KernelFile file : KernelFile.values()) {
        List<DType> served = new ArrayList<>(TYPES);
        served.add(null);
        served.removeIf(type -> !file.serves(type));
        for (DType type :
            ALL ? served : Collections.singletonList(served.get(turn++ % served.size()))) {
          jobs.add(new Job(file, type, architecture));
        }
      }
    }
    return jobs;
  }

  private static void compileAll(Compiler compiler) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    List<String> failures = Collections.synchronizedList(new ArrayList<>());
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Job job : jobs()) {
        running.add(
            threads.submit(
                () -> {
                  String failure = compiler.compile(job);
                  if (failure != null) {
                    failures.add(job.name() + ": " + failure);
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(failures).as("of %s compilations", jobs().size()).isEmpty();
  }

  @Test
  void everyFileServesSomeType() {
    for (KernelFile file : KernelFile.values()) {
      assertThat(Arrays.stream(DType.values()).anyMatch(file::serves))
          .as("%s", file)
          .isNotEqualTo(file.serves(null));
    }
  }

  @Test
  @Timeout(1800)
  void nvccCompilesEveryKernel() throws Exception {
    assumeTrue(isOnThePath("nvcc"), "no nvcc on the PATH");
    compileAll(
        job -> {
          Path source = folder.resolve(job.name() + ".cu");
          Path image = folder.resolve(job.name() + ".cubin");
          Files.writeString(source, job.source());
          List<String> command = new ArrayList<>(List.of("nvcc", "-cubin"));
          command.add("-arch=" + job.architecture());
          command.addAll(List.of("-std=c++17", "-fmad=false", "-diag-suppress", "177"));
          command.addAll(List.of("-Werror", "all-warnings"));
          command.addAll(job.options());
          command.addAll(List.of("-o", image.toString(), source.toString()));
          String said = run(command);
          boolean made = Files.exists(image) && Files.size(image) > 0;
          Files.deleteIfExists(image);
          return made ? null : said;
        });
  }

  @Test
  @Timeout(1800)
  void nvrtcCompilesEveryKernel() throws Exception {
    String missing = missingNvrtc();
    assumeTrue(missing == null, () -> "no NVRTC: " + missing);
    compileAll(
        job -> {
          try {
            byte[] image =
                Nvrtc.compile(job.name(), job.source(), job.options(), job.architecture());
            return image.length > 0 ? null : "gave nothing";
          } catch (CudaException e) {
            return e.getMessage();
          }
        });
  }

  private static String missingNvrtc() {
    try {
      Nvrtc.version();
      return null;
    } catch (LinkageError | CudaException e) {
      return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
    }
  }

  private static boolean isOnThePath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(each -> !each.isEmpty() && Files.isExecutable(Path.of(each, program)));
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return "did not end";
    }
    return output;
  }
}
