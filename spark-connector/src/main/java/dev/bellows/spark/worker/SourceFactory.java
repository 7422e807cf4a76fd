package dev.bellows.spark.worker;

import dev.bellows.data.BatchSource;
import java.io.Serializable;
import java.nio.file.Path;

/** Opens the rows of a job on an executor. */
@FunctionalInterface
public interface SourceFactory extends Serializable {
  /**
   * Opens them. A source that is {@link AutoCloseable} is closed at the end.
   *
   * @param cacheDirectory on this executor's disk
   */
  BatchSource open(Path cacheDirectory);
}
