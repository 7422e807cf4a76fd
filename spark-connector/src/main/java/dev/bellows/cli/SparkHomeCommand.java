package dev.bellows.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bellows spark-home}: prints the installation in use, for scripts. */
@Command(
    name = "spark-home",
    description = "Prints the Spark installation in use; assembles it if there is none.",
    mixinStandardHelpOptions = true)
final class SparkHomeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    SparkHome home =
        SparkHome.find(
            Installation.current(), System.getenv(), spec.commandLine().getErr()::println);
    spec.commandLine().getOut().println(home.directory());
  }
}
