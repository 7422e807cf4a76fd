package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/** Activation functions. */
final class Activations {
  private Activations() {}

  /** Computes max(x, 0) element-wise. */
  public static Tensor relu(Tensor x) {
    return x.relu();
  }

  /** Computes exp(x) / Σ exp(x) along a dimension. */
  public static Tensor softmax(Tensor x, int dim) {
    return x.softmax(dim);
  }

  /** Computes the logarithm of {@link #softmax} without overflow. */
  public static Tensor logSoftmax(Tensor x, int dim) {
    return x.logSoftmax(dim);
  }
}
