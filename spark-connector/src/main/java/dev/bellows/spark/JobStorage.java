package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import dev.bellows.spark.data.Column;
import dev.bellows.spark.data.Snapshot;
import dev.bellows.spark.data.SnapshotException;
import dev.bellows.spark.data.SnapshotSource;
import dev.bellows.spark.data.SnapshotWriter;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.spark.worker.SourceFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
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

/** Directory in which a job keeps the files that driver and executors share. */
final class JobStorage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobStorage.class);

  private final SparkSession spark;
  private final Configuration hadoop;
  private final Path directory;
  private final boolean temporary;
  private final Time time;
  private Path published;

  /**
   * Creates the storage of a job.
   *
   * @param directory null: a temporary one on this machine
   */
  JobStorage(SparkSession spark, String directory, Time time) {
    this.spark = spark;
    this.time = time;
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    this.temporary = directory == null;
    try {
      var path =
          temporary
              ? new Path("file", null, Files.createTempDirectory("bellows-").toString())
              : new Path(directory);
      this.directory = path.getFileSystem(hadoop).makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw BellowsException.user(
          message(
              "storage: directory must be on a known file system; %s: %s",
              directory, e.getMessage()));
    }
  }

  /**
   * Returns a path in the directory, or the given one, as an absolute path with a scheme, since
   * executors have other working directories.
   */
  String file(String given, String name) {
    try {
      var path = given == null ? new Path(directory, name) : new Path(given);
      return path.getFileSystem(hadoop).makeQualified(path).toString();
    } catch (IOException | IllegalArgumentException e) {
      throw BellowsException.user(
          message("storage: %s must be on a known file system: %s", given, e.getMessage()));
    }
  }

  /** Returns where a generation writes the trained weights until all ranks agree. */
  static String temporary(String file, String jobId, int generation) {
    var target = new Path(file);
    var name = "." + target.getName() + "." + jobId + "-" + generation + ".tmp";
    return new Path(target.getParent(), name).toString();
  }

  /** Renames the trained weights to their final name. */
  void publish(String temporary, String file) {
    var target = new Path(file);
    try {
      StorageFiles.replace(StorageFiles.fileSystem(target, hadoop), new Path(temporary), target);
      published = target;
    } catch (IOException e) {
      throw new BellowsException(
          BellowsException.Category.RETRYABLE,
          message("model: cannot write %s: %s", file, e.getMessage()),
          e);
    }
  }

  /** Removes the model file of a failed generation, if there is one. */
  void remove(String file) {
    var path = new Path(file);
    try {
      StorageFiles.fileSystem(path, hadoop).delete(path, false);
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}", file, e.getMessage());
    }
  }

  /**
   * Writes a frame's rows as a snapshot.
   *
   * @param slots how long that may wait for a task slot
   */
  Snapshot snapshot(
      String name,
      Dataset<Row> frame,
      List<Column> columns,
      Duration slots,
      TrainingListener listener) {
    var place = new Path(new Path(directory, "data"), name).toString();
    var what = "snapshot " + name;
    try (var watch = new SnapshotWatch(spark.sparkContext(), what, slots, listener, time)) {
      try {
        return SnapshotWriter.write(spark, frame, columns, place, listener::message);
      } catch (SnapshotException e) {
        throw watch.failure() != null
            ? watch.failure()
            : new BellowsException(BellowsException.Category.USER, e.getMessage(), e);
      }
    }
  }

  /**
   * Returns the same snapshot, or one rewritten from the frame if a worker found a part missing or
   * damaged and the check confirms it.
   *
   * @param reported the worker's message
   */
  Snapshot heal(
      Snapshot snapshot,
      String name,
      Dataset<Row> frame,
      Duration slots,
      TrainingListener listener,
      String reported) {
    try {
      if (!snapshot.isReportedDamaged(hadoop)) {
        return snapshot;
      }
    } catch (IOException e) {
      LOG.warn("cannot read {}: {}", snapshot.directory(), e.getMessage());
      return snapshot;
    }
    Snapshot healed;
    try {
      healed = snapshot(name, frame, snapshot.columns(), slots, listener);
    } catch (BellowsException e) {
      throw new BellowsException(
          e.category(), message("%s; it cannot be written anew: %s", reported, e.getMessage()), e);
    }
    if (!healed.fingerprint().equals(snapshot.fingerprint())) {
      throw BellowsException.user(
          message(
              "%s; it cannot be written anew: the data frame must give the same rows again; it gave"
                  + " %s rows with fingerprint %s, and now %s with %s",
              reported,
              snapshot.rows(),
              snapshot.fingerprint(),
              healed.rows(),
              healed.fingerprint()));
    }
    return healed;
  }

  /** Returns how executors open a snapshot. */
  static SourceFactory factory(Snapshot snapshot, Map<String, String> settings) {
    return cache -> {
      var configuration = new Configuration();
      settings.forEach(configuration::set);
      return SnapshotSource.open(snapshot, configuration, cache);
    };
  }

  /** Returns the settings of the file systems that differ from Hadoop's defaults. */
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
      if (published == null || !published.getParent().equals(directory)) {
        files.delete(directory, true);
        return;
      }
      files.delete(new Path(directory, "data"), true);
      // The caller may read the model while this JVM lives. Files are deleted in reverse order of
      // registration.
      new File(directory.toUri()).deleteOnExit();
      new File(published.toUri()).deleteOnExit();
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}", directory, e.getMessage());
    }
  }
}
