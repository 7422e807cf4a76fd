package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Training with executors in JVMs of their own. */
@Tag("cluster")
@Timeout(180)
class TrainingJobClusterTest {
  private static SparkSession spark;
  private static Dataset<Row> frame;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    spark = LocalCluster.start(2);
    frame = LocalCluster.frame(spark);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void sameBitsWithOneAndTwoExecutorsAndAfterALoss() {
    var one = LocalCluster.job(spark, frame).executors(1).build().run();
    var two = LocalCluster.job(spark, frame).executors(2).build().run();
    assertThat(two.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(two.finalLoss()).isEqualTo(one.finalLoss());
    assertThat(two.metric()).isEqualTo(one.metric());
    assertThat(two.steps()).isEqualTo(12);

    var messages = new ArrayList<String>();
    var killed = new AtomicBoolean();
    var killer =
        new TrainingListener() {
          @Override
          public void checkpoint(long step, String name) {
            if (killed.compareAndSet(false, true)) {
              executors().get(0).destroyForcibly();
            }
          }

          @Override
          public void message(String line) {
            messages.add(line);
          }
        };
    var after =
        LocalCluster.job(spark, frame)
            .executors(2)
            .epochs(3)
            .checkpoint(directory.toString(), CheckpointInterval.everySteps(2))
            .loss(
                (model, batch) -> {
                  pause();
                  return Tiny.loss(model, batch);
                })
            .listener(killer)
            .build()
            .run();
    assertThat(messages).anyMatch(line -> line.contains("(restart 1 of 3)"));
    assertThat(after.restarts()).isEqualTo(1);
    assertThat(after.weightsSha256()).isEqualTo(one.weightsSha256());
  }

  /** Long enough that the loss of an executor comes before the end. */
  static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Executors are the children of this process. */
  private static List<ProcessHandle> executors() {
    return ProcessHandle.current().children().toList();
  }
}
