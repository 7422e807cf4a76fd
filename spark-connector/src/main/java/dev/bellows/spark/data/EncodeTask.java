package dev.bellows.spark.data;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Encodes the rows of one partition of the frame. A row that does not fit ends its partition with a
 * record that carries the message: failing the task instead would run it four times over.
 */
record EncodeTask(RowEncoder encoder, int parts)
    implements Function2<Integer, Iterator<InternalRow>, Iterator<Row>> {
  static final int PART = 0;
  static final int FIRST = 1;
  static final int SECOND = 2;
  static final int DATA = 3;
  static final int ERROR = 4;

  /** Part number, the two hashes, the bytes, and null or an error. */
  static final StructType SCHEMA =
      new StructType()
          .add("part", DataTypes.IntegerType, false)
          .add("first", DataTypes.LongType, false)
          .add("second", DataTypes.LongType, false)
          .add("data", DataTypes.BinaryType, true)
          .add("error", DataTypes.StringType, true);

  @Override
  public Iterator<Row> call(Integer partition, Iterator<InternalRow> rows) {
    return new Iterator<>() {
      private long row;
      private boolean failed;

      @Override
      public boolean hasNext() {
        return !failed && rows.hasNext();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        try {
          return record(encoder.encode(rows.next()), row++);
        } catch (ValueException e) {
          failed = true;
          String where = " in row " + row + " of partition " + partition + " of the frame";
          return error(partition, "snapshot: " + e.getMessage() + where);
        }
      }
    };
  }

  private Row record(byte[] bytes, long row) {
    long first = ContentSum.firstHash(bytes);
    return RowFactory.create(part(first), first, ContentSum.secondHash(bytes), bytes, null);
  }

  /** Errors go to part 0 and come first there, lowest partition first. */
  private static Row error(int partition, String message) {
    return RowFactory.create(0, Long.MIN_VALUE, Long.MIN_VALUE + partition, null, message);
  }

  /** Cuts the range of the hash into equal pieces, so that parts hold ascending hashes. */
  private int part(long first) {
    return (int) (((first >> 32) + (1L << 31)) * parts >>> 32);
  }
}
