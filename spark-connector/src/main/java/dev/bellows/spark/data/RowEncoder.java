package dev.bellows.spark.data;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * Encodes a row of the frame as the bytes of its tensors: column after column, each row-major and
 * little-endian.
 */
final class RowEncoder implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Column[] columns;
  private final SourceType[] sources;
  private final int rowBytes;
  private transient ValueWriter[] writers;

  /** Creates an encoder of rows with fields of the given types, in order. */
  RowEncoder(List<Column> columns, List<SourceType> sources) {
    this.columns = columns.toArray(new Column[0]);
    this.sources = sources.toArray(new SourceType[0]);
    long bytes = columns.stream().mapToLong(Column::rowBytes).sum();
    if (bytes > Column.MAX_ROW_BYTES) {
      throw new SnapshotException("snapshot: a row must be at most 1 GiB; got " + bytes + " bytes");
    }
    this.rowBytes = (int) bytes;
  }

  /** Returns the length of an encoded row. */
  int rowBytes() {
    return rowBytes;
  }

  /** Encodes one row. */
  byte[] encode(InternalRow row) throws ValueException {
    if (writers == null) {
      writers = Arrays.stream(columns).map(ValueWriter::new).toArray(ValueWriter[]::new);
    }
    byte[] bytes = new byte[rowBytes];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int c = 0; c < columns.length; c++) {
      encode(row, c, out);
    }
    return bytes;
  }

  private void encode(InternalRow row, int c, ByteBuffer out) throws ValueException {
    SourceType source = sources[c];
    if (row.isNullAt(c)) {
      throw nulls(c);
    }
    switch (source.kind()) {
      case BINARY -> {
        byte[] value = row.getBinary(c);
        checkCount(c, value.length);
        out.put(value);
      }
      case VECTOR -> vector(row.getStruct(c, 4), c, out);
      default -> {
        if (source.depth() == 0) {
          element(row, c, c, out);
        } else {
          array(row.getArray(c), c, 0, out);
        }
      }
    }
  }

  /**
   * Encodes an array at nesting level {@code level}; a flat array may represent the whole shape.
   */
  private void array(ArrayData values, int c, int level, ByteBuffer out) throws ValueException {
    int depth = sources[c].depth();
    int n = values.numElements();
    if (depth == 1) {
      checkCount(c, n);
    } else if (n != columns[c].shape()[level]) {
      throw new ValueException(
          String.format(
              Locale.ROOT,
              "column %s: arrays of dimension %d must have %d elements for shape %s; got %d",
              columns[c].name(),
              level,
              columns[c].shape()[level],
              Arrays.toString(columns[c].shape()),
              n));
    }
    for (int i = 0; i < n; i++) {
      if (values.isNullAt(i)) {
        throw nulls(c);
      }
      if (level + 1 < depth) {
        array(values.getArray(i), c, level + 1, out);
      } else {
        element(values, i, c, out);
      }
    }
  }

  private void vector(InternalRow vector, int c, ByteBuffer out) throws ValueException {
    ValueWriter writer = writers[c];
    ArrayData values = vector.getArray(3);
    boolean dense = vector.getByte(0) == 1;
    int size = dense ? values.numElements() : vector.getInt(1);
    checkCount(c, size);
    ArrayData indices = dense ? null : vector.getArray(2);
    int next = 0;
    for (int i = 0; i < size; i++) {
      if (dense) {
        writer.put(out, values.getDouble(i));
      } else if (next < indices.numElements() && indices.getInt(next) == i) {
        writer.put(out, values.getDouble(next++));
      } else {
        writer.put(out, 0.0);
      }
    }
  }

  private void element(SpecializedGetters from, int i, int c, ByteBuffer out)
      throws ValueException {
    ValueWriter writer = writers[c];
    SourceType source = sources[c];
    switch (source.kind()) {
      case BOOLEAN -> writer.put(out, from.getBoolean(i) ? 1L : 0L);
      case BYTE -> writer.put(out, (long) from.getByte(i));
      case SHORT -> writer.put(out, (long) from.getShort(i));
      case INT -> writer.put(out, (long) from.getInt(i));
      case LONG -> writer.put(out, from.getLong(i));
      case FLOAT -> writer.put(out, (double) from.getFloat(i));
      case DOUBLE -> writer.put(out, from.getDouble(i));
      case DECIMAL ->
          writer.put(out, from.getDecimal(i, source.precision(), source.scale()), source.scale());
      default -> throw new AssertionError(source.kind());
    }
  }

  private void checkCount(int c, int n) throws ValueException {
    Column column = columns[c];
    if (n != column.rowElements()) {
      throw new ValueException(
          String.format(
              Locale.ROOT,
              "column %s: rows must have %d elements for shape %s; got %d",
              column.name(),
              column.rowElements(),
              Arrays.toString(column.shape()),
              n));
    }
  }

  private ValueException nulls(int c) {
    return new ValueException(
        "column " + columns[c].name() + ": values must not be null; got null");
  }
}
