package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A Spark standalone cluster on loopback: one master and some workers, each a separate JVM.
 *
 * <p>Its directory contains {@code state} (see {@link ClusterState}) while it runs, a log per
 * process, and the workers' directories. The state is written after each start of a process, so
 * that a command killed half-way leaves no unrecorded process.
 */
final class LocalCluster {
  static final String DRIVER = "driver";

  private static final String LOCK = ".lock";
  private static final Set<StandardOpenOption> LOCK_OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration MASTER_LIMIT = Duration.ofSeconds(90);
  private static final Duration WORKERS_LIMIT = Duration.ofSeconds(120);
  private static final int PORT_ATTEMPTS = 3;

  private final Path directory;
  private final Consumer<String> progress;
  private boolean closed; // guarded by this; no process is started after it is set

  LocalCluster(Path directory) {
    this(directory, line -> {});
  }

  /** Creates a cluster; {@code progress} receives messages about long waits. */
  LocalCluster(Path directory, Consumer<String> progress) {
    this.directory = directory.toAbsolutePath();
    this.progress = progress;
  }

  Path directory() {
    return directory;
  }

  /**
   * Starts all processes and waits until every worker is registered; on failure, stops them all.
   */
  ClusterState start(ClusterSpec spec, SparkHome home) {
    try {
      Files.createDirectories(directory);
      try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), LOCK_OPTIONS);
          FileLock lock = lock(channel)) {
        assert lock.isValid();
        return startLocked(spec, home);
      }
    } catch (IOException e) {
      throw new CliException(message("cluster start: cannot write to %s: %s", directory, e), e);
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null; // held by this JVM
    }
    if (lock == null) {
      throw new CliException(
          "cluster start: one start at a time in " + directory + "; another is under way");
    }
    return lock;
  }

  private ClusterState startLocked(ClusterSpec spec, SparkHome home) throws IOException {
    refuseIfRunning();
    stop();
    try {
      return startWorkers(spec, home, startMaster(spec, home));
    } catch (IOException | RuntimeException e) {
      stop();
      throw e;
    }
  }

  /** Checks that no cluster of this directory is running. */
  void refuseIfRunning() {
    ClusterState.read(directory)
        .filter(state -> !state.running().isEmpty())
        .ifPresent(
            state -> {
              throw new CliException(
                  message(
                      "cluster start: one cluster at a time in %s; %s still runs; stop it with:"
                          + " bellows cluster stop",
                      directory, state.master()));
            });
  }

  private ClusterState startMaster(ClusterSpec spec, SparkHome home) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = freePort();
      int uiPort = freePort();
      ClusterState state =
          new ClusterState(
              "spark://" + LOOPBACK + ":" + port,
              "http://" + LOOPBACK + ":" + uiPort,
              spec.workers(),
              List.of());
      List<String> command =
          List.of(
              home.sparkClass(),
              "org.apache.spark.deploy.master.Master",
              "-h",
              LOOPBACK,
              "-p",
              Integer.toString(port),
              "--webui-port",
              Integer.toString(uiPort));
      // No port retries: a master on another port than the recorded one would be lost. No REST
      // server: it has a fixed port, through which any local user could submit drivers.
      Map<String, String> env =
          Map.of(
              "SPARK_MASTER_OPTS", "-Dspark.port.maxRetries=0 -Dspark.master.rest.enabled=false");
      state = add(state, "master", command, home, env);
      ProcessRecord master = state.processes().get(0);
      MasterPage page = new MasterPage(state.master(), state.ui());
      boolean answered =
          Waiting.until(
              MASTER_LIMIT,
              "the master at " + state.ui(),
              progress,
              () -> page.aliveWorkers().isPresent() || !master.alive());
      if (answered && master.alive()) {
        return state;
      }
      boolean taken = !master.alive() && LogFiles.contains(master.log(), "BindException");
      if (!taken || attempt == PORT_ATTEMPTS) {
        throw failed(master, answered ? "ended" : "did not answer at " + state.ui(), MASTER_LIMIT);
      }
    }
  }

  private ClusterState startWorkers(ClusterSpec spec, SparkHome home, ClusterState started)
      throws IOException {
    ClusterState state = started;
    for (int i = 1; i <= spec.workers(); i++) {
      String role = "worker-" + i;
      List<String> command =
          List.of(
              home.sparkClass(),
              "org.apache.spark.deploy.worker.Worker",
              "-h",
              LOOPBACK,
              "-p",
              "0",
              "--webui-port",
              "0",
              "-c",
              Integer.toString(spec.coresPerWorker()),
              "-m",
              spec.memory(),
              "-d",
              directory.resolve(role).toString(),
              state.master());
      state = add(state, role, command, home, Map.of());
    }
    awaitWorkers(state);
    return state;
  }

  private void awaitWorkers(ClusterState state) {
    MasterPage page = new MasterPage(state.master(), state.ui());
    int[] alive = {0};
    Waiting.until(
        WORKERS_LIMIT,
        "all " + state.workers() + " workers to register at " + state.master(),
        progress,
        () -> {
          alive[0] = page.aliveWorkers().orElse(alive[0]);
          return alive[0] == state.workers() || state.running().size() < state.processes().size();
        });
    for (ProcessRecord process : state.processes()) {
      if (!process.alive()) {
        throw failed(process, "ended", WORKERS_LIMIT);
      }
    }
    if (alive[0] != state.workers()) {
      throw new CliException(
          message(
              "cluster start: all %s workers must register within %s s; %s did; worker-1 said"
                  + " last%s",
              state.workers(),
              WORKERS_LIMIT.toSeconds(),
              alive[0],
              LogFiles.cause(state.processes().get(1).log())),
          state.processes().get(1).log());
    }
  }

  private static CliException failed(ProcessRecord process, String what, Duration limit) {
    return new CliException(
        message(
            "cluster start: the %s must be up within %s s; it %s%s",
            process.role(), limit.toSeconds(), what, LogFiles.cause(process.log())),
        process.log());
  }

  private synchronized ClusterState add(
      ClusterState state,
      String role,
      List<String> command,
      SparkHome home,
      Map<String, String> env)
      throws IOException {
    if (closed) {
      throw CliException.interrupted("cluster start", null);
    }
    ClusterState more = state.with(spawn(role, command, home, env));
    more.write(directory);
    return more;
  }

  private ProcessRecord spawn(
      String role, List<String> command, SparkHome home, Map<String, String> more)
      throws IOException {
    Path log = directory.resolve(role + ".log");
    ProcessBuilder builder = new ProcessBuilder(Commands.detached(command));
    Map<String, String> env = builder.environment();
    Map<String, String> added = new HashMap<>(home.environment(env));
    added.putAll(more);
    added.put("SPARK_LOCAL_IP", LOOPBACK);
    added.put("SPARK_DAEMON_MEMORY", "256m");
    env.putAll(added);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.redirectInput(Commands.NO_INPUT).directory(directory.toFile());
    return ProcessRecord.of(role, builder.start().toHandle(), log);
  }

  /** Returns a port that is currently free. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new CliException(message("cluster start: no free port on %s: %s", LOOPBACK, e), e);
    }
  }

  /**
   * Stops the cluster permanently: a start in progress on another thread starts no further
   * processes.
   */
  synchronized void close() {
    closed = true;
    stop();
  }

  /** Ends every process of the cluster and its children. Returns how many were running. */
  synchronized int stop() {
    ClusterState state = ClusterState.read(directory).orElse(null);
    if (state == null) {
      return 0;
    }
    int running = state.running().size();
    // The driver ends first: without its application, no worker starts an executor again.
    List<ProcessRecord> drivers = new ArrayList<>(state.processes());
    drivers.removeIf(process -> !process.role().equals(DRIVER));
    List<Long> left = new ArrayList<>(termination().end(drivers));
    left.addAll(termination().end(state.processes()));
    if (!left.isEmpty()) {
      throw new CliException(
          message(
              "cluster stop: every process must end within 15 s; still there: pids %s; the state is"
                  + " kept in %s",
              left, directory));
    }
    ClusterState.delete(directory);
    deleteWorkerDirectories();
    return running;
  }

  private Termination termination() {
    return new Termination(progress);
  }

  private void deleteWorkerDirectories() {
    try (Stream<Path> all = Files.list(directory)) {
      for (Path path : all.toList()) {
        if (path.getFileName().toString().matches("worker-[0-9]+") && Files.isDirectory(path)) {
          FileTrees.delete(path);
        }
      }
    } catch (IOException e) {
      throw new CliException(message("cluster stop: cannot delete in %s: %s", directory, e), e);
    }
  }

  /** Returns the number of live workers, or empty if the master does not answer. */
  OptionalInt aliveWorkers(ClusterState state) {
    return new MasterPage(state.master(), state.ui()).aliveWorkers();
  }
}
