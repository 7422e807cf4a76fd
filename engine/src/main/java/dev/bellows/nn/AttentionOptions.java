package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/**
 * Options of {@link Functional#scaledDotProductAttention}. Each method changes one option and
 * returns the options. Defaults: no mask, no dropout, not causal, scale 1/√features.
 */
public final class AttentionOptions {
  Tensor mask;
  double dropout;
  boolean causal;
  Double scale;
  boolean enableGqa;

  /** Creates options with all defaults. */
  public AttentionOptions() {}

  /**
   * Sets a mask that broadcasts to [.., queries, keys]: BOOL, true where attention is allowed, or
   * of the query's type, which is added; null for none.
   */
  public AttentionOptions mask(Tensor value) {
    mask = value;
    return this;
  }

  /** Sets the probability of dropout on the attention weights, which applies always. */
  public AttentionOptions dropout(double p) {
    dropout = p;
    return this;
  }

  /** Sets whether query i attends to the keys up to i only. */
  public AttentionOptions causal(boolean value) {
    causal = value;
    return this;
  }

  /** Sets the factor on the products of queries and keys. */
  public AttentionOptions scale(double value) {
    scale = value;
    return this;
  }

  /** Sets whether each head of keys and values serves several heads of queries, in dimension −3. */
  public AttentionOptions enableGqa(boolean value) {
    enableGqa = value;
    return this;
  }
}
