package dev.bellows.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bellows spark-home}: for scripts that need the installation that bellows uses. */
@Command(
    name = "spark-home",
    description = "Prints the Spark installation in use; assembles it if there is none.",
    mixinStandardHelpOptions = true)
final class SparkHomeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    SparkHome home =
        SparkHome.find(Layout.current(), System.getenv(), spec.commandLine().getErr()::println);
    spec.commandLine().getOut().println(home.directory());
  }
}
