package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Functional;
import dev.bellows.nn.layer.LayerOptions;

/**
 * Sizes and options of {@link FTTransformer}. Each method changes one option and returns the
 * configuration. Defaults are the published ones of 3 blocks: 192 features, 8 heads, a hidden size
 * of 4/3 of the features, dropout 0.2 on attention weights and 0.1 in the perceptrons, 1 output.
 * Source: {@code get_default_kwargs} of the package {@code rtdl_revisiting_models}.
 */
public final class FTTransformerConfig extends LayerOptions<FTTransformerConfig> {
  private static final int MOST_BLOCKS = 6;

  long nContFeatures;
  long[] catCardinalities = {};
  long dOut = 1;
  int nBlocks = 3;
  long dBlock = 192;
  long attentionNHeads = 8;
  double attentionDropout = 0.2;
  long ffnDHidden;
  double ffnDropout = 0.1;
  double residualDropout;

  /** Creates a configuration with all defaults. */
  public FTTransformerConfig() {}

  /**
   * Returns the published defaults for a number of blocks from 1 to 6.
   *
   * @throws IllegalArgumentException if it is another number
   */
  public static FTTransformerConfig ofBlocks(int nBlocks) {
    if (nBlocks < 1 || nBlocks > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          message(
              "FTTransformerConfig: We offer default configurations only for n_blocks in range(1,"
                  + " 7); got %s",
              nBlocks));
    }
    int more = nBlocks - 1;
    return new FTTransformerConfig()
        .nBlocks(nBlocks)
        .dBlock(nBlocks < 3 ? 96 + 32 * more : 64 * nBlocks)
        .attentionDropout(0.05 * (nBlocks + 1))
        .ffnDropout(0.05 * more);
  }

  /** Checks the sizes before a model is made. */
  void check() {
    boolean positive = dOut > 0 && nBlocks > 0 && dBlock > 0 && attentionNHeads > 0;
    if (!positive || ffnDHidden < 0) {
      throw new IllegalArgumentException(
          message(
              "FTTransformerConfig: sizes must be positive; got dOut %s, nBlocks %s, dBlock %s,"
                  + " attentionNHeads %s, ffnDHidden %s",
              dOut, nBlocks, dBlock, attentionNHeads, ffnDHidden));
    }
    if (dBlock % attentionNHeads != 0) {
      throw new IllegalArgumentException(
          message(
              "FTTransformerConfig: dBlock must be a multiple of attentionNHeads; got %s, %s",
              dBlock, attentionNHeads));
    }
    boolean none = nContFeatures == 0 && catCardinalities.length == 0;
    boolean wrong = false;
    for (long cardinality : catCardinalities) {
      wrong |= cardinality < 1;
    }
    if (nContFeatures < 0 || none || wrong) {
      throw new IllegalArgumentException(
          message(
              "FTTransformerConfig: there must be features, and cardinalities must be positive; got"
                  + " nContFeatures %s, catCardinalities %s",
              nContFeatures, catCardinalities));
    }
  }

  /** Returns the features between the two linear maps of a perceptron. */
  long hidden() {
    return ffnDHidden == 0 ? 4 * dBlock / 3 : ffnDHidden;
  }

  /** Sets the number of continuous columns. */
  public FTTransformerConfig nContFeatures(long value) {
    nContFeatures = value;
    return this;
  }

  /** Sets the number of categories of each categorical column. */
  public FTTransformerConfig catCardinalities(long... values) {
    catCardinalities = values.clone();
    return this;
  }

  /** Sets the number of outputs. */
  public FTTransformerConfig dOut(long value) {
    dOut = value;
    return this;
  }

  /** Sets the number of blocks; the other options stay as they are. */
  public FTTransformerConfig nBlocks(int value) {
    nBlocks = value;
    return this;
  }

  /** Sets the number of features of a column's embedding. */
  public FTTransformerConfig dBlock(long value) {
    dBlock = value;
    return this;
  }

  /** Sets the number of attention heads; a single one has no output layer. */
  public FTTransformerConfig attentionNHeads(long value) {
    attentionNHeads = value;
    return this;
  }

  /** Sets the probability of dropout on attention weights. */
  public FTTransformerConfig attentionDropout(double p) {
    Functional.checkDropout(p);
    attentionDropout = p;
    return this;
  }

  /** Sets the features between the two linear maps of a perceptron; 0 means 4/3 of dBlock. */
  public FTTransformerConfig ffnDHidden(long value) {
    ffnDHidden = value;
    return this;
  }

  /** Sets the probability of dropout in the perceptrons. */
  public FTTransformerConfig ffnDropout(double p) {
    Functional.checkDropout(p);
    ffnDropout = p;
    return this;
  }

  /** Sets the probability of dropout on what a block adds. */
  public FTTransformerConfig residualDropout(double p) {
    Functional.checkDropout(p);
    residualDropout = p;
    return this;
  }
}
