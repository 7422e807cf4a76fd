package dev.bellows.data;

import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dataset of tensors in memory: named columns whose dimension 0 counts the rows. A sample is a
 * row of each column, as a view, by the column's name. The tensors are shared, and no scope
 * releases them. Source: PyTorch's {@code torch.utils.data.TensorDataset}.
 */
public final class TensorDataset implements Dataset<Map<String, Tensor>> {
  private final LinkedHashMap<String, Tensor> columns;
  private final long rows;

  private TensorDataset(LinkedHashMap<String, Tensor> columns, long rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * Returns a source of named columns, in the map's order.
   *
   * @throws IllegalArgumentException if there is none, one has no dimension 0, or their numbers of
   *     rows differ
   */
  public static TensorDataset of(Map<String, ? extends Tensor> columns) {
    LinkedHashMap<String, Tensor> own = new LinkedHashMap<>(columns);
    long rows = Batch.rowsOf("TensorDataset", own);
    own.replaceAll((name, tensor) -> tensor.detach().contiguous().retain());
    return new TensorDataset(own, rows);
  }

  /** Returns a dataset of columns that are named by their positions: "0", "1" and so on. */
  public static TensorDataset of(Tensor... columns) {
    return of(Batch.byPosition(List.of(columns)));
  }

  @Override
  public long size() {
    return rows;
  }

  @Override
  public Map<String, Tensor> get(long index) {
    Indices.index("TensorDataset", rows, index);
    Map<String, Tensor> row = new LinkedHashMap<>();
    columns.forEach((name, column) -> row.put(name, column.select(0, index)));
    return row;
  }

  /** Returns the columns by name, in order. */
  public Map<String, Tensor> columns() {
    return Collections.unmodifiableMap(columns);
  }

  @Override
  public Batch gather(long[] rowNumbers) {
    for (int i = 0; i < rowNumbers.length; i++) {
      Indices.row(rows, i, rowNumbers);
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
