package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.List;

/**
 * Settings of the demo.
 *
 * @param epochs null: the example's default
 * @param master null: a cluster is started
 */
record DemoSettings(
    int executors,
    int shards,
    long seed,
    Integer epochs,
    String checkpointDir,
    boolean resume,
    boolean startOver,
    String master) {
  static final String MAIN_CLASS = "dev.bellows.examples.Digits";

  DemoSettings {
    if (executors < 1) {
      throw new CliException("demo: --executors must be at least 1; got " + executors);
    }
    if (shards < executors) {
      throw new CliException(
          message(
              "demo: --shards must be at least --executors; got %s shards, %s executors",
              shards, executors));
    }
    if (resume && startOver) {
      throw new CliException("demo: --resume and --start-over exclude each other; got both");
    }
    if (epochs != null && epochs < 1) {
      throw new CliException("demo: --epochs must be at least 1; got " + epochs);
    }
  }

  /** Returns the arguments of spark-submit. */
  List<String> submitArguments(String masterUrl, String jar) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--master", masterUrl, "--name", "bellows-demo"));
    arguments.addAll(List.of("--class", MAIN_CLASS));
    for (String setting :
        List.of(
            "spark.cores.max=" + executors,
            "spark.executor.instances=" + executors,
            "spark.executor.cores=1",
            "spark.executor.memory=1g",
            "spark.ui.port=0")) {
      arguments.addAll(List.of("--conf", setting));
    }
    arguments.add(jar);
    arguments.addAll(exampleArguments());
    return arguments;
  }

  private List<String> exampleArguments() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--executors", Integer.toString(executors)));
    arguments.addAll(List.of("--shards", Integer.toString(shards)));
    arguments.addAll(List.of("--seed", Long.toString(seed)));
    if (epochs != null) {
      arguments.addAll(List.of("--epochs", epochs.toString()));
    }
    arguments.addAll(List.of("--checkpoint-dir", checkpointDir));
    if (resume) {
      arguments.add("--resume");
    }
    if (startOver) {
      arguments.add("--start-over");
    }
    return arguments;
  }
}
