package dev.bellows.spark.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.Memory;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The rows of a snapshot on this machine: part files are local (or copied once to a cache) and
 * memory-mapped, and batches are copied from them row by row. Thread-safe.
 */
public final class SnapshotSource implements BatchSource, AutoCloseable {
  private static final long MAX_REGION_BYTES = 1L << 30;

  private final long rows;
  private final List<Column> columns;
  private final long[] firstRow;
  private volatile MappedPart[] parts;

  private SnapshotSource(Snapshot snapshot, MappedPart[] parts) {
    this.rows = snapshot.rows();
    this.columns = snapshot.columns();
    this.firstRow = snapshot.parts().stream().mapToLong(Snapshot.Part::firstRow).toArray();
    this.parts = parts;
  }

  /**
   * Opens a snapshot on this machine.
   *
   * @param hadoop configuration of the snapshot's file system
   * @param cacheDirectory local directory for copies of parts that are not local; copies are kept
   *     and found again by the snapshot's fingerprint
   * @throws SnapshotException if a part is missing or damaged, or cannot be copied
   */
  public static SnapshotSource open(Snapshot snapshot, Configuration hadoop, Path cacheDirectory) {
    return open(snapshot, hadoop, cacheDirectory, MAX_REGION_BYTES);
  }

  static SnapshotSource open(
      Snapshot snapshot, Configuration hadoop, Path cacheDirectory, long maxRegionBytes) {
    MappedPart[] parts = new MappedPart[snapshot.parts().size()];
    try {
      PartCache cache = new PartCache(snapshot, hadoop, cacheDirectory);
      for (int p = 0; p < parts.length; p++) {
        Snapshot.Part part = snapshot.parts().get(p);
        parts[p] =
            MappedPart.open(cache.local(part), snapshot.columns(), part.rows(), maxRegionBytes);
      }
    } catch (IOException e) {
      throw new SnapshotException(
          message(
              "snapshot: parts must be readable; %s: %s",
              snapshot.directory(), StorageFiles.reason(e)),
          e);
    }
    return new SnapshotSource(snapshot, parts);
  }

  @Override
  public long rows() {
    return rows;
  }

  /** Returns the columns of a row. */
  public List<Column> columns() {
    return columns;
  }

  @Override
  public Batch gather(long[] rowNumbers) {
    MappedPart[] open = parts;
    if (open == null) {
      throw new IllegalStateException("gather: the snapshot must be open; it was closed");
    }
    int[] partOf = new int[rowNumbers.length];
    for (int i = 0; i < rowNumbers.length; i++) {
      partOf[i] = partOf(rowNumbers, i);
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int c = 0; c < columns.size(); c++) {
      Column column = columns.get(c);
      Tensor tensor = Tensor.empty(column.dtype(), column.batchShape(rowNumbers.length));
      int bytes = column.rowBytes();
      long out = rowNumbers.length == 0 ? 0 : tensor.strided().address();
      for (int i = 0; i < rowNumbers.length; i++, out += bytes) {
        int part = partOf[i];
        Memory.copy(open[part].address(c, rowNumbers[i] - firstRow[part]), out, bytes);
      }
      inputs.put(column.name(), tensor);
    }
    return Batch.of(inputs);
  }

  /** Returns the index of the last part that starts at or before a row. */
  private int partOf(long[] rowNumbers, int i) {
    long row = rowNumbers[i];
    if (row < 0 || row >= rows) {
      throw new IllegalArgumentException(
          message("gather: row numbers must be in 0..%s; got %s at %s", rows - 1, row, i));
    }
    int low = 0;
    int high = firstRow.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (firstRow[middle] <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Releases the mappings; their memory is freed when nothing refers to it. */
  @Override
  public void close() {
    parts = null;
  }
}
