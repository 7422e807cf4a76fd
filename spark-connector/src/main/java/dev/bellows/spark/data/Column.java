package dev.bellows.spark.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * A column of a DataFrame and the tensor it becomes: a batch of n rows has shape [n, shape...].
 *
 * @param name of the input in a batch, and of its source: the column of the DataFrame with this
 *     name, or a name as Spark resolves it, so {@code a.b} is field {@code b} of column {@code a},
 *     and backticks quote a dot. Names are case-sensitive only if {@code spark.sql.caseSensitive}
 *     is true; a name that matches several columns is rejected
 * @param dtype element type of the tensor
 * @param shape sizes of one row, outermost first, each at least 1; empty for one number per row
 */
public record Column(String name, DType dtype, long[] shape) implements Serializable {
  /** Maximum bytes of one row of a column, since rows are transferred as byte arrays. */
  static final long MAX_ROW_BYTES = 1L << 30;

  /**
   * Checks name and sizes.
   *
   * @throws SnapshotException if the name is empty, a size is below 1, or a row is above 1 GiB
   */
  public Column {
    Objects.requireNonNull(dtype, "dtype");
    if (name == null || name.isEmpty()) {
      throw new SnapshotException("column: name must not be empty");
    }
    shape = shape.clone();
    double bytes = dtype.bytes();
    for (long size : shape) {
      bytes *= size;
      if (size < 1 || bytes > MAX_ROW_BYTES) {
        throw new SnapshotException(
            message(
                "column %s: sizes must be at least 1 and a row at most 1 GiB; got %s",
                name, shape));
      }
    }
  }

  /**
   * Returns a column with the given name, element type, and shape per row (none: one number per
   * row).
   */
  public static Column column(String name, DType dtype, long... shape) {
    return new Column(name, dtype, shape);
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the number of elements of one row. */
  public int rowElements() {
    return (int) Shapes.numel(shape);
  }

  /** Returns the number of bytes of one row. */
  public int rowBytes() {
    return rowElements() * dtype.bytes();
  }

  /** Returns the shape of a batch of {@code rows} rows. */
  public long[] batchShape(long rows) {
    long[] sizes = new long[shape.length + 1];
    sizes[0] = rows;
    System.arraycopy(shape, 0, sizes, 1, shape.length);
    return sizes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Column c
        && name.equals(c.name)
        && dtype == c.dtype
        && Arrays.equals(shape, c.shape);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, dtype, Arrays.hashCode(shape));
  }

  @Override
  public String toString() {
    return name + " " + dtype + Arrays.toString(shape);
  }
}
