package dev.bellows.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that was started here, known again later by its pid and the time at which it started: a
 * pid alone may belong to another process by then.
 *
 * @param role what it is, for people: {@code master}, {@code worker-1}, {@code driver}
 * @param startMs start, in ms since 1970, as the system tells it
 */
record ProcessRecord(String role, long pid, long startMs, Path log) {
  // The start is derived from the boot time, which moves a little when the clock is corrected.
  private static final long START_TOLERANCE_MS = 2_000;

  static ProcessRecord of(String role, ProcessHandle handle, Path log) {
    long start = handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return new ProcessRecord(role, handle.pid(), start, log);
  }

  /** The process, if it still runs. */
  Optional<ProcessHandle> handle() {
    return ProcessHandle.of(pid).filter(ProcessRecord::runs).filter(this::isSame);
  }

  boolean alive() {
    return handle().isPresent();
  }

  private boolean isSame(ProcessHandle other) {
    return other
        .info()
        .startInstant()
        .map(start -> Math.abs(start.toEpochMilli() - startMs) <= START_TOLERANCE_MS)
        .orElse(false);
  }

  /** True unless it ended; a zombie, which nobody may ever collect in a container, has ended. */
  static boolean runs(ProcessHandle handle) {
    return handle.isAlive() && !isZombie(handle.pid());
  }

  private static boolean isZombie(long pid) {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    if (!Files.exists(stat)) {
      return false; // no /proc here: isAlive is all there is
    }
    try {
      // pid (name) state …; the name may hold anything, also ") Z"
      String line = new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1);
      int name = line.lastIndexOf(')');
      return name >= 0 && name + 2 < line.length() && line.charAt(name + 2) == 'Z';
    } catch (IOException e) {
      return true; // gone between the two calls
    }
  }
}
