package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors to which Spark gives a GPU that the machine does not have. */
@Tag("cluster")
@Timeout(120)
class GpuClusterTest {
  @TempDir static Path directory;
  private static SparkSession spark;

  @BeforeAll
  static void start() throws Exception {
    var script = directory.resolve("gpus.sh");
    Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"4711\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    spark =
        SparkSession.builder()
            .master("local-cluster[1,1,1024]")
            .appName("bellows-test")
            .config("spark.ui.enabled", "false")
            .config("spark.executor.memory", "600m")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.worker.resource.gpu.amount", "1")
            .config("spark.worker.resource.gpu.discoveryScript", script.toString())
            .config("spark.executor.resource.gpu.amount", "1")
            .config("spark.task.resource.gpu.amount", "1")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @Test
  void aGpuThatCannotBeUsedFailsTheJobWithItsName() {
    var job = TinyJob.job(spark, TinyJob.frame(spark)).executors(1).build();
    assertThatThrownBy(job::run)
        .isInstanceOfSatisfying(
            BellowsException.class,
            e -> assertThat(e.category()).isEqualTo(BellowsException.Category.USER))
        .hasMessageContaining("device: Spark gave this task gpu 4711, which this executor must be")
        .hasMessageContaining("available are [cpu");
  }
}
