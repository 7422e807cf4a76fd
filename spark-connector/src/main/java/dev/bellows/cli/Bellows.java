package dev.bellows.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code bellows} command. Exit code 0 is success, 2 a usage error, anything else a failure.
 */
@Command(
    name = "bellows",
    description = "Distributed deep-learning training for Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Bellows.Version.class,
    // The commands, in the order in which the help lists them.
    subcommands = {
      DemoCommand.class,
      SubmitCommand.class,
      ClusterCommand.class,
      CheckpointCommand.class,
      ConvertCommand.class,
      SparkHomeCommand.class,
    })
public final class Bellows implements Runnable {
  @Spec private CommandSpec spec;

  private Bellows() {}

  /** Runs one command and exits the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Bellows());
    line.setExpandAtFiles(false); // the arguments of submit must not be expanded
    line.setExecutionExceptionHandler(Bellows::report);
    // All arguments from the first that is not an option of submit belong to spark-submit.
    line.getSubcommands()
        .get("submit")
        .setUnmatchedOptionsArePositionalParams(true)
        .setStopAtPositional(true);
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "bellows: a command is needed; got none");
  }

  private static int report(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (failure instanceof CliException expected) {
      err.println(expected.getMessage() + expected.seeLog());
      return expected.exitCode();
    }
    err.println("bellows: unexpected failure, please report it: " + failure);
    failure.printStackTrace(err);
    return 1;
  }

  /** Reads the version that Maven wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    private static final String RESOURCE =
        "/META-INF/maven/dev.bellows/bellows-spark/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
      return new String[] {"bellows " + read()};
    }

    private static String read() throws IOException {
      try (InputStream in = Bellows.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          return "(version unknown: not run from its jar)";
        }
        Properties properties = new Properties();
        properties.load(in);
        return properties.getProperty("version");
      }
    }
  }
}
