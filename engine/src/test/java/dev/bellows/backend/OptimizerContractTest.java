package dev.bellows.backend;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.bellows.backend.reference.ReferenceKernels;
import dev.bellows.memory.DType;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class OptimizerContractTest extends BackendContract {
  private static double[] tolerances(DType type, double[]... parts) {
    double[] tolerance = new double[parts[0].length];
    for (int i = 0; i < tolerance.length; i++) {
      double magnitude = 0;
      for (double[] part : parts) {
        magnitude += Math.abs(part[i]);
      }
      tolerance[i] = Tolerance.of(type, magnitude, parts.length);
    }
    return tolerance;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void sgd(Kernels kernels) {
    for (DType type : FLOATS) {
      for (int n : LENGTHS) {
        for (double momentum : new double[] {0, 0.9}) {
          for (int flags = 0; flags < 8; flags++) {
            boolean nesterov = momentum != 0 && (flags & 1) != 0;
            SgdArgs args =
                new SgdArgs(
                    0.1,
                    momentum,
                    nesterov ? 0 : 0.2,
                    (flags & 2) != 0 ? 0.01 : 0,
                    nesterov,
                    (flags & 4) != 0);
            sgdCase(kernels, type, n, args);
          }
        }
      }
    }
  }

  /** Halves, also with gradients or state of another type than the parameters. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void halves(Kernels kernels) {
    for (DType[] types :
        new DType[][] {
          {DType.FLOAT16, DType.FLOAT16, DType.FLOAT16},
          {DType.BFLOAT16, DType.BFLOAT16, DType.BFLOAT16},
          {DType.FLOAT32, DType.BFLOAT16, DType.FLOAT32},
          {DType.BFLOAT16, DType.BFLOAT16, DType.FLOAT32}
        }) {
      for (int n : new int[] {0, 1, 7, 8, 207}) {
        for (boolean first : new boolean[] {true, false}) {
          sgdCase(kernels, types, n, new SgdArgs(0.1, 0.9, 0, 0.01, true, first));
          adamCase(kernels, types, n, new AdamArgs(1e-3, 0.9, 0.99, 1e-8, 0.1, first, 3));
        }
      }
    }
  }

  private void sgdCase(Kernels kernels, DType type, int n, SgdArgs args) {
    sgdCase(kernels, new DType[] {type, type, type}, n, args);
  }

  private void sgdCase(Kernels kernels, DType[] types, int n, SgdArgs args) {
    DType type = types[0];
    TestArray param = randomArray(type, Layout.CONTIGUOUS, n);
    TestArray grad = randomArray(types[1], Layout.CONTIGUOUS, n);
    TestArray buffer = args.momentum() == 0 ? null : randomArray(types[2], Layout.CONTIGUOUS, n);
    double[] x = param.values();
    double[] g = grad.values();
    double[] old = buffer == null ? new double[n] : buffer.values();
    double[] buf = new double[n];
    double[] after = new double[n];
    for (int i = 0; i < n; i++) {
      double d = g[i] + args.weightDecay() * x[i];
      if (buffer != null) {
        buf[i] = args.firstStep() ? d : args.momentum() * old[i] + (1 - args.dampening()) * d;
        d = args.nesterov() ? d + args.momentum() * buf[i] : buf[i];
      }
      after[i] = x[i] - args.lr() * d;
    }
    kernels.sgdStep(param.array, grad.array, buffer == null ? null : buffer.array, args);
    assertClose(after, tolerances(type, x, g, old), param, "%s of %d", args, n);
    if (buffer != null) {
      assertClose(buf, tolerances(types[2], x, g, old), buffer, "buffer: %s of %d", args, n);
    }
    assertExact(g, grad, "gradients stay");
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void adam(Kernels kernels) {
    for (DType type : FLOATS) {
      for (int n : LENGTHS) {
        for (double decay : new double[] {0, 0.01}) {
          for (boolean decoupled : new boolean[] {true, false}) {
            for (long step : new long[] {1, 2, 1000}) {
              AdamArgs args = new AdamArgs(1e-3, 0.9, 0.999, 1e-8, decay, decoupled, step);
              adamCase(kernels, type, n, args);
            }
          }
        }
      }
    }
  }

  private void adamCase(Kernels kernels, DType type, int n, AdamArgs args) {
    adamCase(kernels, new DType[] {type, type, type}, n, args);
  }

  private void adamCase(Kernels kernels, DType[] types, int n, AdamArgs args) {
    DType type = types[0];
    TestArray param = randomArray(type, Layout.CONTIGUOUS, n);
    TestArray grad = randomArray(types[1], Layout.CONTIGUOUS, n);
    TestArray m = randomArray(types[2], Layout.CONTIGUOUS, n);
    TestArray v = randomArray(types[2], Layout.CONTIGUOUS, n);
    kernels.unary(UnaryOp.ABS, v.array, v.array);
    double[] x = param.values();
    double[] g = grad.values();
    double[] m0 = m.values();
    double[] v0 = v.values();
    double[] m1 = new double[n];
    double[] v1 = new double[n];
    double[] squares = new double[n];
    double[] moves = new double[n];
    double[] after = new double[n];
    for (int i = 0; i < n; i++) {
      double start = args.decoupled() ? x[i] * (1 - args.lr() * args.weightDecay()) : x[i];
      double d = args.decoupled() ? g[i] : g[i] + args.weightDecay() * x[i];
      m1[i] = args.beta1() * m0[i] + (1 - args.beta1()) * d;
      v1[i] = args.beta2() * v0[i] + (1 - args.beta2()) * d * d;
      squares[i] = d * d + x[i] * x[i];
      double mHat = m1[i] / (1 - Math.pow(args.beta1(), args.step()));
      double vHat = v1[i] / (1 - Math.pow(args.beta2(), args.step()));
      moves[i] = args.lr() * mHat / (Math.sqrt(vHat) + args.eps());
      after[i] = start - moves[i];
    }
    kernels.adamStep(param.array, grad.array, m.array, v.array, args);
    assertClose(after, tolerances(type, x, moves, moves), param, "%s of %d", args, n);
    assertClose(m1, tolerances(types[2], m0, g, x), m, "m: %s of %d", args, n);
    assertClose(v1, tolerances(types[2], v0, squares), v, "v: %s of %d", args, n);
    assertExact(g, grad, "gradients stay");
    endCase();
  }

  /** Results computed in doubles have the same bits on all backends. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void bitsOfTheReference(Kernels kernels) {
    assumeFalse(kernels.name().equals("cpu"), "cpu computes in FLOAT32");
    Kernels reference = new ReferenceKernels();
    int n = 1024;
    for (boolean flag : new boolean[] {true, false}) {
      double[][] values = new double[4][];
      TestArray[] ours = new TestArray[4];
      TestArray[] theirs = new TestArray[4];
      for (int i = 0; i < 4; i++) {
        values[i] = randomValues(DType.FLOAT32, n);
        if (i == 3) {
          Arrays.setAll(values[i], k -> Math.abs(values[3][k]));
        }
        ours[i] = array(DType.FLOAT32, Layout.CONTIGUOUS, n).set(values[i]);
        theirs[i] = new TestArray(reference, DType.FLOAT32, Layout.CONTIGUOUS, n).set(values[i]);
      }
      AdamArgs adam = new AdamArgs(0.013, 0.9, 0.999, 1e-8, 0.1, flag, 7);
      SgdArgs sgd = new SgdArgs(0.013, 0.9, 0.1, 0.1, flag, false);
      kernels.adamStep(ours[0].array, ours[1].array, ours[2].array, ours[3].array, adam);
      kernels.sgdStep(ours[0].array, ours[1].array, ours[2].array, sgd);
      reference.adamStep(theirs[0].array, theirs[1].array, theirs[2].array, theirs[3].array, adam);
      reference.sgdStep(theirs[0].array, theirs[1].array, theirs[2].array, sgd);
      for (int i = 0; i < 4; i++) {
        assertExact(theirs[i].values(), ours[i], "%s and %s: array %d", adam, sgd, i);
        theirs[i].release();
      }
      endCase();
    }
  }
}
