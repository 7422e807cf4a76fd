package dev.bellows.spark.data;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Encodes the rows of one partition of the frame and distributes them to {@code buckets}, which
 * divide the range of the hash into equal pieces, so that buckets hold ascending hashes. The last
 * record of every partition goes to an extra bucket and summarises the partition, as {@link
 * PartitionSum}. An invalid row ends its partition with an error in that record: failing the task
 * instead would run it four times.
 */
record EncodeTask(RowEncoder encoder, int buckets)
    implements Function2<Integer, Iterator<InternalRow>, Iterator<InternalRow>> {
  static final int BUCKET = 0;
  static final int DATA = 3;

  /** Bucket, the two hashes, and the bytes of the row or of the partition's summary. */
  static final StructType SCHEMA =
      new StructType()
          .add("bucket", DataTypes.IntegerType, false)
          .add("first", DataTypes.LongType, false)
          .add("second", DataTypes.LongType, false)
          .add("data", DataTypes.BinaryType, false);

  @Override
  public Iterator<InternalRow> call(Integer partition, Iterator<InternalRow> rows) {
    return new Iterator<>() {
      private ContentSum content = ContentSum.NONE;
      private boolean ended;

      @Override
      public boolean hasNext() {
        return !ended;
      }

      @Override
      public InternalRow next() {
        if (ended) {
          throw new NoSuchElementException();
        }
        if (!rows.hasNext()) {
          return end(null);
        }
        try {
          byte[] bytes = encoder.encode(rows.next());
          long first = ContentSum.firstHash(bytes);
          long second = ContentSum.secondHash(bytes);
          content = content.plusRow(first, second);
          return record(bucket(first), first, second, bytes);
        } catch (ValueException e) {
          String where = " in row " + content.rows() + " of partition " + partition;
          return end("snapshot: " + e.getMessage() + where + " of the frame");
        }
      }

      private InternalRow end(String error) {
        ended = true;
        PartitionSum sum = new PartitionSum(partition, content, error);
        return record(buckets, 0, 0, TaskResult.write(sum));
      }
    };
  }

  private static InternalRow record(int bucket, long first, long second, byte[] data) {
    return new GenericInternalRow(new Object[] {bucket, first, second, data});
  }

  private int bucket(long first) {
    return (int) (((first >> 32) + (1L << 31)) * buckets >>> 32);
  }
}
