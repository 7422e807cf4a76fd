package dev.bellows.backend;

import dev.bellows.backend.cuda.EmulatedCuda;
import dev.bellows.memory.DType;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class ConvContractTest extends BackendContract {
  /** Sizes of one convolution. */
  private record Case(int n, int c, int h, int w, int o, int kh, int kw, Conv2dArgs args) {
    int oh() {
      return (int) Conv2dArgs.outSize(h, kh, args.strideH(), args.padH(), args.dilationH());
    }

    int ow() {
      return (int) Conv2dArgs.outSize(w, kw, args.strideW(), args.padW(), args.dilationW());
    }

    long[] x() {
      return new long[] {n, c, h, w};
    }

    long[] weight() {
      return new long[] {o, c / args.groups(), kh, kw};
    }

    long[] out() {
      return new long[] {n, o, oh(), ow()};
    }
  }

  private static Conv2dArgs args(int stride, int pad, int dilation, int groups) {
    return new Conv2dArgs(stride, stride, pad, pad, dilation, dilation, groups);
  }

  private static final List<Case> CASES =
      List.of(
          new Case(2, 1, 8, 9, 4, 3, 3, args(1, 0, 1, 1)),
          new Case(2, 3, 8, 9, 5, 3, 3, args(1, 1, 1, 1)),
          new Case(1, 16, 7, 7, 16, 3, 3, args(1, 1, 1, 1)),
          new Case(1, 3, 15, 13, 8, 7, 7, args(2, 3, 1, 1)),
          new Case(3, 4, 6, 6, 8, 1, 1, args(1, 0, 1, 1)),
          new Case(2, 4, 9, 9, 6, 3, 3, args(2, 1, 2, 2)),
          new Case(2, 17, 5, 5, 17, 3, 3, args(1, 1, 1, 17)),
          new Case(2, 2, 2, 3, 3, 5, 5, args(1, 2, 1, 1)),
          new Case(1, 3, 11, 4, 2, 2, 3, new Conv2dArgs(3, 1, 1, 2, 2, 1, 1)),
          new Case(0, 3, 8, 8, 4, 3, 3, args(1, 1, 1, 1)),
          new Case(1, 2, 3, 3, 2, 3, 3, args(1, 0, 1, 1)),
          new Case(1, 32, 6, 6, 33, 3, 3, args(1, 1, 1, 1)),
          new Case(2, 16, 6, 5, 16, 3, 3, args(1, 1, 1, 16)),
          new Case(2, 6, 7, 9, 12, 3, 3, args(2, 1, 1, 6)),
          new Case(1, 8, 6, 6, 8, 5, 5, args(1, 2, 1, 8)),
          new Case(2, 16, 6, 6, 8, 3, 3, args(1, 1, 1, 2)),
          new Case(2, 8, 5, 5, 8, 1, 1, args(1, 0, 1, 2)),
          new Case(2, 8, 5, 5, 4, 1, 1, args(2, 0, 1, 1)),
          new Case(1, 4, 7, 7, 4, 2, 2, args(3, 0, 1, 1)),
          new Case(1, 4, 3, 3, 4, 2, 2, args(1, 3, 1, 1)));
  private static final List<DType> HALVES = List.of(DType.FLOAT16, DType.BFLOAT16);

  /**
   * Returns kernels with so little workspace for unfolding that images are cut into parts, and
   * those into rows.
   */
  static List<Named<Kernels>> cutIntoParts() {
    return EmulatedCuda.missing() != null
        ? backends()
        : List.of(
            Named.of("workspace 8 KiB", EmulatedCuda.withWorkspace(8 << 10)),
            Named.of("workspace 3 KiB", EmulatedCuda.withWorkspace(3 << 10)),
            Named.of("workspace 256 B", EmulatedCuda.withWorkspace(256)));
  }

  /** What one tap of one output does. */
  private interface Tap {
    void visit(int x, int weight, int out);
  }

  /** Calls back for each pair of an input inside the image and an output, by linear indices. */
  private static void taps(Case s, Tap tap) {
    int inGroup = s.c / s.args.groups();
    int outGroup = s.o / s.args.groups();
    for (int n = 0; n < s.n; n++) {
      for (int o = 0; o < s.o; o++) {
        for (int y = 0; y < s.oh(); y++) {
          for (int x = 0; x < s.ow(); x++) {
            for (int c = 0; c < inGroup; c++) {
              for (int p = 0; p < s.kh; p++) {
                for (int q = 0; q < s.kw; q++) {
                  int row = y * s.args.strideH() - s.args.padH() + p * s.args.dilationH();
                  int column = x * s.args.strideW() - s.args.padW() + q * s.args.dilationW();
                  if (row >= 0 && row < s.h && column >= 0 && column < s.w) {
                    int channel = o / outGroup * inGroup + c;
                    tap.visit(
                        TestArray.linear(s.x(), n, channel, row, column),
                        TestArray.linear(s.weight(), o, c, p, q),
                        TestArray.linear(s.out(), n, o, y, x));
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private static double[] tolerances(DType type, double[] magnitude, int[] terms) {
    double[] tolerance = new double[magnitude.length];
    for (int i = 0; i < tolerance.length; i++) {
      tolerance[i] = Tolerance.of(type, magnitude[i], terms[i]);
    }
    return tolerance;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void convolves(Kernels kernels) {
    for (DType type : FLOATS) {
      for (Case s : CASES) {
        for (Layout layout : IMAGES) {
          for (Layout result : IMAGES) {
            forwardCase(kernels, type, s, layout, result);
          }
        }
      }
    }
  }

  private void forwardCase(Kernels kernels, DType type, Case s, Layout layout, Layout result) {
    TestArray x = randomArray(type, layout, s.x());
    TestArray weight = randomArray(type, any(IMAGES), s.weight());
    TestArray bias = random.nextBoolean() ? randomArray(type, any(OUTPUTS), s.o) : null;
    TestArray out = array(type, result, s.out());
    Activation activation = any(List.of(Activation.values()));
    kernels.conv2d(
        x.array, weight.array, bias == null ? null : bias.array, s.args, activation, out.array);
    double[] xs = x.values();
    double[] ws = weight.values();
    double[] expected = new double[out.numel()];
    double[] magnitude = new double[out.numel()];
    int[] terms = new int[out.numel()];
    if (bias != null) {
      double[] shift = bias.values();
      for (int i = 0; i < expected.length; i++) {
        expected[i] = shift[i / (s.oh() * s.ow()) % s.o];
        magnitude[i] = Math.abs(expected[i]);
      }
    }
    taps(
        s,
        (i, j, k) -> {
          expected[k] += xs[i] * ws[j];
          magnitude[k] += Math.abs(xs[i] * ws[j]);
          terms[k]++;
        });
    for (int i = 0; activation == Activation.RELU && i < expected.length; i++) {
      expected[i] = Math.max(0, expected[i]);
    }
    assertClose(expected, tolerances(type, magnitude, terms), out, "%s of %s", s, x);
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void gradientOfInput(Kernels kernels) {
    for (DType type : FLOATS) {
      for (Case s : CASES) {
        for (Layout layout : IMAGES) {
          for (Layout result : IMAGES) {
            gradInputCase(kernels, type, s, layout, result);
          }
        }
      }
    }
  }

  private void gradInputCase(Kernels kernels, DType type, Case s, Layout layout, Layout result) {
    TestArray gradOut = randomArray(type, layout, s.out());
    TestArray weight = randomArray(type, any(IMAGES), s.weight());
    TestArray gradX = array(type, result, s.x());
    kernels.conv2dGradInput(gradOut.array, weight.array, s.args, gradX.array);
    double[] gs = gradOut.values();
    double[] ws = weight.values();
    double[] expected = new double[gradX.numel()];
    double[] magnitude = new double[gradX.numel()];
    int[] terms = new int[gradX.numel()];
    taps(
        s,
        (i, j, k) -> {
          expected[i] += gs[k] * ws[j];
          magnitude[i] += Math.abs(gs[k] * ws[j]);
          terms[i]++;
        });
    double[] tolerance = tolerances(type, magnitude, terms);
    assertClose(expected, tolerance, gradX, "%s of %s", s, gradOut);
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void gradientOfWeight(Kernels kernels) {
    for (DType type : FLOATS) {
      for (Case s : CASES) {
        for (Layout layout : IMAGES) {
          for (boolean withBias : new boolean[] {true, false}) {
            gradWeightCase(kernels, type, s, layout, withBias);
          }
        }
      }
    }
  }

  private void gradWeightCase(
      Kernels kernels, DType type, Case s, Layout layout, boolean withBias) {
    TestArray gradOut = randomArray(type, any(IMAGES), s.out());
    TestArray x = randomArray(type, layout, s.x());
    TestArray gradWeight = array(type, any(IMAGES), s.weight());
    TestArray gradBias = array(type, any(OUTPUTS), s.o);
    kernels.conv2dGradWeight(
        gradOut.array, x.array, s.args, gradWeight.array, withBias ? gradBias.array : null);
    double[] gs = gradOut.values();
    double[] xs = x.values();
    double[] expected = new double[gradWeight.numel()];
    double[] magnitude = new double[gradWeight.numel()];
    int[] terms = new int[gradWeight.numel()];
    taps(
        s,
        (i, j, k) -> {
          expected[j] += gs[k] * xs[i];
          magnitude[j] += Math.abs(gs[k] * xs[i]);
          terms[j]++;
        });
    assertClose(expected, tolerances(type, magnitude, terms), gradWeight, "%s of %s", s, x);
    if (withBias) {
      double[] sums = new double[s.o];
      double[] sizes = new double[s.o];
      int[] counts = new int[s.o];
      for (int i = 0; i < gs.length; i++) {
        int o = i / (s.oh() * s.ow()) % s.o;
        sums[o] += gs[i];
        sizes[o] += Math.abs(gs[i]);
        counts[o]++;
      }
      assertClose(sums, tolerances(type, sizes, counts), gradBias, "bias: %s", s);
    }
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void convolvesHalves(Kernels kernels) {
    for (DType type : HALVES) {
      for (Case s : CASES) {
        Layout layout = any(IMAGES);
        forwardCase(kernels, type, s, layout, any(IMAGES));
        gradInputCase(kernels, type, s, layout, any(IMAGES));
        gradWeightCase(kernels, type, s, layout, true);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cutIntoParts")
  void convolvesInParts(Kernels kernels) {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (Case s : CASES) {
        forwardCase(kernels, type, s, Layout.CHANNELS_LAST, any(IMAGES));
        gradInputCase(kernels, type, s, Layout.CHANNELS_LAST, any(IMAGES));
        gradWeightCase(kernels, type, s, Layout.CHANNELS_LAST, random.nextBoolean());
      }
    }
  }
}
