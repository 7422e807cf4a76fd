package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/**
 * Arguments of {@link Functional#crossEntropy}; each method returns changed arguments. Defaults: no
 * weight, MEAN, ignoreIndex −100, no smoothing.
 *
 * @param weight of each class [c], or null
 * @param reduction of the values
 * @param ignoreIndex label of rows that do not count
 * @param labelSmoothing part of the target that is spread over all classes, in [0, 1]
 */
public record CrossEntropyArgs(
    Tensor weight, Reduction reduction, long ignoreIndex, double labelSmoothing) {
  /** Returns arguments with all defaults. */
  public static CrossEntropyArgs create() {
    return new CrossEntropyArgs(null, Reduction.MEAN, Losses.IGNORE_INDEX, 0);
  }

  /** Returns arguments with weights of the classes [c], or null. */
  public CrossEntropyArgs weight(Tensor value) {
    return new CrossEntropyArgs(value, reduction, ignoreIndex, labelSmoothing);
  }

  /** Returns arguments with another reduction. */
  public CrossEntropyArgs reduction(Reduction value) {
    return new CrossEntropyArgs(weight, value, ignoreIndex, labelSmoothing);
  }

  /** Returns arguments with another label of rows that do not count. */
  public CrossEntropyArgs ignoreIndex(long value) {
    return new CrossEntropyArgs(weight, reduction, value, labelSmoothing);
  }

  /** Returns arguments with another smoothing. */
  public CrossEntropyArgs labelSmoothing(double value) {
    return new CrossEntropyArgs(weight, reduction, ignoreIndex, value);
  }
}
