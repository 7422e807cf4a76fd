package dev.bellows.backend.reference;

import dev.bellows.backend.Formula;
import dev.bellows.backend.Specialized;
import dev.bellows.memory.DType;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Applies the function of one row of the tables to blocks of elements, in place. */
interface RowLoop {
  /** The loops by function, created on first use. */
  Map<Object, RowLoop> LOOPS = new ConcurrentHashMap<>();

  /** Returns the loop of a formula. */
  static RowLoop of(Formula<?> formula) {
    Object function = formula.function();
    RowLoop loop = LOOPS.get(function);
    return loop != null ? loop : LOOPS.computeIfAbsent(function, RowLoop::copy);
  }

  private static RowLoop copy(Object function) {
    return Specialized.copy(MethodHandles.lookup(), RowLoop.class, RowLoopTemplate.class, function);
  }

  /** Computes x[i] = f(x[i]). */
  void unary(double[] x, int n);

  /** Computes x[i] = f(x[i]) for an element type. */
  void unary(long[] x, int n, DType type);

  /** Computes x[i] = f(x[i], y[i]). */
  void binary(double[] x, double[] y, int n);

  /** Computes x[i] = f(x[i], y[i]) for an element type. */
  void binary(long[] x, long[] y, int n, DType type);
}
