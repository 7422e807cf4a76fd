package dev.bellows.spark.data;

import dev.bellows.serialize.SafeTensors;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes the sorted rows of one part. The file's name ends in the task attempt's number, so that
 * attempts never write to the same file; the driver keeps the file that the successful attempt
 * reports.
 */
record WriteTask(
    List<Column> columns, String directory, Broadcast<SerializableConfiguration> hadoop)
    implements Function2<Integer, Iterator<InternalRow>, Iterator<byte[]>> {

  /** Returns one {@link WrittenPart}. */
  @Override
  public Iterator<byte[]> call(Integer part, Iterator<InternalRow> rows) throws IOException {
    return List.of(TaskResult.write(write(part, rows))).iterator();
  }

  private WrittenPart write(int part, Iterator<InternalRow> rows) throws IOException {
    if (!rows.hasNext()) {
      return WrittenPart.empty(part);
    }
    long count = 0;
    try (ColumnSpool spool = new ColumnSpool(columns, localDirectory())) {
      for (; rows.hasNext(); count++) {
        spool.add(rows.next().getBinary(EncodeTask.DATA));
      }
      return write(part, count, spool);
    }
  }

  private WrittenPart write(int part, long rows, ColumnSpool spool) throws IOException {
    long attempt = TaskContext.get().taskAttemptId();
    String name = String.format(Locale.ROOT, "part-%05d-%d.safetensors", part, attempt);
    Path file = new Path(directory, name);
    FileSystem fs = StorageFiles.fileSystem(file, hadoop.value().value());
    try (FSDataOutputStream raw = fs.create(file, true);
        StorageFiles.Summing out = new StorageFiles.Summing(raw)) {
      out.write(SafeTensors.header(entries(rows), Map.of("format", "bellows-snapshot")));
      spool.transferTo(out);
      out.flush();
      StorageFiles.sync(raw);
      return new WrittenPart(part, name, rows, out.bytes(), out.crc32c());
    }
  }

  private LinkedHashMap<String, SafeTensors.Entry> entries(long rows) {
    LinkedHashMap<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
    for (Column column : columns) {
      entries.put(column.name(), new SafeTensors.Entry(column.dtype(), column.batchShape(rows)));
    }
    return entries;
  }

  /**
   * Returns Spark's own local directory if there is one, as it is on the disk intended for such
   * files.
   */
  private static java.nio.file.Path localDirectory() throws IOException {
    SparkEnv env = SparkEnv.get();
    File[] dirs = env == null ? null : env.blockManager().diskBlockManager().localDirs();
    java.nio.file.Path dir =
        dirs == null || dirs.length == 0
            ? java.nio.file.Path.of(System.getProperty("java.io.tmpdir"))
            : dirs[0].toPath();
    return Files.createDirectories(dir);
  }
}
