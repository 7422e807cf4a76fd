package dev.bellows.spark.data;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Writes a DataFrame as a {@link Snapshot}, on the executors.
 *
 * <p>Rows are encoded where they are stored and distributed to buckets by a hash of their bytes;
 * then neighbouring buckets become one part, sorted by the hash (rows of equal bytes are
 * interchangeable) and written by one task, and the driver publishes the manifest. The hash is
 * uniform, so equal slices of its range have about equal size without sampling. The frame's
 * partitioning only bounds the number of tasks; the number of parts follows from the bytes.
 */
public final class SnapshotWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

  /** Approximate size of a part; one task sorts it, and every executor copies it in one piece. */
  private static final long PART_BYTES = 64L << 20;

  /** Buckets are finer than partitions, as these may be few and large. */
  private static final int BUCKETS_PER_PARTITION = 16;

  private static final int MAX_BUCKETS = 4096;

  /** Number of tasks per core that read the frame, if it has more partitions. */
  private static final int TASKS_PER_CORE = 4;

  /** Minimum number of tasks, as dynamic allocation starts executors for waiting tasks. */
  private static final int LEAST_TASKS = 200;

  private static final String DATA_PREFIX = "data-";
  private static final String DESCRIPTION = "spark.job.description";

  private final SparkSession spark;
  private final List<Column> columns;
  private final Path directory;
  private final long partBytes;
  private final Consumer<String> messages;
  private final Configuration hadoop;
  private final FileSystem fs;

  private SnapshotWriter(
      SparkSession spark,
      List<Column> columns,
      String directory,
      long partBytes,
      Consumer<String> messages)
      throws IOException {
    this.spark = spark;
    this.columns = List.copyOf(columns);
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    Path path = new Path(directory);
    this.fs = StorageFiles.fileSystem(path, hadoop);
    this.directory = fs.makeQualified(path);
    this.partBytes = partBytes;
    this.messages = messages;
  }

  /**
   * Works like {@link #write(SparkSession, Dataset, List, String, Consumer)}; messages are logged.
   */
  public static Snapshot write(
      SparkSession spark, Dataset<Row> frame, List<Column> columns, String directory) {
    return write(spark, frame, columns, directory, LOG::warn);
  }

  /**
   * Writes the snapshot of a frame, or reuses an existing one: a snapshot in the directory with the
   * same columns and the same rows in any order is reused after its files were read and their
   * checksums verified; a damaged one is replaced. Snapshots of other content are unchanged: each
   * has its own subdirectory, so that jobs may share the given directory.
   *
   * <p>Columns are found by {@link Column#name}. Accepted per column: numbers or booleans (shape
   * empty, or one element), arrays of them (flat or nested as the shape), Spark ML vectors, and
   * binary for UINT8. Numbers are converted if the value fits: integers, those of DECIMAL with
   * scale 0 included, must be exact; floating-point numbers and DECIMAL with decimals may be
   * rounded to a floating-point type, and must be whole and in range for an integer one. NaN is a
   * value like any other.
   *
   * @param messages receives warnings, for example that a damaged snapshot was replaced
   * @throws SnapshotException in one line: columns that are missing, ambiguous or of a wrong type
   *     (before any Spark job starts), rows with nulls, wrong lengths or values out of range, a
   *     frame without rows, a directory that cannot be written or that executors do not share
   */
  public static Snapshot write(
      SparkSession spark,
      Dataset<Row> frame,
      List<Column> columns,
      String directory,
      Consumer<String> messages) {
    return write(spark, frame, columns, directory, PART_BYTES, messages);
  }

  static Snapshot write(
      SparkSession spark,
      Dataset<Row> frame,
      List<Column> columns,
      String directory,
      long partBytes,
      Consumer<String> messages) {
    FrameSchema schema = FrameSchema.resolve(frame, columns);
    RowEncoder encoder = new RowEncoder(columns, schema.sources());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    String description = context.getLocalProperty(DESCRIPTION);
    context.setLocalProperty(DESCRIPTION, "bellows: snapshot to " + directory);
    try {
      return new SnapshotWriter(spark, columns, directory, partBytes, messages)
          .write(schema.selected(), encoder);
    } catch (SnapshotException e) {
      throw e;
    } catch (Exception e) {
      throw new SnapshotException(
          message(
              "snapshot: the frame must be computed and written to %s; %s",
              directory, StorageFiles.reason(e)),
          e);
    } finally {
      context.setLocalProperty(DESCRIPTION, description);
    }
  }

  /**
   * Returns the problems with a frame's columns, one line each; empty if there are none. Starts no
   * Spark job.
   */
  public static List<String> problems(Dataset<Row> frame, List<Column> columns) {
    return FrameSchema.problems(frame, columns);
  }

  private Snapshot write(Dataset<Row> selected, RowEncoder encoder) throws IOException {
    JavaRDD<InternalRow> rows = internalRows(selected);
    int partitions = rows.getNumPartitions();
    int buckets = Math.min(MAX_BUCKETS, BUCKETS_PER_PARTITION * Math.max(1, partitions));
    int tasks = Math.max(LEAST_TASKS, TASKS_PER_CORE * spark.sparkContext().defaultParallelism());
    JavaRDD<InternalRow> encoded =
        rows.mapPartitionsWithIndex(new EncodeTask(encoder, buckets), true)
            .coalesce(Math.max(1, Math.min(partitions, tasks)));
    Snapshot damaged = null;
    List<Snapshot> present = present();
    if (!present.isEmpty()) {
      String fingerprint = content(sums(encoded, buckets).collect()).fingerprint(columns);
      for (Snapshot snapshot : present) {
        if (snapshot.fingerprint().equals(fingerprint)) {
          if (isWhole(snapshot)) {
            fs.delete(snapshot.damageNote(), false);
            LOG.info("snapshot: {} rows in {} used again", snapshot.rows(), snapshot.directory());
            return snapshot;
          }
          damaged = snapshot;
        }
      }
    }
    Snapshot written = writeParts(encoded, buckets, encoder.rowBytes());
    if (damaged != null && damaged.fingerprint().equals(written.fingerprint())) {
      fs.delete(new Path(damaged.directory()), true);
    }
    return written;
  }

  /**
   * Returns the rows in Spark's own binary form: arrays of numbers are read from it without boxing.
   */
  private static JavaRDD<InternalRow> internalRows(Dataset<Row> frame) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) frame).queryExecution().toRdd().toJavaRDD();
  }

  private Dataset<Row> frame(RDD<InternalRow> records) {
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .internalCreateDataFrame(records, EncodeTask.SCHEMA, false);
  }

  /** Returns the snapshots in the directory that have these columns. */
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
          if (snapshot.columns().equals(columns)) {
            present.add(snapshot);
          }
        } catch (SnapshotException e) {
          messages.accept(e.getMessage() + "; it is passed over, its directory may be removed");
        }
      }
    }
    return present;
  }

  /**
   * Reads all files of a snapshot on the executors; reports the problem with the first damaged one.
   */
  private boolean isWhole(Snapshot snapshot) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<Integer> parts = new ArrayList<>();
    for (int p = 0; p < snapshot.parts().size(); p++) {
      parts.add(p);
    }
    int tasks = Math.min(parts.size(), TASKS_PER_CORE * context.defaultParallelism());
    Broadcast<SerializableConfiguration> conf =
        SerializableConfiguration.broadcast(spark.sparkContext(), hadoop);
    try {
      List<String> problems =
          context
              .parallelize(parts, tasks)
              .map(p -> PartCache.problem(snapshot, snapshot.parts().get(p), conf.value().value()))
              .filter(problem -> !problem.isEmpty())
              .collect();
      if (!problems.isEmpty()) {
        String more = problems.size() == 1 ? "" : " and " + (problems.size() - 1) + " more parts";
        messages.accept(
            message(
                "snapshot: %s%s; the snapshot is written anew from the data frame",
                problems.get(0), more));
      }
      return problems.isEmpty();
    } finally {
      conf.destroy();
    }
  }

  /** Returns the summaries of the frame's partitions, without the rows. */
  private static JavaRDD<byte[]> sums(JavaRDD<InternalRow> records, int buckets) {
    return records
        .filter(record -> record.getInt(EncodeTask.BUCKET) == buckets)
        .map(record -> record.getBinary(EncodeTask.DATA));
  }

  /**
   * Adds up the summaries of the partitions; fails with the first error of a partition, or if the
   * frame has no rows.
   */
  private static ContentSum content(List<byte[]> sums) {
    ContentSum content = ContentSum.NONE;
    List<PartitionSum> ordered =
        sums.stream()
            .map(bytes -> TaskResult.read(bytes, PartitionSum.class))
            .sorted(Comparator.comparingInt(PartitionSum::partition))
            .toList();
    for (PartitionSum sum : ordered) {
      if (sum.error() != null) {
        throw new SnapshotException(sum.error());
      }
      content = content.plus(sum.content());
    }
    if (content.rows() == 0) {
      throw new SnapshotException("snapshot: the frame must have at least one row; got 0");
    }
    return content;
  }

  private Snapshot writeParts(JavaRDD<InternalRow> encoded, int buckets, int rowBytes)
      throws IOException {
    if (encoded.getNumPartitions() == 0) {
      return snapshot(null, content(List.of()), List.of());
    }
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path data = new Path(directory, DATA_PREFIX + random);
    fs.mkdirs(data);
    Broadcast<SerializableConfiguration> conf =
        SerializableConfiguration.broadcast(spark.sparkContext(), hadoop);
    try {
      JavaRDD<InternalRow> dealt =
          internalRows(frame(encoded.rdd()).repartitionById(buckets + 1, functions.col("bucket")));
      ContentSum content = content(sums(dealt, buckets).collectPartitions(new int[] {buckets})[0]);
      int parts = parts(content.rows() * rowBytes, buckets);
      RDD<InternalRow> grouped =
          dealt.rdd().coalesce(parts, false, Option.apply(new BucketGroups(buckets)), null);
      List<byte[]> written =
          internalRows(frame(grouped).sortWithinPartitions("first", "second", "data"))
              .mapPartitionsWithIndex(new WriteTask(columns, data.toString(), conf), true)
              .collect();
      Snapshot snapshot = snapshot(data, content, written);
      requireShared(snapshot, data);
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

  private int parts(long bytes, int buckets) {
    return (int) Math.max(1, Math.min((bytes + partBytes - 1) / partBytes, buckets));
  }

  private Snapshot snapshot(Path data, ContentSum content, List<byte[]> written) {
    List<Snapshot.Part> parts = new ArrayList<>();
    long row = 0;
    for (byte[] bytes : written) { // in the order of the parts
      WrittenPart part = TaskResult.read(bytes, WrittenPart.class);
      if (part.file() != null) {
        parts.add(new Snapshot.Part(part.file(), row, part.rows(), part.bytes(), part.crc32c()));
        row += part.rows();
      }
    }
    if (row != content.rows()) {
      throw new SnapshotException(
          message(
              "snapshot: the frame must give the same rows when a lost task runs again; %s rows"
                  + " were read, %s written",
              content.rows(), row));
    }
    return new Snapshot(
        Snapshot.FORMAT_VERSION,
        data.toString(),
        row,
        columns,
        parts,
        content.fingerprint(columns));
  }

  /** Checks that the driver sees all parts, and removes files of unsuccessful task attempts. */
  private void requireShared(Snapshot snapshot, Path data) throws IOException {
    List<String> missing =
        new ArrayList<>(snapshot.parts().stream().map(Snapshot.Part::file).toList());
    for (FileStatus entry : fs.listStatus(data)) {
      if (!missing.remove(entry.getPath().getName())) {
        fs.delete(entry.getPath(), false);
      }
    }
    if (!missing.isEmpty()) {
      throw new SnapshotException(
          message(
              "snapshot: %s must be shared by the driver and all executors; executors wrote %s"
                  + " there, which the driver does not see. Give a directory that all share",
              directory, missing.get(0)));
    }
  }
}
