package dev.bellows.spark.data;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/** A type stored as Spark ML stores its vectors, without Spark ML. */
public final class VectorLike extends UserDefinedType<VectorLike.Value> {
  private static final long serialVersionUID = 1L;

  /** A dense vector, or with indices a sparse one. */
  public record Value(int size, int[] indices, double[] values) {}

  @Override
  public DataType sqlType() {
    return new StructType()
        .add("type", DataTypes.ByteType, false)
        .add("size", DataTypes.IntegerType, true)
        .add("indices", DataTypes.createArrayType(DataTypes.IntegerType, false), true)
        .add("values", DataTypes.createArrayType(DataTypes.DoubleType, false), true);
  }

  @Override
  public Object serialize(Value value) {
    ArrayData values = new GenericArrayData(value.values());
    boolean dense = value.indices() == null;
    return new GenericInternalRow(
        dense
            ? new Object[] {(byte) 1, null, null, values}
            : new Object[] {(byte) 0, value.size(), new GenericArrayData(value.indices()), values});
  }

  @Override
  public Value deserialize(Object datum) {
    throw new UnsupportedOperationException(((InternalRow) datum).toString());
  }

  @Override
  public Class<Value> userClass() {
    return Value.class;
  }
}
