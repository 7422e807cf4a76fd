package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A run of spark-submit with Bellows in its jars. */
final class Submission {
  private final SparkHome home;
  private final List<String> command = new ArrayList<>();
  private final boolean onThisMachine;

  Submission(SparkHome home, Installation layout, List<String> given) {
    this.home = home;
    SubmitArguments arguments = SubmitArguments.parse(given);
    Map<String, String> defaults =
        SparkDefaults.read(arguments.propertiesFile(), home.directory(), System.getenv());
    command.add(home.sparkSubmit());
    command.addAll(arguments.complete(layout.allJar().toString(), defaults));
    onThisMachine = arguments.master().matches("local.*|spark://(127\\.0\\.0\\.1|localhost):.*");
  }

  List<String> command() {
    return command;
  }

  /**
   * Runs spark-submit on this terminal and returns its exit code.
   *
   * @param log file for standard error; null for the terminal
   * @param started receives the process once it runs
   */
  int run(Path log, Consumer<ProcessRecord> started) {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    if (log != null) {
      builder.redirectError(log.toFile());
    }
    builder.environment().putAll(home.environment(System.getenv()));
    if (onThisMachine) {
      builder.environment().putIfAbsent("SPARK_LOCAL_IP", "127.0.0.1");
    }
    try (ChildProcess driver = ChildProcess.start(LocalCluster.DRIVER, builder, log)) {
      started.accept(driver.record());
      return driver.await();
    } catch (IOException e) {
      throw new CliException(message("submit: cannot run %s: %s", command.get(0), e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.interrupted("submit", e);
    }
  }
}
