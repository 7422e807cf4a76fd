package dev.bellows.spark.data;

import static dev.bellows.spark.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.data.Batch;
import dev.bellows.memory.DType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Values of a frame become elements of a tensor exactly, or they are refused. */
@Timeout(300)
class SnapshotValuesTest {
  /** Bits of the significand, the leading one included, and the largest finite value. */
  private static final Map<DType, Integer> SIGNIFICAND =
      Map.of(DType.FLOAT64, 53, DType.FLOAT32, 24, DType.FLOAT16, 11, DType.BFLOAT16, 8);

  private static final Map<DType, BigInteger[]> RANGE =
      Map.of(
          DType.INT64, range(-1, 63),
          DType.INT32, range(-1, 31),
          DType.INT16, range(-1, 15),
          DType.INT8, range(-1, 7),
          DType.UINT8, range(0, 8),
          DType.BOOL, range(0, 1));

  @TempDir Path temp;

  private static BigInteger[] range(int sign, int bits) {
    BigInteger end = BigInteger.TWO.pow(bits);
    return new BigInteger[] {end.multiply(BigInteger.valueOf(sign)), end.subtract(BigInteger.ONE)};
  }

  /** Whether an integer is a value of the type. */
  private static boolean holds(DType dtype, BigInteger value) {
    if (!dtype.isFloatingPoint()) {
      BigInteger[] range = RANGE.get(dtype);
      return value.compareTo(range[0]) >= 0 && value.compareTo(range[1]) <= 0;
    }
    BigInteger size = value.abs();
    int bits = size.bitLength() - Math.max(0, size.getLowestSetBit());
    return bits <= SIGNIFICAND.get(dtype)
        && (dtype != DType.FLOAT16 || size.compareTo(BigInteger.valueOf(65504)) <= 0);
  }

  /** Integers around all powers of two that the source type has. */
  private static List<BigInteger> boundaries(BigInteger least, BigInteger most) {
    List<BigInteger> all = new ArrayList<>();
    for (int k = 0; k <= 126; k++) {
      for (int d = -1; d <= 1; d++) {
        BigInteger value = BigInteger.TWO.pow(k).add(BigInteger.valueOf(d));
        for (BigInteger signed : List.of(value, value.negate())) {
          if (signed.compareTo(least) >= 0 && signed.compareTo(most) <= 0) {
            all.add(signed);
          }
        }
      }
    }
    return all;
  }

  private static Object of(DataType type, BigInteger value) {
    if (type == DataTypes.ByteType) {
      return value.byteValueExact();
    } else if (type == DataTypes.ShortType) {
      return value.shortValueExact();
    } else if (type == DataTypes.IntegerType) {
      return value.intValueExact();
    } else if (type == DataTypes.LongType) {
      return value.longValueExact();
    }
    return new BigDecimal(value);
  }

  private static final Map<DataType, BigInteger[]> INTEGERS =
      Map.of(
          DataTypes.ByteType,
          range(-1, 7),
          DataTypes.ShortType,
          range(-1, 15),
          DataTypes.IntegerType,
          range(-1, 31),
          DataTypes.LongType,
          range(-1, 63),
          DataTypes.createDecimalType(9, 0),
          range(-1, 29),
          DataTypes.createDecimalType(18, 0),
          range(-1, 59),
          DataTypes.createDecimalType(38, 0),
          range(-1, 126));

  @Test
  void integersAreExactOrRefusedInEveryType() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (var source : INTEGERS.entrySet()) {
      for (BigInteger value : boundaries(source.getValue()[0], source.getValue()[1])) {
        Object cell = of(source.getKey(), value);
        for (DType dtype : DType.values()) {
          check(wrong, source.getKey(), cell, dtype, holds(dtype, value) ? value : null);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void wholeNumbersWithDecimalsAreExactOrRefusedAsIntegers() throws Exception {
    List<String> wrong = new ArrayList<>();
    DataType money = DataTypes.createDecimalType(38, 4);
    for (BigInteger value : boundaries(range(-1, 100)[0], range(-1, 100)[1])) {
      BigDecimal whole = new BigDecimal(value).setScale(4);
      BigDecimal part = whole.add(new BigDecimal("0.0001"));
      for (DType dtype : RANGE.keySet()) {
        check(wrong, money, whole, dtype, holds(dtype, value) ? value : null);
        check(wrong, money, part, dtype, null);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void floatingPointNumbersAreExactOrRefusedAsIntegers() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (BigInteger value : boundaries(range(-1, 100)[0], range(-1, 100)[1])) {
      double rounded = value.doubleValue();
      for (double x : new double[] {rounded, Math.nextUp(rounded), Math.nextDown(rounded)}) {
        BigDecimal exact = new BigDecimal(x);
        boolean whole = x == Math.rint(x);
        for (DType dtype : RANGE.keySet()) {
          BigInteger there = exact.toBigInteger();
          check(wrong, DataTypes.DoubleType, x, dtype, whole && holds(dtype, there) ? there : null);
        }
      }
    }
    for (Object special :
        List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.5)) {
      for (DType dtype : RANGE.keySet()) {
        check(wrong, DataTypes.DoubleType, special, dtype, null);
        check(wrong, DataTypes.FloatType, ((Double) special).floatValue(), dtype, null);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** One value through the encoder; {@code expected} null: it must be refused. */
  private static void check(
      List<String> wrong, DataType type, Object cell, DType dtype, BigInteger expected) {
    Object got;
    try {
      got = encode(type, cell, dtype);
    } catch (ValueException e) {
      got = null;
    }
    Object want = expected == null ? null : number(expected, dtype);
    boolean same = want == null ? got == null : want.equals(got);
    if (!same) {
      wrong.add(type.simpleString() + " " + cell + " as " + dtype + ": " + got);
    }
  }

  private static Object number(BigInteger value, DType dtype) {
    return dtype.isFloatingPoint() ? (Object) (value.doubleValue() + 0.0) : value.longValueExact();
  }

  /** The element, as Double or Long. */
  private static Object encode(DataType type, Object cell, DType dtype) throws ValueException {
    RowEncoder encoder = new RowEncoder(List.of(column("v", dtype)), List.of(SourceType.of(type)));
    Object internal = org.apache.spark.sql.catalyst.CatalystTypeConverters.convertToCatalyst(cell);
    if (internal instanceof org.apache.spark.sql.types.Decimal decimal
        && type instanceof org.apache.spark.sql.types.DecimalType t) {
      assertThat(decimal.changePrecision(t.precision(), t.scale())).isTrue();
    }
    byte[] bytes =
        encoder.encode(
            new org.apache.spark.sql.catalyst.expressions.GenericInternalRow(
                new Object[] {internal}));
    var in = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    return switch (dtype) {
      case FLOAT64 -> in.getDouble() + 0.0;
      case FLOAT32 -> in.getFloat() + 0.0;
      case FLOAT16 -> dev.bellows.memory.Halves.fromFloat16(in.getShort()) + 0.0;
      case BFLOAT16 -> dev.bellows.memory.Halves.fromBFloat16(in.getShort()) + 0.0;
      case INT64 -> in.getLong();
      case INT32 -> (long) in.getInt();
      case INT16 -> (long) in.getShort();
      case INT8 -> (long) in.get();
      case UINT8 -> (long) Byte.toUnsignedInt(in.get());
      case BOOL -> (long) in.get();
    };
  }

  @Test
  void fractionsAreRoundedOnceAndStayInRange() throws Exception {
    DataType money = DataTypes.createDecimalType(20, 2);
    assertThat(encode(money, new BigDecimal("0.10"), DType.FLOAT32)).isEqualTo((double) 0.1f);
    assertThat(encode(money, new BigDecimal("0.10"), DType.FLOAT64)).isEqualTo(0.1);
    // Just above the middle of two floats, where a double in between would be the middle itself.
    BigDecimal middle = new BigDecimal("16777217.00000000000000000001");
    assertThat(encode(DataTypes.createDecimalType(38, 20), middle, DType.FLOAT32))
        .isEqualTo(16777218.0);
    assertThat(encode(DataTypes.DoubleType, 16777217.0, DType.FLOAT32)).isEqualTo(16777216.0);
    assertThat(encode(DataTypes.DoubleType, 65519.9, DType.FLOAT16)).isEqualTo(65504.0);
    assertThat(encode(DataTypes.DoubleType, Double.NEGATIVE_INFINITY, DType.FLOAT16))
        .isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(encode(DataTypes.DoubleType, Double.NaN, DType.BFLOAT16)).isEqualTo(Double.NaN);
    Map<DType, Double> tooLarge =
        Map.of(DType.FLOAT16, 65520.0, DType.BFLOAT16, 3.4e38, DType.FLOAT32, 3.5e38);
    for (var entry : new TreeMap<>(tooLarge).entrySet()) {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> encode(DataTypes.DoubleType, entry.getValue(), entry.getKey())))
          .hasMessage(
              "column v: values must be in the range of "
                  + entry.getKey()
                  + "; got "
                  + entry.getValue());
    }
  }

  @Test
  void arraysFollowTheSameRule() {
    StructType schema =
        new StructType()
            .add("d", DataTypes.createArrayType(DataTypes.createDecimalType(20, 0)))
            .add("n", DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.LongType)))
            .add("b", DataTypes.createArrayType(DataTypes.BooleanType));
    long odd = (1L << 53) + 1;
    Dataset<Row> frame =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create(
                        new BigDecimal[] {BigDecimal.valueOf(odd), BigDecimal.ONE},
                        new long[][] {{odd}, {Long.MIN_VALUE}},
                        new Boolean[] {true, false})),
                schema);
    Snapshot snapshot =
        SnapshotWriter.write(
            LocalSpark.session(),
            frame,
            List.of(
                column("d", DType.INT64, 2),
                column("n", DType.INT64, 2, 1),
                column("b", DType.BOOL, 2)),
            temp.toString());
    try (SnapshotSource source = SnapshotSource.open(snapshot, new Configuration(), temp)) {
      Batch batch = source.gather(new long[] {0});
      assertThat(batch.input("d").toLongArray()).containsExactly(odd, 1);
      assertThat(batch.input("n").toLongArray()).containsExactly(odd, Long.MIN_VALUE);
      assertThat(batch.input("b").sum().itemLong()).isEqualTo(1);
    }
    for (var column : List.of(column("d", DType.FLOAT64, 2), column("n", DType.BFLOAT16, 2, 1))) {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () ->
                      SnapshotWriter.write(
                          LocalSpark.session(), frame, List.of(column), temp.toString())))
          .hasMessageStartingWith(
              "snapshot: column "
                  + column.name()
                  + ": values must be exact as "
                  + column.dtype()
                  + "; got 9007199254740993 in row 0 of partition ");
    }
  }
}
