package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class RandomContractTest extends BackendContract {
  private static double element(RandomKind kind, RandomKey key, double a, double b, long i) {
    return switch (kind) {
      case UNIFORM -> a + (b - a) * ((Philox.word(key, i) >>> 8) * 0x1p-24);
      case BERNOULLI -> (Philox.word(key, i) >>> 8) * 0x1p-24 < a ? 1 : 0;
      case NORMAL -> {
        double u1 = (Integer.toUnsignedLong(Philox.word(key, 2 * i)) + 1) * 0x1p-32;
        double u2 = Integer.toUnsignedLong(Philox.word(key, 2 * i + 1)) * 0x1p-32;
        double radius = StrictMath.sqrt(-2 * StrictMath.log(u1));
        yield a + b * (radius * StrictMath.cos(2 * StrictMath.PI * u2));
      }
    };
  }

  /** Bit for bit the same on every backend. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void drawsTheStream(Kernels kernels) {
    for (RandomKind kind : RandomKind.values()) {
      for (DType type : FLOATS) {
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
              expected[i] = Tolerance.round(type, element(kind, key, a, b, order));
            }
            assertExact(expected, out, "%s into %s", kind, out);
            endCase();
          }
        }
      }
    }
  }

  /** Place in memory of a row-major index when dimensions lie in reverse order. */
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
    for (DType type : FLOATS) {
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
    assertThat(Memory.getFloat(a.array.address())).isNaN();
  }
}
