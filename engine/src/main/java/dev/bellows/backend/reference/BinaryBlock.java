package dev.bellows.backend.reference;

/** A function of pairs of numbers in double, applied to blocks of them. */
public interface BinaryBlock {
  /** Computes x[i] = f(x[i], y[i]) for i below n; y stays as it is. */
  void apply(double[] x, double[] y, int n);
}
