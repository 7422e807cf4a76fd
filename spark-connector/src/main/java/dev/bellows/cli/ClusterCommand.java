package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bellows cluster}. */
@Command(
    name = "cluster",
    description = "A Spark standalone cluster on this machine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ClusterCommand.Start.class,
      ClusterCommand.Status.class,
      ClusterCommand.Stop.class
    })
final class ClusterCommand implements Runnable {
  private static final int NOT_RUNNING = 3;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "cluster: start, status or stop is needed; got none");
  }

  /** Options that select the cluster: there is one per directory. */
  static final class Where {
    @Option(
        names = "--state-dir",
        paramLabel = "DIR",
        description = "Directory of state and logs (default: one per clone or user).")
    private Path directory;

    LocalCluster cluster(CommandSpec spec) {
      PrintWriter err = spec.commandLine().getErr();
      return new LocalCluster(
          directory == null ? Installation.current().clusterDirectory() : directory,
          line -> {
            err.println(line);
            err.flush();
          });
    }
  }

  @Command(
      name = "start",
      description = "Starts a master and workers on free loopback ports and waits for them.",
      mixinStandardHelpOptions = true)
  static final class Start implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Where where;

    @Option(
        names = "--workers",
        paramLabel = "N",
        defaultValue = "2",
        description = "Workers (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
        names = "--cores-per-worker",
        paramLabel = "N",
        defaultValue = "1",
        description = "Cores per worker (default: ${DEFAULT-VALUE}).")
    private int cores;

    @Option(
        names = "--memory",
        paramLabel = "SIZE",
        defaultValue = "1g",
        description = "Memory per worker for executors (default: ${DEFAULT-VALUE}).")
    private String memory;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      ClusterSpec wanted = new ClusterSpec(workers, cores, memory);
      LocalCluster cluster = where.cluster(spec);
      cluster.refuseIfRunning();
      SparkHome home =
          SparkHome.find(
              Installation.current(), System.getenv(), spec.commandLine().getErr()::println);
      out.println("home     " + Installation.shown(home.directory()) + " (" + home.origin() + ")");
      out.flush();
      long start = System.nanoTime();
      // Ctrl-C must not leave a partially started cluster behind.
      Thread undo = new Thread(cluster::close, "cluster-undo");
      Runtime.getRuntime().addShutdownHook(undo);
      ClusterState state;
      try {
        state = cluster.start(wanted, home);
      } finally {
        ShutdownHooks.remove(undo);
      }
      print(out, state, wanted.workers() + " of " + workers + " alive");
      out.println(
          message(
              "started in %s; logs in %s",
              Waiting.seconds(start), Installation.shown(cluster.directory())));
      return 0;
    }
  }

  @Command(
      name = "status",
      description = {
        "Shows the cluster that was started here.",
        "Exit code 0: running; 1: partially running; 3: not running."
      },
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Where where;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      LocalCluster cluster = where.cluster(spec);
      Optional<ClusterState> read = ClusterState.read(cluster.directory());
      if (read.isEmpty() || read.get().running().isEmpty()) {
        out.println("not running (" + Installation.shown(cluster.directory()) + ")");
        return NOT_RUNNING;
      }
      ClusterState state = read.get();
      OptionalInt alive = cluster.aliveWorkers(state);
      String workers =
          alive.isPresent()
              ? alive.getAsInt() + " of " + state.workers() + " alive"
              : "unknown: the master does not answer";
      print(out, state, workers);
      boolean whole = state.running().size() == state.processes().size();
      return whole && alive.orElse(-1) == state.workers() ? 0 : 1;
    }
  }

  @Command(
      name = "stop",
      description = "Stops the cluster that was started here, and its executors.",
      mixinStandardHelpOptions = true)
  static final class Stop implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Where where;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      LocalCluster cluster = where.cluster(spec);
      long start = System.nanoTime();
      int stopped = cluster.stop();
      out.println(
          stopped == 0
              ? "not running (" + Installation.shown(cluster.directory()) + ")"
              : "stopped " + stopped + " processes in " + Waiting.seconds(start));
      return 0;
    }
  }

  private static void print(PrintWriter out, ClusterState state, String workers) {
    out.println("master   " + state.master());
    out.println("ui       " + state.ui());
    out.println("workers  " + workers);
    for (ProcessRecord p : state.processes()) {
      String life = p.alive() ? "alive" : "dead ";
      out.println(
          "  " + p.role() + "  pid " + p.pid() + "  " + life + "  " + Installation.shown(p.log()));
    }
  }
}
