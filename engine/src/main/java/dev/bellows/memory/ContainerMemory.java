package dev.bellows.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that a Linux container leaves a process: the smallest limit of its control group and
 * of all groups above, of version 1 and 2. The JVM's own look at it leaves out the groups above.
 */
final class ContainerMemory {
  /** What {@link #limitBytes} answers where nothing limits the process. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private static final List<String> FILES =
      List.of("memory.max", "memory.high", "memory.limit_in_bytes");

  private final Path root;

  /** Reads the files of a system whose root directory is {@code root}. */
  ContainerMemory(Path root) {
    this.root = root;
  }

  static ContainerMemory ofProcess() {
    return new ContainerMemory(Path.of("/"));
  }

  /** The limit in bytes; {@link #UNLIMITED} where there is none, or none can be read. */
  long limitBytes() {
    long limit = UNLIMITED;
    List<String> mounts = lines("proc/self/mountinfo");
    for (String line : lines("proc/self/cgroup")) {
      String[] group = line.split(":", 3); // number:controllers:path
      if (group.length == 3 && (group[1].isEmpty() || holdsMemory(group[1]))) {
        for (String mount : mounts) {
          limit = Math.min(limit, limitIn(mount, group[1].isEmpty(), group[2]));
        }
      }
    }
    return limit;
  }

  /** A line of mountinfo: 35 31 0:32 /root /mount/point rw - type source options. */
  private long limitIn(String mount, boolean unified, String group) {
    String[] halves = mount.split(" - ", 2);
    String[] left = halves[0].split(" ");
    String[] right = halves.length < 2 ? new String[0] : halves[1].split(" ");
    if (left.length < 5 || right.length < 3) {
      return UNLIMITED;
    }
    boolean fits =
        unified ? right[0].equals("cgroup2") : right[0].equals("cgroup") && holdsMemory(right[2]);
    return fits ? smallestAbove(left[3], left[4], group) : UNLIMITED;
  }

  private static boolean holdsMemory(String controllers) {
    return List.of(controllers.split(",")).contains("memory");
  }

  private long smallestAbove(String mountRoot, String mountPoint, String group) {
    Path top = under(mountPoint);
    // A path that is not below what is mounted is one of the host's: the container's own is on top.
    Path below = Path.of(mountRoot).normalize();
    Path own = Path.of(group).normalize();
    Path at = own.startsWith(below) ? top.resolve(below.relativize(own).toString()) : top;
    if (!Files.isDirectory(at)) {
      at = top;
    }
    long limit = UNLIMITED;
    for (; at != null && at.startsWith(top); at = at.getParent()) {
      for (String file : FILES) {
        limit = Math.min(limit, number(at.resolve(file)));
      }
    }
    return limit;
  }

  private Path under(String absolute) {
    return root.resolve(absolute.replace("\\040", " ").substring(1));
  }

  private static long number(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.matches("[1-9][0-9]{0,18}") ? Long.parseLong(text) : UNLIMITED;
    } catch (IOException | NumberFormatException e) {
      return UNLIMITED; // not there, or "max"
    }
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(root.resolve(file));
    } catch (IOException e) {
      return new ArrayList<>(); // not Linux
    }
  }
}
