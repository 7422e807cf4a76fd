package dev.bellows.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bellows submit}. */
@Command(
    name = "submit",
    description = {
      "Runs spark-submit with Bellows in --jars and with settings that suit training.",
      "All arguments are spark-submit's and are passed on as they are; --dry-run comes first.",
      "",
      "Set unless --conf, --properties-file or spark-defaults.conf set them:",
      "  spark.executorEnv.OMP_NUM_THREADS=<executor cores, or 1>",
      "  spark.scheduler.minRegisteredResourcesRatio=1.0",
      "  spark.executor.heartbeatInterval=5s",
      "  spark.network.timeout=30s",
      "  spark.network.timeoutInterval=5s"
    })
final class SubmitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--dry-run", description = "Print the command instead of running it.")
  private boolean dryRun;

  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  private boolean help;

  @Parameters(paramLabel = "ARGUMENT", arity = "0..*", description = "Arguments of spark-submit.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    Installation layout = Installation.current();
    Submission submission =
        new Submission(
            SparkHome.find(layout, System.getenv(), spec.commandLine().getErr()::println),
            layout,
            arguments);
    if (dryRun) {
      spec.commandLine().getOut().println(Commands.quoted(submission.command()));
      return 0;
    }
    return submission.run(null, record -> {});
  }
}
