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
 * @param start when it started: in clock ticks since boot where there is {@code /proc}, which
 *     setting the clock does not change, else in ms since 1970
 */
record ProcessRecord(String role, long pid, long start, Path log) {
  // Places after the name, from 0.
  private static final int STATE = 0;
  private static final int START_TIME = 19;

  static ProcessRecord of(String role, ProcessHandle handle, Path log) {
    return new ProcessRecord(role, handle.pid(), start(handle).orElse(0L), log);
  }

  /** The process, if it still runs. */
  Optional<ProcessHandle> handle() {
    return ProcessHandle.of(pid).filter(ProcessRecord::runs).filter(this::isSame);
  }

  boolean alive() {
    return handle().isPresent();
  }

  private boolean isSame(ProcessHandle other) {
    return start(other).filter(time -> time == start).isPresent();
  }

  private static Optional<Long> start(ProcessHandle handle) {
    if (!Files.exists(stat(handle.pid()))) {
      return handle.info().startInstant().map(Instant::toEpochMilli);
    }
    return fields(handle.pid()).map(fields -> Long.parseLong(fields[START_TIME]));
  }

  /** True unless it ended; a zombie, which nobody may ever collect in a container, has ended. */
  static boolean runs(ProcessHandle handle) {
    return handle.isAlive() && !isZombie(handle.pid());
  }

  private static boolean isZombie(long pid) {
    if (!Files.exists(stat(pid))) {
      return false; // no /proc here: isAlive is all there is
    }
    return fields(pid).map(fields -> fields[STATE].equals("Z")).orElse(true);
  }

  private static Path stat(long pid) {
    return Path.of("/proc", Long.toString(pid), "stat");
  }

  /** What {@code /proc} says of a process after its name; empty if it is gone by now. */
  private static Optional<String[]> fields(long pid) {
    try {
      // pid (name) state …; the name may hold anything, also ") Z"
      String line = new String(Files.readAllBytes(stat(pid)), StandardCharsets.ISO_8859_1);
      return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
