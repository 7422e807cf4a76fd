package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/**
 * Arguments of {@link Functional#embeddingBag}; each method returns changed arguments. Defaults:
 * MEAN, no weights of samples, offsets of starts only, no padding, no limit of norms, gradients as
 * they are.
 *
 * @param mode how rows are joined
 * @param perSampleWeights factors of the rows, of the input's shape, for SUM; null for 1
 * @param includeLastOffset whether the last offset is the end of the last bag
 * @param paddingIdx row that does not count, negative from the end; null for none
 * @param maxNorm rows that are read are scaled to at most this norm, in place; null for no limit
 * @param normType p of that norm
 * @param scaleGradByFreq whether gradients are divided by how often the row is read; not for MAX
 */
public record EmbeddingBagArgs(
    BagMode mode,
    Tensor perSampleWeights,
    boolean includeLastOffset,
    Long paddingIdx,
    Double maxNorm,
    double normType,
    boolean scaleGradByFreq) {
  /** Returns arguments with all defaults. */
  public static EmbeddingBagArgs create() {
    return new EmbeddingBagArgs(BagMode.MEAN, null, false, null, null, 2, false);
  }

  /** Returns arguments with another mode. */
  public EmbeddingBagArgs mode(BagMode value) {
    return new EmbeddingBagArgs(
        value, perSampleWeights, includeLastOffset, paddingIdx, maxNorm, normType, scaleGradByFreq);
  }

  /** Returns arguments with factors of the rows, or null. */
  public EmbeddingBagArgs perSampleWeights(Tensor value) {
    return new EmbeddingBagArgs(
        mode, value, includeLastOffset, paddingIdx, maxNorm, normType, scaleGradByFreq);
  }

  /** Returns arguments with or without the end of the last bag among the offsets. */
  public EmbeddingBagArgs includeLastOffset(boolean value) {
    return new EmbeddingBagArgs(
        mode, perSampleWeights, value, paddingIdx, maxNorm, normType, scaleGradByFreq);
  }

  /** Returns arguments with another row that does not count, or null. */
  public EmbeddingBagArgs paddingIdx(Long value) {
    return new EmbeddingBagArgs(
        mode, perSampleWeights, includeLastOffset, value, maxNorm, normType, scaleGradByFreq);
  }

  /** Returns arguments with another limit of norms, or null, and p of the norm. */
  public EmbeddingBagArgs maxNorm(Double limit, double p) {
    return new EmbeddingBagArgs(
        mode, perSampleWeights, includeLastOffset, paddingIdx, limit, p, scaleGradByFreq);
  }

  /** Returns arguments with or without gradients that are divided by how often a row is read. */
  public EmbeddingBagArgs scaleGradByFreq(boolean value) {
    return new EmbeddingBagArgs(
        mode, perSampleWeights, includeLastOffset, paddingIdx, maxNorm, normType, value);
  }
}
