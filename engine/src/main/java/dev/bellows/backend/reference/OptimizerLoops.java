package dev.bellows.backend.reference;

import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.Scalars;
import dev.bellows.backend.SgdArgs;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/** Optimizer steps in doubles; parameters and state are rounded when stored. */
final class OptimizerLoops {
  private OptimizerLoops() {}

  static void sgd(Strided param, Strided grad, Strided momentumBuffer, SgdArgs args) {
    Scalars.requireFloating("sgdStep", param.dtype());
    Strided buffer = momentumBuffer == null ? param : momentumBuffer;
    Loop loop = Loop.of(param, grad, buffer);
    DType type = param.dtype();
    boolean momentum = momentumBuffer != null && args.momentum() != 0;
    double[] x = new double[loop.block()];
    double[] g = new double[loop.block()];
    double[] buf = new double[loop.block()];
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(type, loop.address[0], loop.step[0], n, x);
      Access.load(grad.dtype(), loop.address[1], loop.step[1], n, g);
      if (args.weightDecay() != 0) {
        MatMulLoops.addScaled(args.weightDecay(), x, 0, g, 0, n);
      }
      if (momentum) {
        Access.load(buffer.dtype(), loop.address[2], loop.step[2], n, buf);
        applyMomentum(args, g, buf, n);
        Access.store(buffer.dtype(), loop.address[2], loop.step[2], n, buf);
      }
      MatMulLoops.addScaled(-args.lr(), g, 0, x, 0, n);
      Access.store(type, loop.address[0], loop.step[0], n, x);
    }
  }

  private static void applyMomentum(SgdArgs args, double[] g, double[] buf, int n) {
    for (int i = 0; i < n; i++) {
      buf[i] = args.firstStep() ? g[i] : args.momentum() * buf[i] + (1 - args.dampening()) * g[i];
      g[i] = args.nesterov() ? g[i] + args.momentum() * buf[i] : buf[i];
    }
  }

  static void adam(Strided param, Strided grad, Strided m, Strided v, AdamArgs args) {
    Scalars.requireFloating("adamStep", param.dtype());
    Loop loop = Loop.of(param, grad, m, v);
    DType type = param.dtype();
    double[] x = new double[loop.block()];
    double[] g = new double[loop.block()];
    double[] first = new double[loop.block()];
    double[] second = new double[loop.block()];
    double stepSize = args.stepSize();
    double root = args.root();
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(type, loop.address[0], loop.step[0], n, x);
      Access.load(grad.dtype(), loop.address[1], loop.step[1], n, g);
      Access.load(m.dtype(), loop.address[2], loop.step[2], n, first);
      Access.load(v.dtype(), loop.address[3], loop.step[3], n, second);
      decay(args, x, g, n);
      for (int i = 0; i < n; i++) {
        first[i] = args.beta1() * first[i] + (1 - args.beta1()) * g[i];
        second[i] = args.beta2() * second[i] + (1 - args.beta2()) * g[i] * g[i];
        x[i] -= stepSize * first[i] / (Math.sqrt(second[i]) / root + args.eps());
      }
      Access.store(type, loop.address[0], loop.step[0], n, x);
      Access.store(m.dtype(), loop.address[2], loop.step[2], n, first);
      Access.store(v.dtype(), loop.address[3], loop.step[3], n, second);
    }
  }

  private static void decay(AdamArgs args, double[] x, double[] g, int n) {
    if (args.weightDecay() == 0) {
      return;
    }
    if (args.decoupled()) {
      double keep = 1 - args.lr() * args.weightDecay();
      for (int i = 0; i < n; i++) {
        x[i] *= keep;
      }
    } else {
      MatMulLoops.addScaled(args.weightDecay(), x, 0, g, 0, n);
    }
  }
}
