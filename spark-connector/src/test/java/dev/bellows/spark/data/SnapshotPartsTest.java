package dev.bellows.spark.data;

import static dev.bellows.spark.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The number of parts and tasks follows from the bytes, the order of rows from their content. */
@Timeout(300)
class SnapshotPartsTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final List<Column> COLUMNS = List.of(column("id", DType.INT64));

  @TempDir Path temp;

  private Snapshot write(Dataset<Row> frame, String name, long partBytes) {
    return SnapshotWriter.write(
        SPARK, frame, COLUMNS, temp.resolve(name).toString(), partBytes, m -> {});
  }

  private long[] rows(Snapshot snapshot) {
    try (SnapshotSource source = SnapshotSource.open(snapshot, new Configuration(), temp)) {
      long[] all = LongStream.range(0, snapshot.rows()).toArray();
      return source.gather(all).input("id").toLongArray();
    }
  }

  @Test
  void thousandsOfSmallPartitionsMakeOnePartInFewTasks() throws Exception {
    AtomicInteger tasks = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            tasks.incrementAndGet();
          }
        };
    SPARK.sparkContext().addSparkListener(counter);
    Snapshot many;
    try {
      many = write(SPARK.range(0, 5000, 1, 5000).toDF("id"), "many", 64 << 20);
      SPARK.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      SPARK.sparkContext().removeSparkListener(counter);
    }
    assertThat(tasks).hasValueLessThan(300);
    assertThat(many.parts()).hasSize(1);
    Snapshot few = write(SPARK.range(0, 5000, 1, 1).toDF("id"), "few", 64 << 20);
    assertThat(few.fingerprint()).isEqualTo(many.fingerprint());
    assertThat(rows(few)).isEqualTo(rows(many));
  }

  @Test
  void onePartitionMakesAsManyPartsAsItsBytesAsk() {
    Snapshot whole = write(SPARK.range(0, 3000, 1, 1).toDF("id"), "whole", 1 << 20);
    assertThat(whole.parts()).hasSize(1);
    List<String> fingerprints = new ArrayList<>();
    for (int partitions : new int[] {1, 2, 40}) {
      Snapshot cut =
          write(SPARK.range(0, 3000, 1, partitions).toDF("id"), "cut" + partitions, 3000);
      assertThat(cut.parts()).hasSize(8);
      assertThat(cut.parts()).allMatch(part -> part.rows() > 200 && part.rows() < 600);
      assertThat(rows(cut)).isEqualTo(rows(whole));
      fingerprints.add(cut.fingerprint());
    }
    assertThat(fingerprints).containsOnly(whole.fingerprint());
  }

  @Test
  void emptyPartitionsAreNothing() {
    Dataset<Row> sparse = SPARK.range(0, 1000, 1, 50).toDF("id").where("id = 17 or id = 903");
    Snapshot snapshot = write(sparse, "sparse", 1);
    assertThat(LongStream.of(rows(snapshot)).sorted().toArray()).containsExactly(17, 903);
    assertThat(snapshot.parts()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aNarrowWindowOfHashesStillMakesAPart() {
    Dataset<Row> equal = SPARK.range(0, 500, 1, 7).selectExpr("5L as id");
    Snapshot snapshot = write(equal, "equal", 100);
    assertThat(rows(snapshot)).containsOnly(5).hasSize(500);
  }
}
