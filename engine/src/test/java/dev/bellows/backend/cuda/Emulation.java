package dev.bellows.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The native side of the emulated device, built when first used with the machine's C++ compiler:
 * {@code emulator.cpp} runs kernels that were compiled behind {@code emulated.h}. Methods that
 * return a string return what went wrong, or null.
 */
final class Emulation {
  private static final Path KEPT = Path.of("target", "emulated-kernels");
  private static final String COMPILER = System.getProperty("bellows.test.cxx", "g++");
  private static final String MISSING = load();

  private Emulation() {}

  /** Why there is no emulation on this machine, or null. */
  static String missing() {
    return MISSING;
  }

  static synchronized native long open(long bytes);

  static synchronized native void own(long at, long bytes);

  static synchronized native void disown(long at, long bytes);

  static synchronized native String touch(long at, long bytes, boolean write);

  static synchronized native String copyIn(long to, long host, long bytes);

  static synchronized native String copyOut(long host, long from, long bytes);

  static synchronized native String copyWithin(long to, long from, long bytes);

  static synchronized native String set(long to, int value, long bytes);

  static synchronized native long load(String path);

  static synchronized native long symbol(long module, String name);

  static synchronized native String launch(
      String name, long function, int gridX, int gridY, int blockX, long params, long seed);

  /** The text that kernels are compiled behind. */
  static String platform() {
    return resource("emulator.h") + resource("emulated.h");
  }

  /**
   * Compiles kernels to a shared library, and gives its bytes; those that a JVM of this build has
   * compiled before are taken from the build folder.
   */
  static byte[] compile(String name, String source, List<String> options) {
    List<String> command = new ArrayList<>(List.of(COMPILER, "-std=c++17", "-O1", "-fPIC"));
    command.addAll(
        List.of("-shared", "-fvisibility=hidden", "-ffp-contract=off", "-fno-strict-aliasing"));
    command.add("-w");
    command.addAll(options);
    try {
      Path kept = Files.createDirectories(KEPT).resolve(digest(command + source) + ".so");
      if (!Files.exists(kept)) {
        Path folder = Files.createTempDirectory(KEPT, "compile");
        Path in = folder.resolve("kernels.cpp");
        Path out = folder.resolve("kernels.so");
        try {
          Files.writeString(in, source);
          command.addAll(List.of("-o", out.toString(), in.toString()));
          String output = run(command);
          if (!Files.exists(out)) {
            throw new CudaException("compile " + name + " " + options + ":\n" + output);
          }
          Files.move(out, kept, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(in);
          Files.deleteIfExists(out);
          Files.deleteIfExists(folder);
        }
      }
      return Files.readAllBytes(kept);
    } catch (IOException e) {
      throw new CudaException("compile " + name, e);
    }
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new CudaException("compile: " + e.getMessage(), e);
    }
  }

  private static String load() {
    try {
      Path java = Path.of(System.getProperty("java.home"), "include");
      if (!Files.exists(java.resolve("jni.h"))) {
        return "no " + java.resolve("jni.h");
      }
      Path folder = Files.createTempDirectory("bellows-emulator");
      Path library = folder.resolve("libemulator.so");
      Files.writeString(folder.resolve("emulator.h"), resource("emulator.h"));
      Files.writeString(folder.resolve("emulator.cpp"), resource("emulator.cpp"));
      String output =
          run(
              List.of(
                  COMPILER,
                  "-std=c++17",
                  "-O2",
                  "-fPIC",
                  "-shared",
                  "-fvisibility=hidden",
                  "-I" + java,
                  "-I" + java.resolve("linux"),
                  "-o",
                  library.toString(),
                  folder.resolve("emulator.cpp").toString(),
                  "-ldl"));
      if (!Files.exists(library)) {
        throw new CudaException("the emulator does not compile:\n" + output);
      }
      System.load(library.toString());
      for (String name : List.of("emulator.h", "emulator.cpp", "libemulator.so", ".")) {
        Files.deleteIfExists(folder.resolve(name).normalize());
      }
      return null;
    } catch (IOException e) {
      return "no C++ compiler " + COMPILER + " (" + e.getMessage() + ")";
    }
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new CudaException(command.get(0) + " did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CudaException(command.get(0) + " was interrupted", e);
    }
    return output;
  }

  private static String resource(String name) {
    try (InputStream in = Emulation.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
