package dev.bellows.spark.data;

import dev.bellows.memory.DType;
import java.io.Serializable;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/**
 * The type of a frame's column: numbers of one kind in {@code depth} nested arrays (0: a single
 * number), or bytes, or a Spark ML vector.
 */
record SourceType(Kind kind, int depth, int precision, int scale) implements Serializable {
  /** The type of an element in the frame. */
  enum Kind {
    BOOLEAN,
    BYTE,
    SHORT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL,
    BINARY,
    VECTOR
  }

  /** Returns the source type, or null if the type does not hold numbers. */
  static SourceType of(DataType type) {
    int depth = 0;
    DataType element = type;
    while (element instanceof ArrayType array) {
      element = array.elementType();
      depth++;
    }
    if (element instanceof DecimalType decimal) {
      return new SourceType(Kind.DECIMAL, depth, decimal.precision(), decimal.scale());
    }
    Kind kind = kindOf(element);
    boolean alone = kind == Kind.BINARY || kind == Kind.VECTOR;
    return kind == null || (alone && depth > 0) ? null : new SourceType(kind, depth, 0, 0);
  }

  private static Kind kindOf(DataType type) {
    if (type instanceof BooleanType) {
      return Kind.BOOLEAN;
    } else if (type instanceof ByteType) {
      return Kind.BYTE;
    } else if (type instanceof ShortType) {
      return Kind.SHORT;
    } else if (type instanceof IntegerType) {
      return Kind.INT;
    } else if (type instanceof LongType) {
      return Kind.LONG;
    } else if (type instanceof FloatType) {
      return Kind.FLOAT;
    } else if (type instanceof DoubleType) {
      return Kind.DOUBLE;
    } else if (type instanceof BinaryType) {
      return Kind.BINARY;
    }
    return isVector(type) ? Kind.VECTOR : null;
  }

  /**
   * Returns whether a type is a Spark ML vector, (type, size, indices, values), without using its
   * classes.
   */
  private static boolean isVector(DataType type) {
    return type instanceof UserDefinedType<?> udt
        && udt.sqlType() instanceof StructType struct
        && String.join(",", struct.fieldNames()).equals("type,size,indices,values");
  }

  /**
   * Returns why a column cannot be created from this type, as text that follows "must hold"; null
   * if it can.
   */
  String problem(Column column) {
    if (kind == Kind.BINARY && column.dtype() != DType.UINT8) {
      return "numbers (binary serves UINT8 only)";
    }
    if (kind == Kind.BOOLEAN && column.dtype() != DType.BOOL) {
      return "numbers (boolean serves BOOL only)";
    }
    int dims = column.shape().length;
    boolean flat = depth == 1 && dims > 0;
    boolean single = depth == 0 && column.rowElements() == 1;
    if (kind == Kind.BINARY || kind == Kind.VECTOR || depth == dims || flat || single) {
      return null;
    }
    if (dims == 0) {
      return "one number per row";
    }
    return dims == 1
        ? "an array of numbers"
        : "an array of numbers, flat or nested " + dims + " deep";
  }
}
