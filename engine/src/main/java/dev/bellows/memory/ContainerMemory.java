package dev.bellows.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Determines the memory limit of a Linux container: the smallest limit of the process's control
 * group and all its ancestors, for cgroup versions 1 and 2. The JVM's own detection ignores the
 * ancestors.
 */
final class ContainerMemory {
  /** Value that {@link #limitBytes} returns if no limit applies. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private static final List<String> FILES =
      List.of("memory.max", "memory.high", "memory.limit_in_bytes");

  private final Path root;

  /** Reads the control group files below {@code root}, the root directory of the file system. */
  ContainerMemory(Path root) {
    this.root = root;
  }

  static ContainerMemory ofProcess() {
    return new ContainerMemory(Path.of("/"));
  }

  /** Returns the limit in bytes, or {@link #UNLIMITED} if there is none or none can be read. */
  long limitBytes() {
    long limit = UNLIMITED;
    List<String> mounts = lines("proc/self/mountinfo");
    for (String line : lines("proc/self/cgroup")) {
      String[] group = line.split(":", 3); // hierarchy-id:controllers:path
      if (group.length == 3 && (group[1].isEmpty() || holdsMemory(group[1]))) {
        for (String mount : mounts) {
          limit = Math.min(limit, limitIn(mount, group[1].isEmpty(), group[2]));
        }
      }
    }
    return limit;
  }

  /**
   * Returns the limit that applies through one mount. A mountinfo line reads: 35 31 0:32 /root
   * /mount/point rw - type source options.
   */
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
    // A path outside the mounted root is a host path: the container's own group is the mounted
    // root.
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
      return UNLIMITED; // file is absent or holds "max"
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
