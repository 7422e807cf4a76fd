package dev.bellows.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Runs a process that this command waits for, and that must not outlive it. */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final ProcessRecord record;
  private final Thread hook;

  private ChildProcess(Process process, ProcessRecord record) {
    this.process = process;
    this.record = record;
    this.hook = new Thread(this::end, record.role() + "-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static ChildProcess start(String role, ProcessBuilder builder, Path log) throws IOException {
    Process process = builder.start();
    return new ChildProcess(process, ProcessRecord.of(role, process.toHandle(), log));
  }

  ProcessRecord record() {
    return record;
  }

  /**
   * Waits for the process without a limit: it runs the user's own work, which the user can stop.
   */
  int await() throws InterruptedException {
    return process.waitFor();
  }

  /** Waits for the process; returns empty if the limit is reached first. */
  OptionalInt await(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  private void end() {
    new Termination().end(List.of(record));
  }

  @Override
  public void close() {
    end();
    ShutdownHooks.remove(hook);
  }
}
