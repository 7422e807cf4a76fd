package dev.bellows.spark.data;

import static dev.bellows.spark.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which column of a frame a name means. */
@Timeout(180)
class SnapshotColumnsTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir Path temp;

  private static <T> T with(String key, String value, Callable<T> body) throws Exception {
    String before = SPARK.conf().get(key);
    SPARK.conf().set(key, value);
    try {
      return body.call();
    } finally {
      SPARK.conf().set(key, before);
    }
  }

  private static <T> T caseSensitive(boolean value, Callable<T> body) throws Exception {
    return with("spark.sql.caseSensitive", Boolean.toString(value), body);
  }

  private long read(Dataset<Row> frame, String name) {
    List<Column> columns = List.of(column(name, DType.INT64));
    assertThat(SnapshotWriter.problems(frame, columns)).isEmpty();
    String place = temp.resolve(Integer.toString(frame.hashCode())).toString();
    Snapshot snapshot = SnapshotWriter.write(SPARK, frame, columns, place);
    try (SnapshotSource source = SnapshotSource.open(snapshot, new Configuration(), temp)) {
      return source.gather(new long[] {0}).input(name).itemLong();
    }
  }

  private void refused(Dataset<Row> frame, String name, String why) {
    List<Column> columns = List.of(column(name, DType.INT64));
    String problem = "column " + name + " must exist once in the frame; " + why;
    assertThat(SnapshotWriter.problems(frame, columns)).containsExactly(problem);
    assertThatThrownBy(() -> SnapshotWriter.write(SPARK, frame, columns, temp.toString()))
        .isInstanceOf(SnapshotException.class)
        .hasMessage("snapshot: " + problem);
  }

  private static Dataset<Row> frame(String... expressions) {
    return SPARK.range(1).selectExpr(expressions);
  }

  @Test
  void caseCountsOnlyWhereSparkSaysSo() throws Exception {
    assertThat(caseSensitive(false, () -> read(frame("7L as Label"), "label"))).isEqualTo(7);
    caseSensitive(
        true,
        () -> {
          refused(frame("7L as Label"), "label", "there is none, the frame has [Label bigint]");
          return null;
        });
  }

  @Test
  void twinsAreRefusedOrToldApart() throws Exception {
    Dataset<Row> twins = caseSensitive(true, () -> frame("1L as x", "2L as X"));
    caseSensitive(
        true,
        () -> {
          assertThat(read(twins, "x")).isEqualTo(1);
          assertThat(read(twins, "X")).isEqualTo(2);
          return null;
        });
    caseSensitive(
        false,
        () -> {
          for (String name : List.of("x", "X")) {
            refused(
                twins,
                name,
                "there are x, X, which are one name while spark.sql.caseSensitive is false");
          }
          return null;
        });
    refused(frame("1L as x", "2L as x"), "x", "there are x, x");
  }

  @Test
  void dotsAreNamesOrFields() throws Exception {
    Dataset<Row> dotted = frame("3L as `a.b`");
    assertThat(read(dotted, "a.b")).isEqualTo(3);
    assertThat(read(dotted, "`a.b`")).isEqualTo(3);
    Dataset<Row> nested = frame("named_struct('b', named_struct('c.d', 4L)) as a");
    assertThat(read(nested, "a.b.`c.d`")).isEqualTo(4);
    assertThat(read(nested, "A.B.`C.D`")).isEqualTo(4);
    refused(nested, "a.c", "there is none, the frame has [a struct<b:struct<c.d:bigint>>]");
    Dataset<Row> both = frame("5L as `a.b`", "named_struct('b', 6L) as a");
    refused(
        both,
        "a.b",
        "there are a column of that name and a field of a: write `a.b` in backticks for the"
            + " column, or rename it");
    assertThat(read(both, "`a.b`")).isEqualTo(5);
  }

  @Test
  void namesMayHoldAnySigns() throws Exception {
    for (String name : List.of("x y", "*", "a`b", "a..b", "ä", ".*", "`")) {
      Dataset<Row> odd = SPARK.range(1).selectExpr("8L as v").toDF(name);
      assertThat(read(odd, name)).as(name).isEqualTo(8);
    }
    Dataset<Row> regex = frame("1L as ab", "2L as `a.`");
    assertThat(
            with(
                "spark.sql.parser.quotedRegexColumnNames",
                "true",
                () -> read(SPARK.range(1).selectExpr("1L as v", "2L as w").toDF("ab", "a."), "a.")))
        .isEqualTo(2);
    refused(regex, "*", "there is none, the frame has [ab bigint, a. bigint]");
  }

  @Test
  void fieldsOfArraysAreArrays() {
    Dataset<Row> frame = frame("array(named_struct('v', 1L), named_struct('v', 2L)) as a");
    List<Column> columns = List.of(column("a.v", DType.INT64, 2));
    Snapshot snapshot = SnapshotWriter.write(SPARK, frame, columns, temp.toString());
    try (SnapshotSource source = SnapshotSource.open(snapshot, new Configuration(), temp)) {
      assertThat(source.gather(new long[] {0}).input("a.v").toLongArray()).containsExactly(1, 2);
    }
  }
}
