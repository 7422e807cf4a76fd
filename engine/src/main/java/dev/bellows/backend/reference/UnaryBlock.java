package dev.bellows.backend.reference;

/** A function of numbers in double, applied to a block of them in place. */
public interface UnaryBlock {
  /** Computes x[i] = f(x[i]) for i below n. */
  void apply(double[] x, int n);
}
