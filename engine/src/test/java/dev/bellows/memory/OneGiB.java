package dev.bellows.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A container of 1 GiB for a JVM with a heap of 64 MiB: a new control group if this process may
 * create one, otherwise the limit that the budget gives for such a container.
 */
public final class OneGiB implements AutoCloseable {
  private static final long BYTES = 1L << 30;
  private static final String HEAP = "-Xmx64m";

  private final Path group;

  private OneGiB(Path group) {
    this.group = group;
  }

  /** Makes the group, if that is possible. */
  public static OneGiB open() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts[1].equals("memory")) {
        Path above = Path.of("/sys/fs/cgroup/memory" + parts[2]);
        if (Files.isWritable(above)) {
          Path made = Files.createTempDirectory(above, "bellows-test");
          Files.writeString(made.resolve("memory.limit_in_bytes"), Long.toString(BYTES));
          return new OneGiB(made);
        }
      }
    }
    return new OneGiB(null);
  }

  /** Returns the prefix of the JVM's command that moves it into the group. */
  public List<String> command() {
    return group == null
        ? List.of()
        : List.of(
            "/bin/sh",
            "-c",
            "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"",
            "sh");
  }

  /** Options of the JVM. */
  public List<String> options() {
    List<String> options = new ArrayList<>(List.of(HEAP));
    if (group == null) {
      MemoryBudget budget =
          MemoryBudget.of(
              MemoryBudget.Share.ofHost(64 * BYTES, BYTES), MemoryBudgetTest.needs(64L << 20));
      options.add("-Dbellows.memory.limitBytes=" + budget.limitBytes());
    }
    return options;
  }

  @Override
  public void close() throws IOException {
    for (int i = 0; group != null && !group.toFile().delete() && i < 1000; i++) {
      LockSupport.parkNanos(10_000_000); // the process that ended may still be in it
    }
  }
}
