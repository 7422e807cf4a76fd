package dev.bellows.backend.reference;

import dev.bellows.backend.Formula.OfLong;
import dev.bellows.backend.Formula.OfLongs;
import dev.bellows.backend.Specialized;
import dev.bellows.memory.DType;
import java.lang.invoke.MethodHandles;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Template of {@link RowLoop}: the function is one of four kinds, and a constant of the copy. */
final class RowLoopTemplate implements RowLoop {
  private static final Object F = Specialized.constant(MethodHandles.lookup(), Object.class);

  @Override
  public void unary(double[] x, int n) {
    DoubleUnaryOperator f = (DoubleUnaryOperator) F;
    for (int i = 0; i < n; i++) {
      x[i] = f.applyAsDouble(x[i]);
    }
  }

  @Override
  public void unary(long[] x, int n, DType type) {
    OfLong f = (OfLong) F;
    for (int i = 0; i < n; i++) {
      x[i] = f.apply(x[i], type);
    }
  }

  @Override
  public void binary(double[] x, double[] y, int n) {
    DoubleBinaryOperator f = (DoubleBinaryOperator) F;
    for (int i = 0; i < n; i++) {
      x[i] = f.applyAsDouble(x[i], y[i]);
    }
  }

  @Override
  public void binary(long[] x, long[] y, int n, DType type) {
    OfLongs f = (OfLongs) F;
    for (int i = 0; i < n; i++) {
      x[i] = f.apply(x[i], y[i], type);
    }
  }
}
