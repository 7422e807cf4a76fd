package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.reference.ReferenceKernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every backend's loops, fast and plain, contiguous and strided, give the reference's bits where
 * results are exact: zeros and NaN of both signs, infinities, the least and the largest numbers.
 * The sign of a NaN is compared where it is moved, not where arithmetic makes it, which IEEE 754
 * leaves open.
 */
@Timeout(60)
class BitsContractTest extends BackendContract {
  private static final List<DType> TYPES =
      List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);
  private static final List<UnaryOp> UNARY =
      List.of(
          UnaryOp.NEG,
          UnaryOp.ABS,
          UnaryOp.SIGN,
          UnaryOp.RELU,
          UnaryOp.FLOOR,
          UnaryOp.CEIL,
          UnaryOp.ROUND,
          UnaryOp.TRUNC,
          UnaryOp.SQRT,
          UnaryOp.RECIPROCAL,
          UnaryOp.LOGICAL_NOT);
  private static final List<BinaryOp> BINARY =
      List.of(
          BinaryOp.ADD,
          BinaryOp.SUB,
          BinaryOp.MUL,
          BinaryOp.DIV,
          BinaryOp.MAXIMUM,
          BinaryOp.MINIMUM,
          BinaryOp.RELU_GRAD,
          BinaryOp.COPYSIGN,
          BinaryOp.FMAX,
          BinaryOp.FMIN,
          BinaryOp.FMOD,
          BinaryOp.REMAINDER,
          BinaryOp.TRUNC_DIVIDE,
          BinaryOp.HEAVISIDE,
          BinaryOp.EQ,
          BinaryOp.LT,
          BinaryOp.GE);
  private static final Set<BinaryOp> MOVES = EnumSet.of(BinaryOp.COPYSIGN, BinaryOp.RELU_GRAD);
  private static final Set<UnaryOp> MAKES = EnumSet.of(UnaryOp.SQRT, UnaryOp.RECIPROCAL);
  private static final Kernels REFERENCE = new ReferenceKernels();
  private static final List<Layout> LAYOUTS = List.of(Layout.CONTIGUOUS, Layout.SLICED);
  private static final int REPEATS = 5; // more than two vectors of any type, and a rest

  /** Bits of zeros, NaN and infinities of both signs, denormals, and ordinary numbers. */
  private static long[] patterns(DType type) {
    int bits = 8 * type.bytes();
    int fraction =
        switch (type) {
          case FLOAT64 -> 52;
          case FLOAT32 -> 23;
          case FLOAT16 -> 10;
          default -> 7;
        };
    long infinity = (1L << bits - 1) - (1L << fraction);
    long one = infinity / 2 & -1L << fraction;
    long[] some = {
      0,
      1,
      (1L << fraction) - 1,
      1L << fraction,
      one,
      one + (1L << fraction - 1),
      one - (1L << fraction),
      infinity - 1,
      infinity,
      infinity + (1L << fraction - 1)
    };
    long[] both = Arrays.copyOf(some, 2 * some.length);
    for (int i = 0; i < some.length; i++) {
      both[some.length + i] = some[i] | 1L << bits - 1;
    }
    return both;
  }

  /** Every pattern in turn, each as often as said before the next. */
  private static long[] bits(DType type, int each, int n) {
    long[] patterns = patterns(type);
    long[] bits = new long[n];
    Arrays.setAll(bits, i -> patterns[i / each % patterns.length]);
    return bits;
  }

  private interface Call {
    void run(Kernels kernels, Strided out, Strided... in);
  }

  /** Makes one call here and on the reference, where arrays are contiguous, and compares bits. */
  private void compare(
      Kernels kernels,
      String what,
      boolean signOfNan,
      Layout layout,
      DType to,
      Call call,
      DType from,
      long[]... bits) {
    int n = bits[0].length;
    Strided[] in = new Strided[bits.length];
    Strided[] plain = new Strided[bits.length];
    List<TestArray> expected = new ArrayList<>();
    for (int i = 0; i < bits.length; i++) {
      in[i] = array(from, layout, n).setBits(bits[i]).array;
      expected.add(new TestArray(REFERENCE, from, Layout.CONTIGUOUS, n).setBits(bits[i]));
      plain[i] = expected.get(i).array;
    }
    TestArray out = array(to, layout, n);
    call.run(kernels, out.array, in);
    expected.add(new TestArray(REFERENCE, to, Layout.CONTIGUOUS, n));
    TestArray reference = expected.get(bits.length);
    call.run(REFERENCE, reference.array, plain);
    long[] ours = out.bits();
    long[] theirs = reference.bits();
    double[] values = reference.values();
    double[] found = out.values();
    for (int i = 0; i < n; i++) {
      boolean nan = Double.isNaN(values[i]) && Double.isNaN(found[i]);
      long sign = nan && !signOfNan ? 0 : 1L << 8 * to.bytes() - 1;
      long mask = nan ? sign : -1;
      String pattern = "";
      for (long[] each : bits) {
        pattern += " " + Long.toHexString(each[i]);
      }
      assertThat(Long.toHexString(ours[i] & mask))
          .as("%s, %s %s of%s: bits of element %s", what, from, layout, pattern, i)
          .isEqualTo(Long.toHexString(theirs[i] & mask));
    }
    expected.forEach(TestArray::release);
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void functions(Kernels kernels) {
    for (DType type : TYPES) {
      long[] bits = bits(type, 1, REPEATS * patterns(type).length);
      for (UnaryOp op : UNARY) {
        for (Layout layout : LAYOUTS) {
          DType to = op == UnaryOp.LOGICAL_NOT ? DType.BOOL : type;
          Call call = (k, out, in) -> k.unary(op, in[0], out);
          compare(kernels, op.name(), !MAKES.contains(op), layout, to, call, type, bits);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void functionsOfTwo(Kernels kernels) {
    for (DType type : TYPES) {
      int count = patterns(type).length;
      long[] a = bits(type, 1, count * count);
      long[] b = bits(type, count, count * count);
      for (BinaryOp op : BINARY) {
        for (Layout layout : LAYOUTS) {
          DType to = op.isLogical() ? DType.BOOL : type;
          Call call = (k, out, in) -> k.binary(op, in[0], in[1], out);
          compare(kernels, op.name(), MOVES.contains(op), layout, to, call, type, a, b);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void functionsOfOneAndANumber(Kernels kernels) {
    for (DType type : TYPES) {
      long[] bits = bits(type, 1, REPEATS * patterns(type).length);
      for (BinaryOp op : BINARY) {
        for (double number : new double[] {0, -0.0, 1, -2, 1 / 0.0, -1 / 0.0, Double.NaN}) {
          for (Layout layout : LAYOUTS) {
            DType to = op.isLogical() ? DType.BOOL : type;
            Call call = (k, out, in) -> k.binaryScalar(op, in[0], number, out);
            compare(kernels, op + " with " + number, false, layout, to, call, type, bits);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void copiesAndConversions(Kernels kernels) {
    for (DType from : TYPES) {
      long[] bits = bits(from, 1, REPEATS * patterns(from).length);
      for (DType to : TYPES) {
        for (Layout layout : LAYOUTS) {
          Call call = (k, out, in) -> k.copy(in[0], out);
          compare(kernels, "copy to " + to, true, layout, to, call, from, bits);
        }
      }
    }
  }
}
