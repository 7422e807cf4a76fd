package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A source of rows from tensors in memory: named columns whose dimension 0 counts the rows. The
 * tensors are shared, and no scope releases them.
 */
public final class TensorSource implements BatchSource {
  private final LinkedHashMap<String, Tensor> columns;
  private final long rows;

  private TensorSource(LinkedHashMap<String, Tensor> columns, long rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * Returns a source of named columns, in the map's order.
   *
   * @throws IllegalArgumentException if there is none, one has no dimension 0, or their numbers of
   *     rows differ
   */
  public static TensorSource of(Map<String, ? extends Tensor> columns) {
    LinkedHashMap<String, Tensor> own = new LinkedHashMap<>(columns);
    long rows = Batch.rowsOf("TensorSource", own);
    own.replaceAll((name, tensor) -> tensor.detach().contiguous().retain());
    return new TensorSource(own, rows);
  }

  @Override
  public long rows() {
    return rows;
  }

  /** Returns the columns by name, in order. */
  public Map<String, Tensor> columns() {
    return java.util.Collections.unmodifiableMap(columns);
  }

  @Override
  public Batch gather(long[] rowNumbers) {
    for (int i = 0; i < rowNumbers.length; i++) {
      if (rowNumbers[i] < 0 || rowNumbers[i] >= rows) {
        throw new IllegalArgumentException(
            message(
                "gather: row numbers must be in [0, %s); got %s at position %s of %s",
                rows, rowNumbers[i], i, rowNumbers.length));
      }
    }
    LinkedHashMap<String, Tensor> inputs = new LinkedHashMap<>();
    columns.forEach((name, column) -> inputs.put(name, rows(column, rowNumbers)));
    return Batch.of(inputs);
  }

  private static Tensor rows(Tensor column, long... rowNumbers) {
    if (column.device() != Device.CPU) {
      return column.indexSelect(0, Tensor.of(rowNumbers).to(column.device()));
    }
    long[] shape = column.shape();
    shape[0] = rowNumbers.length;
    Tensor out = Tensor.empty(column.dtype(), shape);
    long rowBytes = column.dtype().bytes();
    for (int d = 1; d < shape.length; d++) {
      rowBytes *= shape[d];
    }
    long source = column.strided().address();
    long destination = out.strided().address();
    for (long row : rowNumbers) {
      Memory.copy(source + row * rowBytes, destination, rowBytes);
      destination += rowBytes;
    }
    return out;
  }
}
