package dev.bellows.cli;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bellows demo}. */
@Command(
    name = "demo",
    description = {
      "Trains the digits example on a temporary Spark cluster, which it stops at the end.",
      "Progress goes to standard error, the output of the training to standard output.",
      "Exit code: that of the training; 1 if an earlier step failed."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  @Spec private CommandSpec spec;

  @Option(
      names = "--executors",
      paramLabel = "N",
      defaultValue = "2",
      description = "Executors, each of one core (default: ${DEFAULT-VALUE}).")
  private int executors;

  @Option(
      names = "--shards",
      paramLabel = "S",
      defaultValue = "4",
      description = {
        "Logical shards, at least as many as executors (default: ${DEFAULT-VALUE}).",
        "Equal shards and seed give bit-identical weights on any number of executors."
      })
  private int shards;

  @Option(
      names = "--seed",
      paramLabel = "X",
      defaultValue = "1",
      description = "Seed of the model and of the data order (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--epochs", paramLabel = "E", description = "Epochs (default: the example's).")
  private Integer epochs;

  @Option(
      names = "--checkpoint-dir",
      paramLabel = "DIR",
      description = "Directory of checkpoints (default: runs/demo-<time> here).")
  private String checkpointDir;

  @Option(
      names = "--resume",
      description = "Resume from the newest checkpoint in --checkpoint-dir.")
  private boolean resume;

  @Option(
      names = "--start-over",
      description = "Start from scratch; existing checkpoints in --checkpoint-dir are kept.")
  private boolean startOver;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Use this cluster (default: start one on this machine).")
  private String master;

  @Override
  public Integer call() {
    DemoSettings settings =
        new DemoSettings(
            executors, shards, seed, epochs, checkpointDirectory(), resume, startOver, master);
    return new DemoRun(Installation.current(), settings, spec.commandLine().getErr()).run();
  }

  private String checkpointDirectory() {
    if (checkpointDir == null) {
      if (resume) {
        throw new CliException(
            "demo: --resume needs --checkpoint-dir, the directory of the run to resume; got none");
      }
      return Path.of("runs", "demo-" + STAMP.format(LocalDateTime.now()))
          .toAbsolutePath()
          .toString();
    }
    // Executors have other working directories, so relative paths are made absolute. A path with a
    // scheme is already complete.
    boolean hasScheme = checkpointDir.matches("[A-Za-z][A-Za-z0-9+.-]*:.*");
    return hasScheme ? checkpointDir : Path.of(checkpointDir).toAbsolutePath().toString();
  }
}
