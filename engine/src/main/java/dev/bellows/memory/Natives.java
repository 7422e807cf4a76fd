package dev.bellows.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads JavaCPP, which provides native memory and oneDNN. It unpacks its libraries to a directory
 * that must be writable and allow execution: the first such directory of {@code
 * -Dorg.bytedeco.javacpp.cachedir}, {@code ~/.javacpp/cache}, and one below {@code java.io.tmpdir}.
 */
public final class Natives {
  private static final Logger LOG = LoggerFactory.getLogger(Natives.class);
  private static final String CACHE = "org.bytedeco.javacpp.cachedir";
  private static final long UNPACKED_BYTES = 128L << 20;

  private static volatile boolean loaded;
  private static IllegalStateException failure;
  private static String tried = "";

  private Natives() {}

  /**
   * Loads JavaCPP; later calls do nothing, or fail as the first did.
   *
   * @throws IllegalStateException naming the directories that were tried and the problem with each
   */
  public static void load() {
    if (!loaded) {
      loadOnce();
    }
  }

  private static synchronized void loadOnce() {
    if (loaded) {
      return;
    }
    if (failure == null) {
      try {
        // JavaCPP fails allocations once the process is larger than a few Java heaps, a size that
        // off-heap tensors soon exceed; our pool has its own limit. The property is read when
        // JavaCPP is first loaded.
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
          System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
        chooseCache();
        Loader.load(Pointer.class);
        Pointer.free(Pointer.malloc(1)); // the loader may swallow failures until this call
        loaded = true;
        return;
      } catch (LinkageError | RuntimeException e) {
        failure = new IllegalStateException("natives: JavaCPP's library must load; " + why(e), e);
      }
    }
    throw new IllegalStateException(failure.getMessage(), failure.getCause());
  }

  /** Describes a load failure, its place and its remedy, for messages about any library. */
  public static String why(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.toString().lines().findFirst().orElse("")
        + ". Libraries are unpacked to -D"
        + CACHE
        + ", which must be writable, with "
        + (UNPACKED_BYTES >> 20)
        + " MiB free, and not mounted noexec; tried "
        + tried
        + ". The jars of javacpp, dnnl and opencl for this platform ("
        + System.getProperty("os.name")
        + ", "
        + System.getProperty("os.arch")
        + ") must be on the class path.";
  }

  /** Points JavaCPP, which only checks that a directory exists, to the first usable directory. */
  private static void chooseCache() {
    List<String> problems = new ArrayList<>();
    for (String name : candidates()) {
      String problem = problemOf(name);
      if (problem == null) {
        if (!problems.isEmpty()) {
          Warnings.warn(
              LOG, "natives: unpacking libraries to {}, as {}", name, String.join("; ", problems));
        }
        System.setProperty(CACHE, name);
        problems.add(name + " (serves)");
        tried = String.join("; ", problems);
        return;
      }
      problems.add(name + " " + problem);
    }
    tried = String.join("; ", problems);
  }

  private static Set<String> candidates() {
    Set<String> names = new LinkedHashSet<>();
    for (String property : List.of(CACHE, "org.bytedeco.javacpp.cacheDir")) {
      String set = System.getProperty(property);
      if (set != null && !set.isEmpty()) {
        names.add(set);
      }
    }
    names.add(System.getProperty("user.home") + "/.javacpp/cache");
    names.add(
        System.getProperty("java.io.tmpdir")
            + "/.javacpp-"
            + System.getProperty("user.name")
            + "/cache");
    return names;
  }

  /** Returns why libraries cannot be unpacked to a directory and run there, or null if they can. */
  static String problemOf(String name) {
    try {
      Path directory = Files.createDirectories(Path.of(name)).toRealPath();
      Path probe = Files.createTempFile(directory, "bellows", ".tmp");
      try {
        Files.write(probe, new byte[1]);
      } finally {
        Files.delete(probe);
      }
      if (isNoExec(directory)) {
        return "is mounted noexec";
      }
      long free = Files.getFileStore(directory).getUsableSpace();
      return free < UNPACKED_BYTES && !isFilled(directory)
          ? "has only " + (free >> 20) + " MiB free"
          : null;
    } catch (IOException | RuntimeException e) {
      return "cannot be written (" + e + ")";
    }
  }

  private static boolean isFilled(Path directory) throws IOException {
    try (Stream<Path> jars = Files.list(directory)) {
      return jars.anyMatch(jar -> jar.getFileName().toString().startsWith("dnnl-"));
    }
  }

  /** Returns whether the innermost mount of a directory forbids execution; false if unknown. */
  private static boolean isNoExec(Path directory) {
    int longest = -1;
    boolean noExec = false;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
        String[] fields = line.split(" "); // id parent device root mount-point options …
        Path point = Path.of(fields[4].replace("\\040", " "));
        if (directory.startsWith(point) && point.getNameCount() >= longest) {
          longest = point.getNameCount();
          noExec = List.of(fields[5].split(",")).contains("noexec");
        }
      }
    } catch (IOException e) {
      return false; // not Linux
    }
    return noExec;
  }

  /** Allocates memory; returns null if the system has none left. */
  static Pointer malloc(long bytes) {
    load();
    return Pointer.malloc(bytes);
  }

  static void free(long address) {
    Pointer.free(new Raw(address, 0));
  }

  /** Makes malloc return its retained free memory to the system. */
  static void trim() {
    load();
    Pointer.trimMemory();
  }

  /**
   * Returns a direct buffer over memory that the caller keeps alive, or null if it would be too
   * large.
   */
  static ByteBuffer view(long address, long size) {
    return size > Integer.MAX_VALUE
        ? null
        : new Raw(address, size).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** A JavaCPP pointer to an address that it does not own. */
  private static final class Raw extends BytePointer {
    Raw(long address, long capacity) {
      this.address = address;
      this.limit = capacity;
      this.capacity = capacity;
    }
  }
}
