package dev.bellows.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that was started here, identified by its pid and start time, as the pid alone may be
 * reused.
 *
 * @param role its role in messages: {@code master}, {@code worker-1}, {@code driver}
 * @param start start time: in clock ticks since boot if there is {@code /proc}, as those do not
 *     change when the clock is set, else in ms since 1970
 */
record ProcessRecord(String role, long pid, long start, Path log) {
  // Field positions after the name, from 0.
  private static final int STATE = 0;
  private static final int START_TIME = 19;

  static ProcessRecord of(String role, ProcessHandle handle, Path log) {
    return new ProcessRecord(role, handle.pid(), start(handle).orElse(0L), log);
  }

  /** Returns the process if it is still running. */
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

  /**
   * Returns whether a process is running; a zombie, which may never be reaped in a container, is
   * not.
   */
  static boolean runs(ProcessHandle handle) {
    return handle.isAlive() && !isZombie(handle.pid());
  }

  private static boolean isZombie(long pid) {
    if (!Files.exists(stat(pid))) {
      return false; // without /proc, isAlive is all the information available
    }
    return fields(pid).map(fields -> fields[STATE].equals("Z")).orElse(true);
  }

  private static Path stat(long pid) {
    return Path.of("/proc", Long.toString(pid), "stat");
  }

  /** Returns the fields of {@code /proc/PID/stat} after the name; empty if the process is gone. */
  private static Optional<String[]> fields(long pid) {
    try {
      // The line is: pid (name) state …; the name may contain any characters, even ") Z".
      String line = new String(Files.readAllBytes(stat(pid)), StandardCharsets.ISO_8859_1);
      return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
