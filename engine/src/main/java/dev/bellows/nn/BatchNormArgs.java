package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/**
 * Arguments of {@link Functional#batchNorm} and {@link Functional#instanceNorm}; each method
 * returns changed arguments. Defaults: no weight, no bias, training false, momentum 0.1, eps 1e-5.
 *
 * @param weight [c], or null for 1
 * @param bias [c], or null for 0
 * @param training whether the statistics of the input are used, and update the running ones
 * @param momentum part of the input's statistics in the updated running ones
 * @param eps added to the variance
 */
public record BatchNormArgs(
    Tensor weight, Tensor bias, boolean training, double momentum, double eps) {
  /** Returns arguments with all defaults. */
  public static BatchNormArgs create() {
    return new BatchNormArgs(null, null, false, 0.1, 1e-5);
  }

  /** Returns arguments with weight and bias, each [c] or null. */
  public BatchNormArgs affine(Tensor newWeight, Tensor newBias) {
    return new BatchNormArgs(newWeight, newBias, training, momentum, eps);
  }

  /** Returns arguments with or without the statistics of the input. */
  public BatchNormArgs training(boolean value) {
    return new BatchNormArgs(weight, bias, value, momentum, eps);
  }

  /** Returns arguments with another momentum. */
  public BatchNormArgs momentum(double value) {
    return new BatchNormArgs(weight, bias, training, value, eps);
  }

  /** Returns arguments with another eps. */
  public BatchNormArgs eps(double value) {
    return new BatchNormArgs(weight, bias, training, momentum, value);
  }
}
