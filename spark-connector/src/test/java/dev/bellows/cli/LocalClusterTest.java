package dev.bellows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs masters and workers in separate JVMs, with the class path of this one. */
@Tag("cluster")
@Timeout(240)
final class LocalClusterTest {
  @TempDir private Path directory;

  private SparkHome home(String script) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("home/bin"));
    Path file = Files.writeString(bin.resolve("spark-class"), "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return new SparkHome(directory.resolve("home"), "test", true);
  }

  private SparkHome spark() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return home(
        "exec "
            + java
            + " -Xmx256m $SPARK_MASTER_OPTS $SPARK_WORKER_OPTS -cp '"
            + System.getProperty("java.class.path")
            + "' \"$@\"");
  }

  @Test
  void severalClustersRunAtOnce() throws IOException {
    List<LocalCluster> clusters = new ArrayList<>();
    // Spark's default port for submissions, taken by another process or by the first cluster.
    try (ServerSocket taken = rest()) {
      assertThat(taken == null || taken.isBound()).isTrue();
      for (String name : List.of("first", "second")) {
        LocalCluster cluster = new LocalCluster(directory.resolve(name));
        clusters.add(cluster);
        ClusterState state = cluster.start(new ClusterSpec(1, 1, "512m"), spark());
        assertThat(cluster.aliveWorkers(state)).hasValue(1);
      }
      for (LocalCluster cluster : clusters) {
        ClusterState state = ClusterState.read(cluster.directory()).orElseThrow();
        assertThat(state.running()).hasSize(2);
        assertThat(cluster.aliveWorkers(state)).hasValue(1);
      }
    } finally {
      clusters.forEach(LocalCluster::stop);
    }
  }

  private static ServerSocket rest() {
    try {
      return new ServerSocket(6066, 1, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      return null; // it is taken already, which serves the test as well
    }
  }

  @Test
  void aMasterThatEndsIsReportedWithItsOwnCause() throws IOException {
    SparkHome home =
        home(
            "echo '10:00:00 INFO Master: Starting'\n"
                + "echo 'Exception in thread \"main\" java.lang.IllegalStateException: no start'\n"
                + "echo '\tat org.apache.spark.Master.main(Master.scala)'\n"
                + "echo 'Caused by: java.net.UnknownHostException: box: no such name'\n"
                + "echo '\t... 3 more'\n"
                + "exit 1");
    CliException failure =
        catchThrowableOfType(
            CliException.class,
            () -> new LocalCluster(directory).start(new ClusterSpec(1, 1, "1g"), home));
    assertThat(failure)
        .hasMessage(
            "cluster start: the master must be up within 90 s; it ended: Caused by:"
                + " java.net.UnknownHostException: box: no such name");
    assertThat(failure.seeLog()).endsWith("master.log");
  }

  @Test
  void theCauseIsTheLastExceptionOrErrorOrLine() throws IOException {
    Path log = directory.resolve("a.log");
    assertThat(LogFiles.cause(log)).isEmpty();
    Files.writeString(log, "");
    assertThat(LogFiles.cause(log)).isEmpty();
    Files.writeString(log, "Unrecognized VM option 'Xyz'\n\n");
    assertThat(LogFiles.cause(log)).isEqualTo(": Unrecognized VM option 'Xyz'");
    Files.writeString(log, "x ERROR Worker: cannot bind\nx INFO ShutdownHook: called\n");
    assertThat(LogFiles.cause(log)).isEqualTo(": x ERROR Worker: cannot bind");
    Files.writeString(
        log,
        "x ERROR Utils: uncaught\njava.net.BindException: Address already in use: bind\n\tat a.b\n"
            + "x INFO ShutdownHook: called\n");
    assertThat(LogFiles.cause(log))
        .isEqualTo(": java.net.BindException: Address already in use: bind");
  }

  @Test
  void waitsSayWhatTheyWaitFor() {
    List<String> said = new CopyOnWriteArrayList<>();
    long[] now = {0};
    Waiting.Notice notice = new Waiting.Notice("the master", 90_000_000_000L, said::add);
    for (; now[0] < 30; now[0]++) {
      notice.at(now[0] * 1_000_000_000L);
    }
    assertThat(said)
        .containsExactly(
            "waiting for the master: 3 s so far, at most 90 s",
            "waiting for the master: 13 s so far, at most 90 s",
            "waiting for the master: 23 s so far, at most 90 s");
  }

  @Test
  void aWorkerThatEndsIsReportedWithItsOwnCause() throws IOException {
    SparkHome real = spark();
    String script = Files.readString(directory.resolve("home/bin/spark-class"));
    SparkHome home =
        home(
            "case \"$1\" in *Worker) echo 'Error: not enough disk' >&2; exit 1;; esac\n"
                + script.substring(script.indexOf("exec ")));
    assertThat(real.directory()).isEqualTo(home.directory());
    assertThatThrownBy(() -> new LocalCluster(directory).start(new ClusterSpec(1, 1, "1g"), home))
        .isInstanceOf(CliException.class)
        .hasMessage(
            "cluster start: the worker-1 must be up within 120 s; it ended: Error: not enough"
                + " disk");
  }
}
