package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class PoolContractTest extends BackendContract {
  private static final List<Pool2dArgs> WINDOWS =
      List.of(
          new Pool2dArgs(2, 2, 2, 2, 0, 0),
          new Pool2dArgs(3, 3, 2, 2, 1, 1),
          new Pool2dArgs(3, 2, 1, 3, 1, 0),
          new Pool2dArgs(1, 1, 1, 1, 0, 0),
          new Pool2dArgs(4, 4, 1, 1, 2, 2));
  private static final List<long[]> SHAPES =
      List.of(
          new long[] {2, 3, 7, 8},
          new long[] {1, 1, 4, 4},
          new long[] {1, 16, 6, 5},
          new long[] {3, 17, 5, 9},
          new long[] {0, 3, 6, 6});

  private static long[] outSizes(long[] x, Pool2dArgs args) {
    return new long[] {
      x[0],
      x[1],
      (x[2] + 2 * args.padH() - args.kernelH()) / args.strideH() + 1,
      (x[3] + 2 * args.padW() - args.kernelW()) / args.strideW() + 1
    };
  }

  /** Linear place in x of each winner, and its position in the window. */
  private static int[][] winners(double[] x, long[] shape, Pool2dArgs args) {
    long[] out = outSizes(shape, args);
    int count = (int) (out[0] * out[1] * out[2] * out[3]);
    int[][] winners = new int[2][count];
    for (int k = 0; k < count; k++) {
      long plane = k / (out[2] * out[3]);
      long top = k / out[3] % out[2] * args.strideH() - args.padH();
      long left = k % out[3] * args.strideW() - args.padW();
      winners[0][k] = -1;
      for (int p = 0; p < args.kernelH() * args.kernelW(); p++) {
        long row = top + p / args.kernelW();
        long column = left + p % args.kernelW();
        if (row < 0 || row >= shape[2] || column < 0 || column >= shape[3]) {
          continue;
        }
        int place = (int) ((plane * shape[2] + row) * shape[3] + column);
        double best = winners[0][k] < 0 ? 0 : x[winners[0][k]];
        if (winners[0][k] < 0 || x[place] > best || x[place] != x[place]) {
          winners[0][k] = place;
          winners[1][k] = p;
        }
      }
    }
    return winners;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void poolsAndItsGradients(Kernels kernels) {
    for (DType type : FLOATS) {
      for (Pool2dArgs args : WINDOWS) {
        for (long[] shape : SHAPES) {
          for (Layout layout : IMAGES) {
            for (Layout result : IMAGES) {
              poolCase(kernels, type, args, shape, layout, result);
            }
          }
        }
      }
    }
  }

  private void poolCase(
      Kernels kernels, DType type, Pool2dArgs args, long[] shape, Layout layout, Layout result) {
    TestArray x = array(type, layout, shape);
    double[] values = specialValues(type, x.numel());
    Arrays.setAll(values, i -> random.nextInt(3) == 0 ? Math.rint(values[i]) : values[i]);
    double[] xs = x.set(values).values();
    long[] outSizes = outSizes(shape, args);
    TestArray out = array(type, result, outSizes);
    TestArray positions = array(DType.UINT8, result, outSizes);
    kernels.maxPool2d(x.array, args, out.array, positions.array);
    int[][] winners = winners(xs, shape, args);
    double[] expected = Arrays.stream(winners[0]).mapToDouble(i -> xs[i]).toArray();
    assertExact(expected, out, "%s of %s", args, x);
    double[] places = Arrays.stream(winners[1]).asDoubleStream().toArray();
    assertExact(places, positions, "positions: %s of %s", args, x);

    TestArray gathered = array(type, result, outSizes);
    kernels.maxPool2dGather(x.array, positions.array, args, gathered.array);
    assertExact(expected, gathered, "gather: %s of %s", args, x);

    TestArray gradOut = randomArray(type, any(IMAGES), outSizes);
    TestArray gradX = array(type, layout, shape);
    kernels.maxPool2dGrad(gradOut.array, positions.array, args, gradX.array);
    double[] gs = gradOut.values();
    double[] sums = new double[xs.length];
    double[] tolerance = new double[xs.length];
    for (int k = 0; k < gs.length; k++) {
      sums[winners[0][k]] += gs[k];
      tolerance[winners[0][k]] += Tolerance.of(type, Math.abs(gs[k]), 16);
    }
    assertClose(sums, tolerance, gradX, "gradient: %s of %s", args, x);
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void poolsHalves(Kernels kernels) {
    for (DType type : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      for (Pool2dArgs args : WINDOWS) {
        for (long[] shape : SHAPES) {
          for (Layout layout : List.of(Layout.CHANNELS_LAST, Layout.SLICED)) {
            poolCase(kernels, type, args, shape, layout, layout);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void poolsImagesOfManyChannels(Kernels kernels) {
    for (Pool2dArgs args : WINDOWS) {
      for (long channels : new long[] {300, 1030}) {
        long[] shape = {1, channels, 5, 8};
        poolCase(kernels, DType.FLOAT32, args, shape, Layout.CHANNELS_LAST, Layout.CHANNELS_LAST);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void paddingNeverWins(Kernels kernels) {
    Pool2dArgs args = new Pool2dArgs(3, 3, 2, 2, 1, 1);
    for (Layout layout : IMAGES) {
      TestArray x = array(DType.FLOAT32, layout, 1, 16, 3, 3);
      double[] values = new double[x.numel()];
      Arrays.fill(values, Double.NEGATIVE_INFINITY);
      x.set(values);
      TestArray out = array(DType.FLOAT32, layout, 1, 16, 2, 2);
      TestArray positions = array(DType.UINT8, layout, 1, 16, 2, 2);
      kernels.maxPool2d(x.array, args, out.array, positions.array);
      assertThat(out.values()).containsOnly(Double.NEGATIVE_INFINITY);
      assertThat(Arrays.copyOf(positions.values(), 4)).containsExactly(4, 3, 1, 0);
      endCase();
    }
  }
}
