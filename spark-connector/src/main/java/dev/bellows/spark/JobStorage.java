package dev.bellows.spark;

import dev.bellows.spark.data.Column;
import dev.bellows.spark.data.Snapshot;
import dev.bellows.spark.data.SnapshotException;
import dev.bellows.spark.data.SnapshotSource;
import dev.bellows.spark.data.SnapshotWriter;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.spark.worker.SourceFactory;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a job lays down what driver and executors share. */
final class JobStorage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobStorage.class);

  private final SparkSession spark;
  private final Configuration hadoop;
  private final Path directory;
  private final boolean temporary;

  /**
   * The storage of a job.
   *
   * @param directory null: a temporary one on this machine
   */
  JobStorage(SparkSession spark, String directory) {
    this.spark = spark;
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    this.temporary = directory == null;
    try {
      var path =
          temporary
              ? new Path(java.nio.file.Files.createTempDirectory("bellows-").toUri())
              : new Path(directory);
      this.directory = path.getFileSystem(hadoop).makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw BellowsException.user(
          "storage: directory must be on a known file system; "
              + directory
              + ": "
              + e.getMessage());
    }
  }

  /** A path in it, or the given one, with scheme and from the root: executors work elsewhere. */
  String file(String given, String name) {
    try {
      var path = given == null ? new Path(directory, name) : new Path(given);
      return path.getFileSystem(hadoop).makeQualified(path).toString();
    } catch (IOException | IllegalArgumentException e) {
      throw BellowsException.user(
          "storage: " + given + " must be on a known file system: " + e.getMessage());
    }
  }

  /** Where a generation writes the trained weights until all ranks agree. */
  static String temporary(String file, String jobId, int generation) {
    var target = new Path(file);
    var name = "." + target.getName() + "." + jobId + "-" + generation + ".tmp";
    return new Path(target.getParent(), name).toString();
  }

  /** Gives the trained weights their name. */
  void publish(String temporary, String file) {
    var target = new Path(file);
    try {
      StorageFiles.replace(StorageFiles.fileSystem(target, hadoop), new Path(temporary), target);
    } catch (IOException e) {
      throw new BellowsException(
          BellowsException.Category.RETRYABLE,
          "model: cannot write " + file + ": " + e.getMessage(),
          e);
    }
  }

  /** Removes what a failed generation may have left. */
  void remove(String file) {
    var path = new Path(file);
    try {
      StorageFiles.fileSystem(path, hadoop).delete(path, false);
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}", file, e.getMessage());
    }
  }

  /** Lays down a frame's rows. */
  Snapshot snapshot(String name, Dataset<Row> frame, List<Column> columns) {
    try {
      return SnapshotWriter.write(
          spark, frame, columns, new Path(new Path(directory, "data"), name).toString());
    } catch (SnapshotException e) {
      throw new BellowsException(BellowsException.Category.USER, e.getMessage(), e);
    }
  }

  /** How executors open a snapshot. */
  static SourceFactory factory(Snapshot snapshot, Map<String, String> settings) {
    return cache -> {
      var configuration = new Configuration();
      settings.forEach(configuration::set);
      return SnapshotSource.open(snapshot, configuration, cache);
    };
  }

  /** The settings of the file systems that differ from Hadoop's defaults. */
  Map<String, String> settings() {
    var defaults = new Configuration();
    var settings = new HashMap<String, String>();
    for (var entry : hadoop) {
      if (!entry.getValue().equals(defaults.getRaw(entry.getKey()))) {
        settings.put(entry.getKey(), entry.getValue());
      }
    }
    return settings;
  }

  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try {
      var files = directory.getFileSystem(hadoop);
      files.delete(new Path(directory, "data"), true);
      if (files.listStatus(directory).length == 0) { // a failed job leaves no model there
        files.delete(directory, false);
      }
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}", directory, e.getMessage());
    }
  }
}
