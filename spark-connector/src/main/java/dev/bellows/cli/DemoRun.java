package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One run of the demo: Spark home, cluster, training, stop.
 *
 * <p>Every process that it starts is recorded in the state of its directory, so that a single stop
 * ends all of them: at the normal end, in the shutdown hook after a signal, or by the {@link
 * Guard}.
 */
final class DemoRun {
  private static final int KEPT_RUNS = 10;
  private static final int TERMINATED = 143; // exit code after SIGTERM
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Installation layout;
  private final DemoSettings settings;
  private final PrintWriter progress;
  private final Path runs;
  private final LocalCluster cluster;
  private final Path log;
  private volatile boolean signalled;

  DemoRun(Installation layout, DemoSettings settings, PrintWriter progress) {
    this.layout = layout;
    this.settings = settings;
    this.progress = progress;
    this.runs = layout.state().resolve("demo").toAbsolutePath();
    String name = STAMP.format(LocalDateTime.now()) + "-" + ProcessHandle.current().pid();
    this.cluster = new LocalCluster(runs.resolve(name), this::say);
    this.log = cluster.directory().resolve("driver.log");
  }

  /** Runs the demo and returns the exit code. */
  int run() {
    Thread hook = new Thread(this::stopAfterSignal, "demo-stop");
    try {
      Files.createDirectories(cluster.directory());
      prune();
      Runtime.getRuntime().addShutdownHook(hook);
      try (Guard guard = Guard.of(cluster.directory())) {
        assert guard != null;
        return steps();
      }
    } catch (IOException e) {
      throw new CliException(message("demo: cannot write to %s: %s", cluster.directory(), e), e);
    } finally {
      ShutdownHooks.remove(hook);
    }
  }

  private int steps() {
    String step = "Spark home";
    try {
      SparkHome home = SparkHome.find(layout, System.getenv(), this::say);
      say("[1/4] Spark home: " + Installation.shown(home.directory()) + " (" + home.origin() + ")");
      step = "cluster";
      ClusterState state = startCluster(home);
      step = "training";
      return train(home, state);
    } catch (CliException e) {
      return failed(step, e.exitCode(), e.seeLog(), e.getMessage());
    } finally {
      stopCluster();
    }
  }

  private int failed(String step, int code, String seeLog, String cause) {
    if (!signalled && code != CliException.INTERRUPTED && code != TERMINATED) {
      say("demo: " + step + " failed (exit code " + code + ")" + seeLog);
      if (!cause.isEmpty()) {
        say("  " + cause);
      }
    }
    return code;
  }

  private void stopCluster() {
    long start = System.nanoTime();
    int stopped = cluster.stop();
    if (stopped > 0) {
      say("[4/4] cluster: stopped (" + Waiting.seconds(start) + ")");
    }
  }

  private ClusterState startCluster(SparkHome home) {
    if (settings.master() != null) {
      say("[2/4] cluster: " + settings.master() + " (given)");
      return new ClusterState(settings.master(), "-", 0, List.of());
    }
    long start = System.nanoTime();
    ClusterState state = cluster.start(new ClusterSpec(settings.executors(), 1, "1g"), home);
    say(
        "[2/4] cluster: "
            + state.master()
            + ", "
            + state.workers()
            + (state.workers() == 1 ? " worker, " : " workers, ")
            + state.ui()
            + " ("
            + Waiting.seconds(start)
            + ")");
    return state;
  }

  private int train(SparkHome home, ClusterState state) {
    long start = System.nanoTime();
    say(
        message(
            "[3/4] training: checkpoints in %s, log %s",
            settings.checkpointDir(), Installation.shown(log)));
    List<String> arguments =
        settings.submitArguments(state.master(), layout.examplesJar().toString());
    int code =
        new Submission(home, layout, arguments)
            .run(log, driver -> state.with(driver).write(cluster.directory()));
    if (code != 0) {
      return failed("training", code, "; see " + Installation.shown(log), cause());
    }
    say("[3/4] training: done (" + Waiting.seconds(start) + ")");
    return code;
  }

  /** Returns the last error of the driver, or else of Java or spark-submit. */
  private String cause() {
    return LogFiles.lastStarting(log, "bellows: ")
        .or(() -> LogFiles.lastStarting(log, "Exception in thread \"main\""))
        .or(() -> LogFiles.lastStarting(log, "Error: "))
        .orElse("");
  }

  private void stopAfterSignal() {
    signalled = true;
    say("demo: interrupted, stopping");
    cluster.close();
  }

  /** Removes the oldest runs. A run that still has a state was not stopped, and is kept. */
  private void prune() throws IOException {
    try (Stream<Path> all = Files.list(runs)) {
      List<Path> sorted = all.filter(Files::isDirectory).sorted().toList();
      for (Path old : sorted.subList(0, Math.max(0, sorted.size() - KEPT_RUNS))) {
        if (ClusterState.read(old).isEmpty()) {
          FileTrees.delete(old);
        }
      }
    }
  }

  private void say(String line) {
    progress.println(line);
    progress.flush();
  }
}
