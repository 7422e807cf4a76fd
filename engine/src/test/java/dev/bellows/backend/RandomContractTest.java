package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class RandomContractTest extends BackendContract {
  private static final List<DType> ALL_FLOATS =
      List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);

  private static double element(
      RandomKind kind, DType type, RandomKey key, double a, double b, long i) {
    int mask = type == DType.FLOAT16 ? -1 << 21 : type == DType.BFLOAT16 ? -1 << 24 : -1;
    return switch (kind) {
      case UNIFORM -> a + (b - a) * (((Philox.word(key, i) & mask) >>> 8) * 0x1p-24);
      case BERNOULLI -> (Philox.word(key, i) >>> 8) * 0x1p-24 < a ? 1 : 0;
      case NORMAL -> {
        double u1 = (Integer.toUnsignedLong(Philox.word(key, 2 * i)) + 1) * 0x1p-32;
        double u2 = Integer.toUnsignedLong(Philox.word(key, 2 * i + 1)) * 0x1p-32;
        double radius = StrictMath.sqrt(-2 * StrictMath.log(u1));
        yield a + b * (radius * StrictMath.cos(2 * StrictMath.PI * u2));
      }
    };
  }

  /**
   * Results have the same bits on every backend, except normal numbers, which depend on the
   * backend's logarithm and cosine.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void drawsTheStream(Kernels kernels) {
    for (RandomKind kind : RandomKind.values()) {
      for (DType type : ALL_FLOATS) {
        for (long[] shape : shapes()) {
          for (Layout layout : OUTPUTS) {
            RandomKey key = new RandomKey(random.nextLong(), random.nextLong());
            double a = kind == RandomKind.BERNOULLI ? 0.3 : random.nextGaussian();
            double b = a + 1 + random.nextDouble();
            TestArray out = array(type, layout, shape);
            kernels.random(kind, key, a, b, out.array);
            double[] expected = new double[out.numel()];
            for (int i = 0; i < expected.length; i++) {
              int order = layout == Layout.TRANSPOSED ? reversed(shape, i) : i;
              expected[i] = Tolerance.round(type, element(kind, type, key, a, b, order));
            }
            double[] tolerance = new double[expected.length];
            if (kind == RandomKind.NORMAL) {
              Arrays.setAll(
                  tolerance, i -> Tolerance.of(type, Math.abs(expected[i]) + Math.abs(a), 1));
            }
            assertClose(expected, tolerance, out, "%s into %s", kind, out);
            endCase();
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void drawsWholeNumbers(Kernels kernels) {
    for (DType type : List.of(DType.INT64, DType.INT32, DType.UINT8, DType.FLOAT32)) {
      for (long[] shape : shapes()) {
        for (Layout layout : OUTPUTS) {
          RandomKey key = new RandomKey(random.nextLong(), random.nextLong());
          long low = type == DType.UINT8 ? 3 : -(1L << 20);
          long range = type == DType.UINT8 ? 250 : 1L << random.nextInt(1, 21);
          TestArray out = array(type, layout, shape);
          kernels.randomIntegers(key, low, range, out.array);
          double[] expected = new double[out.numel()];
          for (int i = 0; i < expected.length; i++) {
            int order = layout == Layout.TRANSPOSED ? reversed(shape, i) : i;
            int high = Philox.word(key, 2L * order);
            expected[i] = low + Philox.below(high, Philox.word(key, 2L * order + 1), range);
          }
          assertExact(expected, out, "%d from %d into %s", range, low, out);
          endCase();
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void drawsAllWholeNumbers(Kernels kernels) {
    RandomKey key = new RandomKey(3, 4);
    TestArray out = array(DType.INT64, Layout.CONTIGUOUS, 3);
    kernels.randomIntegers(key, 5, 0, out.array);
    byte[] bytes = out.bytes();
    for (int i = 0; i < 3; i++) {
      long u = Philox.below(Philox.word(key, 2L * i), Philox.word(key, 2L * i + 1), 0);
      long drawn = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(8 * (16 + i));
      assertThat(drawn).isEqualTo(5 + u);
    }
  }

  /** Returns the memory position of a row-major index if dimensions are stored in reverse order. */
  private static int reversed(long[] shape, int linear) {
    long[] strides = Layout.TRANSPOSED.strides(shape);
    long rest = linear;
    long place = 0;
    for (int d = shape.length - 1; d >= 0; d--) {
      place += rest % shape[d] * strides[d];
      rest /= shape[d];
    }
    return (int) place;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void distributions(Kernels kernels) {
    int n = 100_000;
    TestArray out = array(DType.FLOAT32, Layout.CONTIGUOUS, n);
    kernels.random(RandomKind.NORMAL, new RandomKey(1, 2), 3, 2, out.array);
    double[] x = out.values();
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / n;
    assertThat(mean).isCloseTo(3, within(0.03));
    assertThat(variance).isCloseTo(4, within(0.08));
    kernels.random(RandomKind.UNIFORM, new RandomKey(1, 3), -1, 1, out.array);
    assertThat(Arrays.stream(out.values()).average().orElseThrow()).isCloseTo(0, within(0.01));
    assertThat(Arrays.stream(out.values()).allMatch(v -> v >= -1 && v < 1)).isTrue();
    kernels.random(RandomKind.BERNOULLI, new RandomKey(1, 4), 0.25, 0, out.array);
    assertThat(Arrays.stream(out.values()).average().orElseThrow()).isCloseTo(0.25, within(0.01));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void dropsTheSameElements(Kernels kernels) {
    for (DType type : ALL_FLOATS) {
      for (double p : new double[] {0, 0.25, 0.5, 1}) {
        for (long[] shape : shapes()) {
          for (Layout layout : List.of(Layout.CONTIGUOUS, Layout.TRANSPOSED)) {
            RandomKey key = new RandomKey(random.nextLong(), random.nextLong());
            TestArray a = randomArray(type, layout, shape);
            TestArray out = array(type, layout, shape);
            double[] x = a.values();
            double[] expected = new double[x.length];
            for (int i = 0; i < x.length; i++) {
              int order = layout == Layout.TRANSPOSED ? reversed(shape, i) : i;
              boolean dropped = (Philox.word(key, order) >>> 8) * 0x1p-24 < p;
              expected[i] = dropped ? 0 : x[i] / (1 - p);
            }
            kernels.dropout(a.array, p, key, out.array);
            assertNear(expected, out, "dropout %s of %s", p, a);
            kernels.dropout(a.array, p, key, a.array);
            assertNear(expected, a, "dropout %s in place of %s", p, a);
            endCase();
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void dropoutKeepsTheMeanAndDropsNaN(Kernels kernels) {
    int n = 100_000;
    TestArray a = array(DType.FLOAT32, Layout.CONTIGUOUS, n);
    kernels.fill(a.array, 1);
    TestArray out = array(DType.FLOAT32, Layout.CONTIGUOUS, n);
    kernels.dropout(a.array, 0.4, new RandomKey(5, 6), out.array);
    assertThat(Arrays.stream(out.values()).average().orElseThrow()).isCloseTo(1, within(0.02));
    kernels.fill(a.array, Float.NaN);
    kernels.dropout(a.array, 0.4, new RandomKey(5, 6), out.array);
    long dropped = Arrays.stream(out.values()).filter(v -> v == 0).count();
    assertThat(dropped).isBetween(39_000L, 41_000L);
    assertThat(a.values()[0]).isNaN();
  }
}
