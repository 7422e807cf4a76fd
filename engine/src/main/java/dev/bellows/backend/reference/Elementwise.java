package dev.bellows.backend.reference;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.PointwiseOp;
import dev.bellows.backend.Scalars;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Elementwise kernels: blocks of elements are loaded as double (floating types) or long (all
 * others), changed there by the loop of the operation's row, and stored. For + − · / and √ of
 * FLOAT32 this gives the same bits as float arithmetic, since double has more than twice its
 * precision.
 */
final class Elementwise {
  private Elementwise() {}

  private static RowLoop function(PointwiseOp<?, ?> op, DType type) {
    return RowLoop.of(type.isFloatingPoint() ? op.real() : op.whole(type));
  }

  static void unary(UnaryOp op, Strided a, Strided out) {
    Loop loop = Loop.of(a, out);
    DType in = a.dtype();
    DType to = out.dtype();
    RowLoop function = function(op, in);
    if (in.isFloatingPoint()) {
      double[] x = new double[loop.block()];
      for (int n = loop.next(); n > 0; n = loop.next()) {
        Access.load(in, loop.address[0], loop.step[0], n, x);
        function.unary(x, n);
        Access.store(to, loop.address[1], loop.step[1], n, x);
      }
      return;
    }
    long[] x = new long[loop.block()];
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(in, loop.address[0], loop.step[0], n, x);
      function.unary(x, n, in);
      Access.store(to, loop.address[1], loop.step[1], n, x);
    }
  }

  static void unary(Strided a, Strided out, IntFunction<UnaryBlock> functions) {
    Loop loop = Loop.of(a, out);
    UnaryBlock function = functions.apply(loop.block());
    double[] x = new double[loop.block()];
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(a.dtype(), loop.address[0], loop.step[0], n, x);
      function.apply(x, n);
      Access.store(out.dtype(), loop.address[1], loop.step[1], n, x);
    }
  }

  static void binary(Strided a, Strided b, Strided out, IntFunction<BinaryBlock> functions) {
    Loop loop = Loop.of(a, b, out);
    BinaryBlock function = functions.apply(loop.block());
    double[] x = new double[loop.block()];
    double[] y = new double[loop.block()];
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(a.dtype(), loop.address[0], loop.step[0], n, x);
      Access.load(b.dtype(), loop.address[1], loop.step[1], n, y);
      function.apply(x, y, n);
      Access.store(out.dtype(), loop.address[2], loop.step[2], n, x);
    }
  }

  static void binary(BinaryOp op, Strided a, Strided b, Strided out) {
    assert a.dtype() == b.dtype() : a + " and " + b;
    Loop loop = Loop.of(a, b, out);
    DType in = a.dtype();
    DType to = out.dtype();
    RowLoop function = function(op, in);
    if (in.isFloatingPoint()) {
      double[] x = new double[loop.block()];
      double[] y = new double[loop.block()];
      for (int n = loop.next(); n > 0; n = loop.next()) {
        Access.load(in, loop.address[0], loop.step[0], n, x);
        Access.load(in, loop.address[1], loop.step[1], n, y);
        function.binary(x, y, n);
        Access.store(to, loop.address[2], loop.step[2], n, x);
      }
      return;
    }
    long[] x = new long[loop.block()];
    long[] y = new long[loop.block()];
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(in, loop.address[0], loop.step[0], n, x);
      Access.load(in, loop.address[1], loop.step[1], n, y);
      function.binary(x, y, n, in);
      Access.store(to, loop.address[2], loop.step[2], n, x);
    }
  }

  static void binaryScalar(BinaryOp op, Strided a, Number scalar, Strided out) {
    Loop loop = Loop.of(a, out);
    DType in = a.dtype();
    DType to = out.dtype();
    int block = loop.block();
    RowLoop function = function(op, in);
    if (in.isFloatingPoint()) {
      double[] x = new double[block];
      double[] y = new double[block];
      double c = op.isLogical() ? in.round(scalar.doubleValue()) : Scalars.real(in, scalar);
      boolean root = op == BinaryOp.POW && Math.abs(c) == 0.5;
      Arrays.fill(y, c);
      for (int n = loop.next(); n > 0; n = loop.next()) {
        Access.load(in, loop.address[0], loop.step[0], n, x);
        if (root) {
          root(c, x, n);
        } else {
          function.binary(x, y, n);
        }
        Access.store(to, loop.address[1], loop.step[1], n, x);
      }
      return;
    }
    long[] x = new long[block];
    long[] y = new long[block];
    Arrays.fill(y, Scalars.whole(in, scalar));
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(in, loop.address[0], loop.step[0], n, x);
      function.binary(x, y, n, in);
      Access.store(to, loop.address[1], loop.step[1], n, x);
    }
  }

  /** √x or 1 / √x, for a power of ½ or −½. */
  private static void root(double power, double[] x, int n) {
    for (int i = 0; i < n; i++) {
      double root = Math.sqrt(x[i]);
      x[i] = power < 0 ? 1 / root : root;
    }
  }

  static void addScaled(Strided a, Strided b, Number alpha, Strided out) {
    Loop loop = Loop.of(a, b, out);
    DType type = a.dtype();
    if (type.isFloatingPoint()) {
      double[] x = new double[loop.block()];
      double[] y = new double[loop.block()];
      double scale = Scalars.real(type, alpha);
      for (int n = loop.next(); n > 0; n = loop.next()) {
        Access.load(type, loop.address[0], loop.step[0], n, x);
        Access.load(type, loop.address[1], loop.step[1], n, y);
        if (type == DType.FLOAT64) {
          for (int i = 0; i < n; i++) {
            x[i] += scale * y[i];
          }
        } else {
          for (int i = 0; i < n; i++) {
            x[i] += (float) (scale * y[i]);
          }
        }
        Access.store(type, loop.address[2], loop.step[2], n, x);
      }
      return;
    }
    long[] x = new long[loop.block()];
    long[] y = new long[loop.block()];
    long scale = Scalars.whole(type, alpha);
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(type, loop.address[0], loop.step[0], n, x);
      Access.load(type, loop.address[1], loop.step[1], n, y);
      for (int i = 0; i < n; i++) {
        x[i] += scale * y[i];
      }
      Access.store(type, loop.address[2], loop.step[2], n, x);
    }
  }

  static void where(Strided condition, Strided a, Strided b, Strided out) {
    Loop loop = Loop.of(condition, a, b, out);
    DType type = a.dtype();
    long[] c = new long[loop.block()];
    double[] x = new double[type.isFloatingPoint() ? loop.block() : 0];
    double[] y = new double[x.length];
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(condition.dtype(), loop.address[0], loop.step[0], n, c);
      if (type.isFloatingPoint()) {
        Access.load(type, loop.address[1], loop.step[1], n, x);
        Access.load(type, loop.address[2], loop.step[2], n, y);
        for (int i = 0; i < n; i++) {
          x[i] = c[i] != 0 ? x[i] : y[i];
        }
        Access.store(type, loop.address[3], loop.step[3], n, x);
      } else {
        for (int i = 0; i < n; i++) {
          int k = c[i] != 0 ? 1 : 2;
          long value = Access.getLong(type, loop.address[k] + i * loop.step[k]);
          Access.putLong(type, loop.address[3] + i * loop.step[3], value);
        }
      }
    }
  }
}
