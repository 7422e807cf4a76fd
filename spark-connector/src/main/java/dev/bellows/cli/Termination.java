package dev.bellows.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Ends processes and all their descendants: sends SIGTERM in the given order, so that each can
 * clean up, and after a while SIGKILL to those that remain.
 */
final class Termination {
  private final Duration grace;
  private final Duration forced;

  private final Consumer<String> progress;

  Termination() {
    this(line -> {});
  }

  /**
   * Creates a termination with the default limits; {@code progress} receives a message if it takes
   * long.
   */
  Termination(Consumer<String> progress) {
    this(Duration.ofSeconds(10), Duration.ofSeconds(5), progress);
  }

  Termination(Duration grace, Duration forced) {
    this(grace, forced, line -> {});
  }

  private Termination(Duration grace, Duration forced, Consumer<String> progress) {
    this.grace = grace;
    this.forced = forced;
    this.progress = progress;
  }

  /** Ends all processes. Returns the pids of those that remain. */
  List<Long> end(List<ProcessRecord> records) {
    Set<ProcessHandle> all = new LinkedHashSet<>();
    for (ProcessRecord record : records) {
      record.handle().ifPresent(handle -> collect(handle, all));
    }
    all.forEach(ProcessHandle::destroy);
    Waiting.until(grace, all.size() + " processes to end", progress, () -> gone(all));
    for (ProcessHandle handle : List.copyOf(all)) {
      if (ProcessRecord.runs(handle)) {
        collect(handle, all); // processes that it started meanwhile
      }
    }
    all.stream().filter(ProcessRecord::runs).forEach(ProcessHandle::destroyForcibly);
    Waiting.until(forced, () -> gone(all));
    List<Long> left = new ArrayList<>();
    all.stream().filter(ProcessRecord::runs).forEach(handle -> left.add(handle.pid()));
    return left;
  }

  private static void collect(ProcessHandle handle, Set<ProcessHandle> into) {
    into.add(handle);
    handle.descendants().forEach(into::add);
  }

  private static boolean gone(Set<ProcessHandle> handles) {
    return handles.stream().noneMatch(ProcessRecord::runs);
  }
}
