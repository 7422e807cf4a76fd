package dev.bellows.spark.data;

import static dev.bellows.spark.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SnapshotWriterTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);
  private static final StructType SCHEMA =
      new StructType()
          .add("image", FLOATS)
          .add("label", DataTypes.IntegerType)
          .add("name", DataTypes.StringType)
          .add("score", DataTypes.DoubleType)
          .add("raw", DataTypes.BinaryType)
          .add("nested", DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.LongType)));
  private static final List<Column> COLUMNS =
      List.of(
          column("image", DType.FLOAT32, 2, 3),
          column("label", DType.INT64),
          column("score", DType.FLOAT32),
          column("raw", DType.UINT8, 5),
          column("nested", DType.INT32, 2, 2));

  @TempDir Path temp;

  @Test
  void rowOrderDoesNotDependOnTheLayoutOfTheFrame() throws IOException {
    List<Row> rows = rows(101);
    List<byte[]> images = null;
    String fingerprint = null;
    for (int partitions : new int[] {1, 3, 7}) {
      Collections.shuffle(rows, new Random(partitions));
      Path dir = temp.resolve("p" + partitions);
      Snapshot snapshot =
          SnapshotWriter.write(SPARK, frame(rows, partitions), COLUMNS, dir.toString());
      List<byte[]> columns = columns(snapshot);
      if (images == null) {
        images = columns;
        fingerprint = snapshot.fingerprint();
      }
      assertThat(snapshot.rows()).isEqualTo(101);
      assertThat(snapshot.fingerprint()).isEqualTo(fingerprint);
      for (int c = 0; c < columns.size(); c++) {
        assertThat(columns.get(c))
            .as("%s, %d partitions", COLUMNS.get(c), partitions)
            .isEqualTo(images.get(c));
      }
    }
    assertHoldsTheRows(images, rows);
  }

  private static void assertHoldsTheRows(List<byte[]> columns, List<Row> rows) {
    ByteBuffer image = little(columns.get(0));
    ByteBuffer label = little(columns.get(1));
    ByteBuffer score = little(columns.get(2));
    ByteBuffer nested = little(columns.get(4));
    Set<String> got = new HashSet<>();
    for (int r = 0; r < rows.size(); r++) {
      List<Float> pixels = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        pixels.add(image.getFloat(4 * (6 * r + i)));
      }
      byte[] raw = Arrays.copyOfRange(columns.get(3), 5 * r, 5 * r + 5);
      got.add(
          pixels
              + " "
              + label.getLong(8 * r)
              + " "
              + score.getFloat(4 * r)
              + " "
              + Arrays.toString(raw)
              + " "
              + nested.getInt(16 * r + 12));
    }
    Set<String> expected =
        rows.stream()
            .map(
                r ->
                    Arrays.toString((float[]) r.get(0))
                        + " "
                        + r.getInt(1)
                        + " "
                        + (float) r.getDouble(3)
                        + " "
                        + Arrays.toString((byte[]) r.get(4))
                        + " "
                        + ((long[][]) r.get(5))[1][1])
            .collect(Collectors.toSet());
    assertThat(got).isEqualTo(expected);
  }

  @Test
  void sameRowsAreNotWrittenAgain() throws IOException {
    List<Row> rows = rows(20);
    String dir = temp.resolve("reuse").toString();
    Snapshot first = SnapshotWriter.write(SPARK, frame(rows, 2), COLUMNS, dir);
    Collections.shuffle(rows, new Random(5));
    assertThat(SnapshotWriter.write(SPARK, frame(rows, 3), COLUMNS, dir)).isEqualTo(first);
    assertThat(Snapshot.read(first.directory(), new Configuration())).isEqualTo(first);
    assertThat(files(first)).hasSize(1 + first.parts().size()).contains("manifest.json");
    assertThat(Path.of(dir)).isDirectoryContaining(data -> data.toString().contains("data-"));

    Files.delete(Path.of(URI.create(first.directory())).resolve(first.parts().get(0).file()));
    Snapshot again = SnapshotWriter.write(SPARK, frame(rows, 2), COLUMNS, dir);
    assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
    assertThat(again.directory()).isNotEqualTo(first.directory());
    assertThat(columns(again)).hasSize(COLUMNS.size());
  }

  @Test
  void otherRowsGoBesideThoseOfAnotherJob() throws IOException {
    List<Row> rows = rows(20);
    String dir = temp.resolve("shared").toString();
    Snapshot first = SnapshotWriter.write(SPARK, frame(rows, 2), COLUMNS, dir);
    List<byte[]> before = columns(first);
    Snapshot other = SnapshotWriter.write(SPARK, frame(rows.subList(1, 20), 3), COLUMNS, dir);
    assertThat(other.rows()).isEqualTo(19);
    assertThat(other.fingerprint()).isNotEqualTo(first.fingerprint());
    assertThat(columns(first)).usingRecursiveComparison().isEqualTo(before);
    assertThat(SnapshotWriter.write(SPARK, frame(rows, 1), COLUMNS, dir)).isEqualTo(first);
    assertThat(SnapshotWriter.write(SPARK, frame(rows.subList(1, 20), 1), COLUMNS, dir))
        .isEqualTo(other);
  }

  @Test
  void wrongColumnsAreFoundTogetherBeforeAnyJob() {
    Dataset<Row> frame = frame(rows(3), 1);
    assertThatThrownBy(
            () ->
                SnapshotWriter.write(
                    SPARK,
                    frame,
                    List.of(
                        column("imge", DType.FLOAT32, 6),
                        column("name", DType.INT64),
                        column("raw", DType.FLOAT32, 5),
                        column("label", DType.INT64, 4),
                        column("nested", DType.INT32)),
                    temp.toString()))
        .isInstanceOf(SnapshotException.class)
        .hasMessage(
            "snapshot: 5 problems: column imge must exist once in the frame; there is none, the"
                + " frame has [image array<float>, label int, name string, score double, raw"
                + " binary, nested array<array<bigint>>]; column name must hold numbers for"
                + " INT64[]; got string; column raw must hold numbers (binary serves UINT8 only)"
                + " for FLOAT32[5]; got binary; column label must hold an array of numbers for"
                + " INT64[4]; got int; column nested must hold one number per row for INT32[]; got"
                + " array<array<bigint>>");
  }

  @Test
  void rowsThatDoNotFitAreNamedInOneMessage() {
    assertFails(
        row(new float[5], 1, 0.5, 2),
        "snapshot: column image: rows must have 6 elements for shape [2, 3]; got 5 in row 10 of"
            + " partition 0 of the frame");
    assertFails(
        row(null, 1, 0.5, 2),
        "snapshot: column image: values must not be null; got null in row 10 of partition 0 of the"
            + " frame");
    assertFails(
        row(new float[6], 1, 1e300, 2),
        "snapshot: column score: values must be in the range of FLOAT32; got 1.0E300 in row 10 of"
            + " partition 0 of the frame");
    assertFails(
        row(new float[6], 1, 0.5, 1L << 40),
        "snapshot: column nested: values must be in the range of INT32; got 1099511627776 in row 10"
            + " of partition 0 of the frame");
  }

  private void assertFails(Row bad, String message) {
    List<Row> rows = new ArrayList<>(rows(10));
    rows.add(bad);
    Path dir = temp.resolve("bad");
    assertThatThrownBy(() -> SnapshotWriter.write(SPARK, frame(rows, 1), COLUMNS, dir.toString()))
        .isInstanceOf(SnapshotException.class)
        .hasMessage(message);
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void frameWithoutRowsIsRefused() {
    assertThatThrownBy(
            () -> SnapshotWriter.write(SPARK, frame(List.of(), 1), COLUMNS, temp.toString()))
        .isInstanceOf(SnapshotException.class)
        .hasMessage("snapshot: the frame must have at least one row; got 0");
  }

  @Test
  void frameWithoutPartitionsIsRefused() {
    Dataset<Row> none = frame(rows(3), 1).where("1 = 0");
    assertThatThrownBy(() -> SnapshotWriter.write(SPARK, none, COLUMNS, temp.toString()))
        .hasMessage("snapshot: the frame must have at least one row; got 0");
  }

  @Test
  void directoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    String dir = file.resolve("snapshot").toString();
    assertThatThrownBy(() -> SnapshotWriter.write(SPARK, frame(rows(3), 1), COLUMNS, dir))
        .isInstanceOf(SnapshotException.class)
        .hasMessageStartingWith(
            "snapshot: the frame must be computed and written to " + dir + "; ");
  }

  @Test
  void vectorsOfSparkMlBecomeRows() throws IOException {
    StructType schema = new StructType().add("v", new VectorLike());
    List<Row> rows =
        List.of(
            RowFactory.create(new VectorLike.Value(3, null, new double[] {1, 2, 3})),
            RowFactory.create(new VectorLike.Value(3, new int[] {1}, new double[] {9})));
    Snapshot snapshot =
        SnapshotWriter.write(
            SPARK,
            SPARK.createDataFrame(rows, schema),
            List.of(column("v", DType.FLOAT32, 3)),
            temp.toString());
    ByteBuffer v = little(columns(snapshot, "v").get(0));
    Set<List<Float>> got = new HashSet<>();
    for (int r = 0; r < 2; r++) {
      got.add(List.of(v.getFloat(12 * r), v.getFloat(12 * r + 4), v.getFloat(12 * r + 8)));
    }
    assertThat(got).containsExactlyInAnyOrder(List.of(1f, 2f, 3f), List.of(0f, 9f, 0f));
  }

  @Test
  void wholeFloatingPointNumbersServeAsIntegers() throws IOException {
    List<Column> columns = List.of(column("y", DType.INT64), column("z", DType.BOOL, 1));
    Dataset<Row> whole = SPARK.range(3).selectExpr("cast(id as double) y", "id % 2 = 0 as z");
    Snapshot snapshot = SnapshotWriter.write(SPARK, whole, columns, temp.toString());
    assertThat(columns(snapshot, "y").get(1)).containsExactlyInAnyOrder(1, 0, 1);
    Dataset<Row> half = SPARK.range(3).selectExpr("id / 2 y", "true as z");
    assertThatThrownBy(() -> SnapshotWriter.write(SPARK, half, columns, temp.toString()))
        .hasMessageStartingWith(
            "snapshot: column y: values must be whole numbers for INT64; got 0.5 in row ");
  }

  @Test
  void notANumberIsAValue() throws IOException {
    float[] pixels = {Float.NaN, Float.POSITIVE_INFINITY, -0f, 0f, 1f, 2f};
    Snapshot snapshot =
        SnapshotWriter.write(
            SPARK, frame(List.of(row(pixels, 1, 0.5, 2)), 1), COLUMNS, temp.toString());
    ByteBuffer image = little(columns(snapshot).get(0));
    assertThat(image.getFloat(0)).isNaN();
    assertThat(image.getFloat(4)).isInfinite();
    assertThat(Float.floatToRawIntBits(image.getFloat(8))).isEqualTo(0x80000000);
  }

  @Test
  void failureOfTheUsersFrameKeepsItsReason() {
    Dataset<Row> broken = frame(rows(4), 2).selectExpr("image", "assert_true(label < 0) as label");
    Dataset<Row> cast = broken.selectExpr("image", "cast(label as int) as label");
    assertThatThrownBy(
            () ->
                SnapshotWriter.write(
                    SPARK,
                    cast,
                    List.of(column("image", DType.FLOAT32, 6), column("label", DType.INT32)),
                    temp.toString()))
        .isInstanceOf(SnapshotException.class)
        .hasMessageStartingWith("snapshot: the frame must be computed and written to")
        .hasMessageContaining("label");
  }

  private static List<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    Random random = new Random(3);
    for (int r = 0; r < count; r++) {
      float[] image = new float[6];
      for (int i = 0; i < 6; i++) {
        image[i] = random.nextFloat();
      }
      rows.add(row(image, r, random.nextDouble(), r));
    }
    return rows;
  }

  private static Row row(float[] image, int label, double score, long nested) {
    byte[] raw = {1, 2, (byte) label, -1, 0};
    long[][] matrix = {{1, 2}, {3, nested}};
    return RowFactory.create(image, label, "n" + label, score, raw, matrix);
  }

  private static Dataset<Row> frame(List<Row> rows, int partitions) {
    try (var context =
        new org.apache.spark.api.java.JavaSparkContext(SPARK.sparkContext()) {
          @Override
          public void close() {
            // The session goes on.
          }
        }) {
      return SPARK.createDataFrame(context.parallelize(rows, partitions), SCHEMA);
    }
  }

  /** The bytes of each column, all parts together. */
  private static List<byte[]> columns(Snapshot snapshot) throws IOException {
    return columns(snapshot, "image");
  }

  private static List<byte[]> columns(Snapshot snapshot, String firstName) throws IOException {
    List<ByteArrayOutputStream> all =
        snapshot.columns().stream().map(c -> new ByteArrayOutputStream()).toList();
    long row = 0;
    for (Snapshot.Part part : snapshot.parts()) {
      byte[] file =
          Files.readAllBytes(Path.of(URI.create(snapshot.directory())).resolve(part.file()));
      assertThat(file).hasSize((int) part.bytes());
      assertThat(StorageFiles.crc32c(file)).isEqualTo(part.crc32c());
      assertThat(part.firstRow()).isEqualTo(row);
      row += part.rows();
      int header = (int) little(file).getLong(0);
      assertThat(new String(file, 8, header, StandardCharsets.UTF_8))
          .contains('"' + firstName + '"');
      int at = 8 + header;
      for (int c = 0; c < all.size(); c++) {
        int bytes = (int) part.rows() * snapshot.columns().get(c).rowBytes();
        all.get(c).write(file, at, bytes);
        at += bytes;
      }
      assertThat(at).isEqualTo(file.length);
    }
    return all.stream().map(ByteArrayOutputStream::toByteArray).toList();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<String> files(Snapshot snapshot) throws IOException {
    Path dir = Path.of(URI.create(snapshot.directory()));
    try (Stream<Path> files = Files.walk(dir)) {
      return files.filter(Files::isRegularFile).map(f -> dir.relativize(f).toString()).toList();
    }
  }
}
