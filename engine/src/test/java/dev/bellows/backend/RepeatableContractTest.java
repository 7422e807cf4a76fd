package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Strided;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same call gives the same bits, whether its code is interpreted or compiled. */
@Timeout(120)
class RepeatableContractTest extends BackendContract {
  private static final int SMALL_CALLS = 20_000;
  private static final int LARGE_CALLS = 50;
  private static final int DEVICE_CALLS = 2;
  private static final long LARGE_NANOS = 400_000_000L;

  /** Calls of every kernel family, each with the outputs it writes; inputs never change. */
  private final class Calls {
    final Map<String, Runnable> calls = new LinkedHashMap<>();
    final List<TestArray> outputs = new ArrayList<>();

    Calls(Kernels kernels, long n, long image) {
      DType type = DType.FLOAT32;
      Strided a = randomArray(type, Layout.CONTIGUOUS, n, n).array;
      Strided b = randomArray(type, Layout.CONTIGUOUS, n, n).array;
      Strided t = randomArray(type, Layout.TRANSPOSED, n, n).array;
      Strided out = output(type, Layout.CONTIGUOUS, n, n);
      Strided row = output(type, Layout.CONTIGUOUS, 1, n);
      Strided column = output(type, Layout.CONTIGUOUS, n, 1);
      for (UnaryOp op : UnaryOp.values()) {
        if (op.isForIntegers()) {
          continue;
        }
        Strided to = op == UnaryOp.LOGICAL_NOT ? output(DType.BOOL, Layout.CONTIGUOUS, n, n) : out;
        calls.put("unary " + op, () -> kernels.unary(op, a, to));
      }
      calls.put("binary POW", () -> kernels.binary(BinaryOp.POW, a, b, out));
      calls.put("binary DIV, transposed", () -> kernels.binary(BinaryOp.DIV, a, t, out));
      calls.put("addScaled", () -> kernels.addScaled(a, b, 0.3, out));
      calls.put("reduce rows", () -> kernels.reduce(ReduceOp.SUM, a, column));
      calls.put("reduce columns", () -> kernels.reduce(ReduceOp.SUM, a, row));
      calls.put("matmul", () -> kernels.matmul(a, b, null, Activation.RELU, out));
      calls.put("matmul, transposed", () -> kernels.matmul(a, t, null, Activation.NONE, out));
      calls.put("softmax", () -> kernels.softmax(a, 1, false, out));
      calls.put("softmax, log, rows", () -> kernels.softmax(a, 0, true, out));
      calls.put("softmaxGrad", () -> kernels.softmaxGrad(a, b, 1, true, out));
      RandomKey key = new RandomKey(1, 2);
      calls.put("random", () -> kernels.random(RandomKind.NORMAL, key, 0, 1, out));
      calls.put("dropout", () -> kernels.dropout(a, 0.3, key, out));
      indexed(kernels, n, a, out);
      optimizers(kernels, n, a, b);
      images(kernels, image);
    }

    private Strided output(DType type, Layout layout, long... sizes) {
      TestArray array = array(type, layout, sizes);
      array.set(new double[array.numel()]);
      outputs.add(array);
      return array.array;
    }

    private void indexed(Kernels kernels, long n, Strided a, Strided out) {
      TestArray index = array(DType.INT64, Layout.CONTIGUOUS, n, n);
      double[] places = new double[index.numel()];
      for (int i = 0; i < places.length; i++) {
        places[i] = random.nextInt((int) n);
      }
      index.set(places);
      calls.put("gather", () -> kernels.gather(a, 0, index.array, out));
      calls.put(
          "scatterAdd",
          () -> {
            kernels.fill(out, 0);
            kernels.scatter(ScatterOp.ADD, a, 0, index.array, out);
          });
    }

    private void optimizers(Kernels kernels, long n, Strided a, Strided grad) {
      Strided param = output(DType.FLOAT32, Layout.CONTIGUOUS, n, n);
      Strided m = output(DType.FLOAT32, Layout.CONTIGUOUS, n, n);
      Strided v = output(DType.FLOAT32, Layout.CONTIGUOUS, n, n);
      calls.put(
          "adamStep",
          () -> {
            kernels.copy(a, param);
            kernels.fill(m, 0.5);
            kernels.fill(v, 0.5);
            AdamArgs args = new AdamArgs(0.1, 0.9, 0.99, 1e-8, 0.1, true, 3);
            kernels.adamStep(param, grad, m, v, args);
          });
      calls.put(
          "sgdStep",
          () -> {
            kernels.copy(a, param);
            kernels.fill(m, 0.5);
            SgdArgs args = new SgdArgs(0.1, 0.9, 0, 0.1, true, false);
            kernels.sgdStep(param, grad, m, args);
          });
    }

    private void images(Kernels kernels, long size) {
      DType type = DType.FLOAT32;
      Strided x = randomArray(type, Layout.CHANNELS_LAST, 2, 3, size, size).array;
      Strided weight = randomArray(type, Layout.CONTIGUOUS, 5, 3, 3, 3).array;
      Strided bias = randomArray(type, Layout.CONTIGUOUS, 5).array;
      Strided gradOut = randomArray(type, Layout.CHANNELS_LAST, 2, 5, size, size).array;
      Strided y = output(type, Layout.CHANNELS_LAST, 2, 5, size, size);
      Strided gradX = output(type, Layout.CHANNELS_LAST, 2, 3, size, size);
      Strided gradWeight = output(type, Layout.CONTIGUOUS, 5, 3, 3, 3);
      Strided gradBias = output(type, Layout.CONTIGUOUS, 5);
      Conv2dArgs conv = new Conv2dArgs(1, 1, 1, 1, 1, 1, 1);
      calls.put("conv2d", () -> kernels.conv2d(x, weight, bias, conv, Activation.RELU, y));
      calls.put("conv2dGradInput", () -> kernels.conv2dGradInput(gradOut, weight, conv, gradX));
      calls.put(
          "conv2dGradWeight",
          () -> kernels.conv2dGradWeight(gradOut, x, conv, gradWeight, gradBias));
      Strided pooled = output(type, Layout.CHANNELS_LAST, 2, 3, size, size);
      Strided positions = output(DType.UINT8, Layout.CHANNELS_LAST, 2, 3, size, size);
      Pool2dArgs pool = new Pool2dArgs(3, 3, 1, 1, 1, 1);
      calls.put("maxPool2d", () -> kernels.maxPool2d(x, pool, pooled, positions));
      calls.put("maxPool2dGrad", () -> kernels.maxPool2dGrad(pooled, positions, pool, gradX));
    }

    long fingerprint() {
      CRC32C crc = new CRC32C();
      for (TestArray output : outputs) {
        crc.update(output.bytes());
      }
      return crc.getValue();
    }
  }

  private void check(Calls calls, int times, int every) {
    calls.calls.forEach(
        (name, call) -> {
          call.run();
          long first = calls.fingerprint();
          long end = System.nanoTime() + LARGE_NANOS;
          for (int i = 1; i < times && System.nanoTime() < end; i++) {
            call.run();
            if (i % every == 0) {
              assertThat(calls.fingerprint()).as("%s, call %d", name, i).isEqualTo(first);
            }
          }
          call.run();
          assertThat(calls.fingerprint()).as("%s, after all calls", name).isEqualTo(first);
        });
  }

  /** On a device nothing gets warm. */
  private static int times(Kernels kernels, int onTheHost) {
    return kernels.device() == Device.CPU ? onTheHost : DEVICE_CALLS;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void smallCalls(Kernels kernels) {
    check(new Calls(kernels, 5, 4), times(kernels, SMALL_CALLS), 500);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void largeCalls(Kernels kernels) {
    check(new Calls(kernels, 207, 33), times(kernels, LARGE_CALLS), 1);
  }

  /** A result does not depend on where its arrays are. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void addressesDoNotMatter(Kernels kernels) {
    TestArray a = randomArray(DType.FLOAT32, Layout.CONTIGUOUS, 207);
    double[] x = a.values();
    double[] expected = null;
    for (int shift = 0; shift < 17; shift++) {
      TestArray place = array(DType.FLOAT32, Layout.CONTIGUOUS, 207 + 17);
      Strided moved = place.array.with(new long[] {207}, new long[] {1}, 16 + shift);
      kernels.copy(a.array, moved);
      TestArray sum = array(DType.FLOAT32, Layout.CONTIGUOUS, 1);
      TestArray powers = array(DType.FLOAT32, Layout.CONTIGUOUS, 207);
      kernels.unary(UnaryOp.EXP, moved, powers.array);
      kernels.reduce(ReduceOp.SUM, moved, sum.array);
      double[] got = Arrays.copyOf(powers.values(), 208);
      got[207] = sum.values()[0];
      expected = expected == null ? got : expected;
      assertThat(got).as("shifted by %d elements", shift).isEqualTo(expected);
    }
    assertThat(a.values()).isEqualTo(x);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void addressesOfRowsDoNotMatter(Kernels kernels) {
    long[] sizes = {3, 1040};
    TestArray a = randomArray(DType.FLOAT32, Layout.CONTIGUOUS, sizes);
    List<double[]> expected = null;
    for (int shift = 0; shift < 5; shift++) {
      TestArray place = array(DType.FLOAT32, Layout.CONTIGUOUS, 3 * 1040 + 5);
      Strided moved = place.array.with(sizes, new long[] {1040, 1}, 16 + shift);
      kernels.copy(a.array, moved);
      List<double[]> got = new ArrayList<>();
      for (long[] reduced : List.of(new long[] {3, 1}, new long[] {1, 1040}, new long[] {1, 1})) {
        TestArray sum = array(DType.FLOAT32, Layout.CONTIGUOUS, reduced);
        kernels.reduce(ReduceOp.SUM, moved, sum.array);
        got.add(sum.values());
      }
      TestArray out = array(DType.FLOAT32, Layout.CONTIGUOUS, sizes);
      kernels.softmax(moved, 1, false, out.array);
      got.add(out.values());
      kernels.softmaxGrad(a.array, moved, 1, true, out.array);
      got.add(out.values());
      kernels.scan(ScanOp.SUM, moved, 1, false, out.array);
      got.add(out.values());
      expected = expected == null ? got : expected;
      for (int i = 0; i < got.size(); i++) {
        assertThat(got.get(i)).as("%d, shifted by %d", i, shift).isEqualTo(expected.get(i));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void addressesOfMatricesDoNotMatter(Kernels kernels) {
    TestArray a = randomArray(DType.FLOAT32, Layout.CONTIGUOUS, 13, 17);
    TestArray bias = randomArray(DType.FLOAT32, Layout.CONTIGUOUS, 13);
    double[] expected = null;
    for (int shift = 0; shift < 5; shift++) {
      TestArray place = array(DType.FLOAT32, Layout.CONTIGUOUS, 13 * 17 + 5);
      TestArray result = array(DType.FLOAT32, Layout.CONTIGUOUS, 13 * 13 + 5);
      Strided moved = place.array.with(new long[] {13, 17}, new long[] {17, 1}, 16 + shift);
      Strided turned = place.array.with(new long[] {17, 13}, new long[] {1, 17}, 16 + shift);
      Strided out = result.array.with(new long[] {13, 13}, new long[] {13, 1}, 16 + shift);
      kernels.copy(a.array, moved);
      kernels.fill(result.array, 0);
      kernels.matmul(moved, turned, bias.array, Activation.RELU, out);
      double[] got = Arrays.copyOfRange(result.values(), shift, shift + 13 * 13);
      expected = expected == null ? got : expected;
      assertThat(got).as("shifted by %d elements", shift).isEqualTo(expected);
    }
  }
}
