package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.MemoryBudget;
import dev.bellows.memory.MemoryBudget.Needs;
import dev.bellows.memory.MemoryBudget.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorMemoryTest {
  private static final long MIB = 1L << 20;
  private static final Share HOST = Share.ofHost(65 * 1024 * MIB, Long.MAX_VALUE);
  private static final Needs NEEDS = new Needs(1024 * MIB, 128 * MIB, 96 * MIB, 128 * MIB);

  private static SparkConf conf(String... pairs) {
    SparkConf conf = new SparkConf(false);
    for (int i = 0; i < pairs.length; i += 2) {
      conf.set(pairs[i], pairs[i + 1]);
    }
    return conf;
  }

  private static MemoryBudget budget(SparkConf conf, int executors) {
    return ExecutorMemory.budget(conf, HOST, executors, NEEDS);
  }

  private static long left(long shareMib) {
    long rest = shareMib * MIB - NEEDS.total();
    return Math.max(rest - rest / 16, shareMib * MIB / 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "k8s://https://api:443"})
  void theClusterManagersContainerHolds(String master) {
    MemoryBudget set =
        budget(
            conf(
                "spark.master",
                master,
                "spark.executor.memory",
                "1g",
                "spark.executor.memoryOverhead",
                "3g"),
            4);
    assertThat(set.limitBytes()).isEqualTo(left(4096));
    assertThat(set.origin())
        .startsWith(
            "an executor of 4096 MiB (spark.executor.memory 1024, memoryOverhead 3072, offHeap.size"
                + " 0), less ");
    assertThat(budget(conf("spark.master", master), 1).limitBytes())
        .as("defaults: 1 GiB and at least 384 MiB")
        .isEqualTo(left(1408));
    assertThat(budget(conf("spark.master", master), 1).origin()).startsWith("a quarter of an exec");
    assertThat(budget(conf("spark.master", master, "spark.executor.memory", "8g"), 1).limitBytes())
        .as("a tenth")
        .isEqualTo(left(8192 + 819));
    assertThat(
            budget(
                    conf(
                        "spark.master",
                        master,
                        "spark.executor.memory",
                        "8g",
                        "spark.executor.memoryOverheadFactor",
                        "0.5"),
                    1)
                .limitBytes())
        .isEqualTo(left(8192 + 4096));
    assertThat(
            budget(conf("spark.master", master, "spark.executor.minMemoryOverhead", "1g"), 1)
                .limitBytes())
        .isEqualTo(left(2048));
  }

  @Test
  void offHeapMemoryCountsWhereItIsEnabled() {
    SparkConf conf =
        conf(
            "spark.master",
            "yarn",
            "spark.executor.memory",
            "1024m",
            "spark.executor.memoryOverhead",
            "512",
            "spark.memory.offHeap.size",
            "4g");
    assertThat(budget(conf, 1).limitBytes()).isEqualTo(left(1536));
    conf.set("spark.memory.offHeap.enabled", "true");
    assertThat(budget(conf, 1).limitBytes()).isEqualTo(left(5632));
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark://127.0.0.1:7077", "local-cluster[2,1,1024]"})
  void executorsOfAHostShareIt(String master) {
    SparkConf conf = conf("spark.master", master, "spark.executor.memory", "1g");
    assertThat(budget(conf, 1).limitBytes()).isEqualTo(left(64 * 1024));
    assertThat(budget(conf, 2).limitBytes()).isEqualTo(left(32 * 1024));
    assertThat(budget(conf, 2).origin()).startsWith("1/2 of 65536 MiB of a machine of 66560 MiB");
    conf.set("spark.executor.memoryOverhead", "2g");
    assertThat(budget(conf, 2).limitBytes()).isEqualTo(left(3072));
  }

  @Test
  void aSmallerContainerHoldsAnyway() {
    SparkConf conf = conf("spark.master", "yarn", "spark.executor.memoryOverhead", "30g");
    Share container = Share.ofHost(64 * 1024 * MIB, 4096 * MIB);
    assertThat(ExecutorMemory.budget(conf, container, 1, NEEDS).limitBytes()).isEqualTo(left(4096));
    assertThat(
            ExecutorMemory.budget(conf("spark.master", "spark://h:1"), container, 2, NEEDS)
                .origin())
        .startsWith("a quarter of 1/2 of a container of 4096 MiB");
  }

  @Test
  void executorsAreCountedByTheirMainClass(@TempDir Path processes) throws IOException {
    assertThat(ExecutorMemory.executorsIn(processes)).isOne();
    assertThat(ExecutorMemory.executorsIn(processes.resolve("none"))).isOne();
    String main = "org.apache.spark.executor.CoarseGrainedExecutorBackend";
    put(processes, "17", "java\0-cp\0/jars/*\0" + main + "\0--driver-url\0spark://x\0");
    assertThat(ExecutorMemory.executorsIn(processes)).isOne();
    put(processes, "18", "java\0" + "x".repeat(10_000) + "\0" + main + "\0");
    put(processes, "19", "java\0org.apache.spark.executor.YarnCoarseGrainedExecutorBackend\0");
    put(processes, "20", "grep\0CoarseGrainedExecutorBackend\0");
    put(processes, "self", main + "\0");
    Files.createDirectory(processes.resolve("21"));
    assertThat(ExecutorMemory.executorsIn(processes)).isEqualTo(3);
  }

  private static void put(Path processes, String name, String line) throws IOException {
    Files.createDirectory(processes.resolve(name));
    Files.writeString(processes.resolve(name).resolve("cmdline"), line);
  }
}
