package dev.bellows.spark.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a DataFrame as a {@link Snapshot}, on the executors.
 *
 * <p>Rows are encoded where they are, ordered by a hash of their bytes (rows of equal bytes are
 * interchangeable), and written by one task per part; the driver then publishes the manifest. The
 * hash is uniform, so equal slices of its range make parts of about equal size without sampling.
 */
public final class SnapshotWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);
  private static final int MAX_PARTS = 4096;
  private static final String DATA_PREFIX = "data-";
  private static final String DESCRIPTION = "spark.job.description";

  private final SparkSession spark;
  private final List<Column> columns;
  private final Path directory;
  private final Configuration hadoop;
  private final FileSystem fs;

  private SnapshotWriter(SparkSession spark, List<Column> columns, String directory)
      throws IOException {
    this.spark = spark;
    this.columns = List.copyOf(columns);
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    Path path = new Path(directory);
    this.fs = StorageFiles.fileSystem(path, hadoop);
    this.directory = fs.makeQualified(path);
  }

  /**
   * Writes the snapshot of a frame, or finds it written already: a snapshot in the directory with
   * the same columns and the same rows in any order is used again. Snapshots of other content stay
   * as they are: each lies in a directory of its own, so that jobs may share the one given.
   *
   * <p>Accepted per column: numbers or booleans (shape empty, or one element), arrays of them (flat
   * or nested as the shape), Spark ML vectors, and binary for UINT8. Numbers are converted where
   * the value fits: integers must be exact, floating-point numbers may be rounded to FLOAT32. NaN
   * is a value like any other.
   *
   * @throws SnapshotException in one line: columns that are missing or of a wrong type (before any
   *     Spark job starts), rows with nulls, wrong lengths or values out of range, a frame without
   *     rows, a directory that cannot be written
   */
  public static Snapshot write(
      SparkSession spark, Dataset<Row> frame, List<Column> columns, String directory) {
    List<SourceType> sources = FrameSchema.resolve(frame.schema(), columns);
    RowEncoder encoder = new RowEncoder(columns, sources);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    String description = context.getLocalProperty(DESCRIPTION);
    context.setLocalProperty(DESCRIPTION, "bellows: snapshot to " + directory);
    try {
      return new SnapshotWriter(spark, columns, directory).write(frame, encoder);
    } catch (SnapshotException e) {
      throw e;
    } catch (Exception e) {
      throw new SnapshotException(
          "snapshot: the frame must be computed and written to "
              + directory
              + "; "
              + StorageFiles.reason(e),
          e);
    } finally {
      context.setLocalProperty(DESCRIPTION, description);
    }
  }

  private Snapshot write(Dataset<Row> frame, RowEncoder encoder) throws IOException {
    JavaRDD<InternalRow> rows = internalRows(select(frame));
    int parts = Math.max(1, Math.min(rows.getNumPartitions(), MAX_PARTS));
    JavaRDD<Row> encoded = rows.mapPartitionsWithIndex(new EncodeTask(encoder, parts), true);
    List<Snapshot> present = present();
    if (!present.isEmpty()) {
      String fingerprint = fingerprint(encoded);
      for (Snapshot snapshot : present) {
        if (snapshot.fingerprint().equals(fingerprint)) {
          LOG.info("snapshot: {} rows in {} used again", snapshot.rows(), snapshot.directory());
          return snapshot;
        }
      }
    }
    return writeParts(encoded, parts);
  }

  private Dataset<Row> select(Dataset<Row> frame) {
    return frame.select(
        columns.stream()
            .map(c -> frame.col("`" + c.name().replace("`", "``") + "`"))
            .toArray(org.apache.spark.sql.Column[]::new));
  }

  /** The rows in Spark's own binary form: arrays of numbers are read from it without boxing. */
  private static JavaRDD<InternalRow> internalRows(Dataset<Row> frame) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) frame).queryExecution().toRdd().toJavaRDD();
  }

  /** The snapshots in the directory that have these columns and all of their files. */
  private List<Snapshot> present() throws IOException {
    List<Snapshot> present = new ArrayList<>();
    if (!fs.exists(directory)) {
      return present;
    }
    for (FileStatus entry : fs.listStatus(directory)) {
      Path data = entry.getPath();
      if (data.getName().startsWith(DATA_PREFIX) && fs.exists(new Path(data, Snapshot.MANIFEST))) {
        try {
          Snapshot snapshot = Snapshot.read(data.toString(), hadoop);
          if (snapshot.columns().equals(columns) && isWhole(snapshot)) {
            present.add(snapshot);
          }
        } catch (SnapshotException e) {
          LOG.warn("{}; it is passed over", e.getMessage());
        }
      }
    }
    return present;
  }

  private boolean isWhole(Snapshot snapshot) throws IOException {
    for (Snapshot.Part part : snapshot.parts()) {
      Path file = new Path(snapshot.directory(), part.file());
      if (!fs.exists(file) || fs.getFileStatus(file).getLen() != part.bytes()) {
        return false;
      }
    }
    return true;
  }

  private String fingerprint(JavaRDD<Row> encoded) {
    List<WrittenPart> sums = encoded.mapPartitionsWithIndex(SnapshotWriter::sum, true).collect();
    return content(sums).fingerprint(columns);
  }

  private static java.util.Iterator<WrittenPart> sum(int part, java.util.Iterator<Row> rows) {
    ContentSum content = ContentSum.NONE;
    while (rows.hasNext()) {
      Row row = rows.next();
      if (!row.isNullAt(EncodeTask.ERROR)) {
        return Stream.of(WrittenPart.failed(part, row.getString(EncodeTask.ERROR))).iterator();
      }
      content = content.plusRow(row.getLong(EncodeTask.FIRST), row.getLong(EncodeTask.SECOND));
    }
    return Stream.of(new WrittenPart(part, null, 0, null, content, null)).iterator();
  }

  /** Adds the parts up; the first error ends it, and so does a frame without rows. */
  private static ContentSum content(List<WrittenPart> parts) {
    ContentSum content = ContentSum.NONE;
    for (WrittenPart part : parts) {
      if (part.error() != null) {
        throw new SnapshotException(part.error());
      }
      content = content.plus(part.content());
    }
    if (content.rows() == 0) {
      throw new SnapshotException("snapshot: the frame must have at least one row; got 0");
    }
    return content;
  }

  private Snapshot writeParts(JavaRDD<Row> encoded, int parts) throws IOException {
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path data = new Path(directory, DATA_PREFIX + random);
    fs.mkdirs(data);
    Broadcast<SerializableConfiguration> conf =
        SerializableConfiguration.broadcast(spark.sparkContext(), hadoop);
    try {
      Dataset<Row> sorted =
          spark
              .createDataFrame(encoded, EncodeTask.SCHEMA)
              .repartitionById(parts, functions.col("part"))
              .sortWithinPartitions("first", "second", "data");
      List<WrittenPart> written =
          internalRows(sorted)
              .mapPartitionsWithIndex(new WriteTask(columns, data.toString(), conf), true)
              .collect();
      Snapshot snapshot = snapshot(data, written);
      removeStrays(snapshot, data);
      StorageFiles.publish(fs, new Path(data, Snapshot.MANIFEST), snapshot.toJson());
      LOG.info("snapshot: {} rows in {} parts to {}", snapshot.rows(), parts, data);
      return snapshot;
    } catch (IOException | RuntimeException e) {
      StorageFiles.deleteAfter(e, fs, data);
      throw e;
    } finally {
      conf.destroy();
    }
  }

  private Snapshot snapshot(Path data, List<WrittenPart> written) {
    ContentSum content = content(written);
    List<WrittenPart> ordered = new ArrayList<>(written);
    ordered.sort(Comparator.comparingInt(WrittenPart::part));
    List<Snapshot.Part> parts = new ArrayList<>();
    long row = 0;
    for (WrittenPart part : ordered) {
      long rows = part.content().rows();
      if (rows > 0) {
        parts.add(new Snapshot.Part(part.file(), row, rows, part.bytes(), part.crc32c()));
        row += rows;
      }
    }
    return new Snapshot(
        Snapshot.FORMAT_VERSION,
        data.toString(),
        row,
        columns,
        parts,
        content.fingerprint(columns));
  }

  /** Removes files of task attempts that lost. */
  private void removeStrays(Snapshot snapshot, Path data) throws IOException {
    List<String> kept = snapshot.parts().stream().map(Snapshot.Part::file).toList();
    for (FileStatus entry : fs.listStatus(data)) {
      if (!kept.contains(entry.getPath().getName())) {
        fs.delete(entry.getPath(), false);
      }
    }
  }
}
