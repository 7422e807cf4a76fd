package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bellows.spark.data.Snapshot;
import dev.bellows.spark.data.SnapshotException;
import dev.bellows.spark.data.SnapshotWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole jobs under each setting of the serializer that Spark uses for data and results. {@link
 * TrainingJobClusterTest} always runs under the strictest one.
 */
@Tag("cluster")
@Timeout(240)
class SerializersClusterTest {
  @TempDir private Path directory;

  static Stream<Map<String, String>> settings() {
    return Stream.of(
        TinyJob.strictSerializer(),
        Map.of("spark.serializer", "org.apache.spark.serializer.JavaSerializer"),
        Map.of("spark.serializer", "org.apache.spark.serializer.KryoSerializer"));
  }

  @ParameterizedTest
  @MethodSource("settings")
  @Tag("nightly")
  void aWholeJobOutlivesAnExecutor(Map<String, String> settings) throws IOException {
    try (var spark = session(settings)) {
      var frame = TinyJob.frame(spark).repartition(5);
      var expected = TinyJob.job(spark, frame).executors(1).build().run();
      var killed = new AtomicBoolean();
      var after =
          TinyJob.slow(TinyJob.job(spark, frame))
              .executors(2)
              .evaluateEpochs(true)
              .checkpoint(directory.toString(), CheckpointInterval.everySteps(2))
              .listener(
                  new TrainingListener() {
                    @Override
                    public void checkpoint(long step, String name) {
                      if (killed.compareAndSet(false, true)) {
                        ProcessHandle.current()
                            .children()
                            .findFirst()
                            .orElseThrow()
                            .destroyForcibly();
                      }
                    }
                  })
              .build()
              .run();
      assertThat(after.restarts()).isZero();
      assertThat(after.weightsSha256()).isEqualTo(expected.weightsSha256());
      assertThat(after.metric()).isEqualTo(expected.metric());

      snapshots(spark, directory.resolve("snapshots").toString());
    }
  }

  /** A snapshot that is written, found again, and refused: what comes back differs in each. */
  static void snapshots(SparkSession spark, String place) {
    var frame = TinyJob.frame(spark).repartition(3);
    var columns = List.of(TinyJob.columns());
    List<Snapshot> written = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      written.add(SnapshotWriter.write(spark, frame, columns, place));
    }
    assertThat(written.get(0)).isEqualTo(written.get(1));
    var wrong = frame.selectExpr("x", "if(y = 1, null, y) as y");
    assertThat(
            catchThrowableOfType(
                SnapshotException.class, () -> SnapshotWriter.write(spark, wrong, columns, place)))
        .hasMessageStartingWith("snapshot: column y: values must not be null; got null in row ");
  }

  private static SparkSession session(Map<String, String> settings) {
    var builder = TinyJob.localClusterBuilder(2);
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }
}
