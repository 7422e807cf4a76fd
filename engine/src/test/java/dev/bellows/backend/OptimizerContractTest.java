package dev.bellows.backend;

import dev.bellows.memory.DType;
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

  private void sgdCase(Kernels kernels, DType type, int n, SgdArgs args) {
    TestArray param = randomArray(type, Layout.CONTIGUOUS, n);
    TestArray grad = randomArray(type, Layout.CONTIGUOUS, n);
    TestArray buffer = args.momentum() == 0 ? null : randomArray(type, Layout.CONTIGUOUS, n);
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
      assertClose(buf, tolerances(type, x, g, old), buffer, "buffer: %s of %d", args, n);
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
    TestArray param = randomArray(type, Layout.CONTIGUOUS, n);
    TestArray grad = randomArray(type, Layout.CONTIGUOUS, n);
    TestArray m = randomArray(type, Layout.CONTIGUOUS, n);
    TestArray v = randomArray(type, Layout.CONTIGUOUS, n);
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
    assertClose(m1, tolerances(type, m0, g, x), m, "m: %s of %d", args, n);
    assertClose(v1, tolerances(type, v0, squares), v, "v: %s of %d", args, n);
    assertExact(g, grad, "gradients stay");
    endCase();
  }
}
