package dev.bellows.nn;

/**
 * Arguments of {@link Functional#embedding}; each method returns changed arguments. Defaults: no
 * padding, no limit of norms, norm 2, gradients as they are.
 *
 * @param paddingIdx row that gets no gradient, negative from the end; null for none
 * @param maxNorm rows that are read are scaled to at most this norm, in place; null for no limit
 * @param normType p of that norm
 * @param scaleGradByFreq whether gradients are divided by how often the row is read
 */
public record EmbeddingArgs(
    Long paddingIdx, Double maxNorm, double normType, boolean scaleGradByFreq) {
  /** Returns arguments with all defaults. */
  public static EmbeddingArgs create() {
    return new EmbeddingArgs(null, null, 2, false);
  }

  /** Returns arguments with another row that gets no gradient, or null. */
  public EmbeddingArgs paddingIdx(Long value) {
    return new EmbeddingArgs(value, maxNorm, normType, scaleGradByFreq);
  }

  /** Returns arguments with another limit of norms, or null. */
  public EmbeddingArgs maxNorm(Double value) {
    return new EmbeddingArgs(paddingIdx, value, normType, scaleGradByFreq);
  }

  /** Returns arguments with another p of the norm. */
  public EmbeddingArgs normType(double value) {
    return new EmbeddingArgs(paddingIdx, maxNorm, value, scaleGradByFreq);
  }

  /** Returns arguments with or without gradients divided by the number of reads. */
  public EmbeddingArgs scaleGradByFreq(boolean value) {
    return new EmbeddingArgs(paddingIdx, maxNorm, normType, value);
  }
}
