package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Functional;
import dev.bellows.nn.layer.LayerOptions;

/**
 * Sizes and options of {@link BertModel} and its heads. Each method changes one option and returns
 * the configuration. Defaults are those of the published model {@code bert-base-uncased}: 30522
 * tokens of which 0 is padding, 512 positions, 2 token types, 768 features, 12 layers of 12 heads,
 * an intermediate size of 3072, the activation "gelu", dropout 0.1 everywhere, eps 1e-12, initial
 * weights of standard deviation 0.02; 2 labels. Source: Hugging Face's {@code BertConfig}.
 */
public final class BertConfig extends LayerOptions<BertConfig> {
  long vocabSize = 30522;
  long hiddenSize = 768;
  int numHiddenLayers = 12;
  long numAttentionHeads = 12;
  long intermediateSize = 3072;
  String hiddenAct = "gelu";
  double hiddenDropoutProb = 0.1;
  double attentionProbsDropoutProb = 0.1;
  long maxPositionEmbeddings = 512;
  long typeVocabSize = 2;
  double initializerRange = 0.02;
  double layerNormEps = 1e-12;
  Long padTokenId = 0L;
  Double classifierDropout;
  long numLabels = 2;

  /** Creates a configuration with all defaults. */
  public BertConfig() {}

  /** Checks the sizes before a model is made. */
  void check() {
    long least =
        Math.min(
            Math.min(Math.min(vocabSize, hiddenSize), Math.min(numAttentionHeads, numLabels)),
            Math.min(Math.min(intermediateSize, maxPositionEmbeddings), typeVocabSize));
    if (least < 1 || numHiddenLayers < 0) {
      throw new IllegalArgumentException(
          message(
              "BertConfig: sizes must be positive; got vocabSize %s, hiddenSize %s, numHiddenLayers"
                  + " %s, numAttentionHeads %s, intermediateSize %s, maxPositionEmbeddings %s,"
                  + " typeVocabSize %s, numLabels %s",
              vocabSize,
              hiddenSize,
              numHiddenLayers,
              numAttentionHeads,
              intermediateSize,
              maxPositionEmbeddings,
              typeVocabSize,
              numLabels));
    }
    if (hiddenSize % numAttentionHeads != 0) {
      throw new IllegalArgumentException(
          message(
              "BertConfig: The hidden size (%s) is not a multiple of the number of attention heads"
                  + " (%s)",
              hiddenSize, numAttentionHeads));
    }
  }

  /** Sets the number of tokens. */
  public BertConfig vocabSize(long value) {
    vocabSize = value;
    return this;
  }

  /** Sets the number of features of a token. */
  public BertConfig hiddenSize(long value) {
    hiddenSize = value;
    return this;
  }

  /** Sets the number of layers. */
  public BertConfig numHiddenLayers(int value) {
    numHiddenLayers = value;
    return this;
  }

  /** Sets the number of attention heads of a layer. */
  public BertConfig numAttentionHeads(long value) {
    numAttentionHeads = value;
    return this;
  }

  /** Sets the features between a layer's two linear maps. */
  public BertConfig intermediateSize(long value) {
    intermediateSize = value;
    return this;
  }

  /**
   * Sets the activation: "gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "quick_gelu",
   * "relu", "silu", "swish" or "tanh".
   *
   * @throws IllegalArgumentException if it is another one
   */
  public BertConfig hiddenAct(String name) {
    hiddenAct = HiddenActivations.checked(name);
    return this;
  }

  /** Sets the probability of dropout on embeddings and on what a layer adds. */
  public BertConfig hiddenDropoutProb(double p) {
    Functional.checkDropout(p);
    hiddenDropoutProb = p;
    return this;
  }

  /** Sets the probability of dropout on attention weights. */
  public BertConfig attentionProbsDropoutProb(double p) {
    Functional.checkDropout(p);
    attentionProbsDropoutProb = p;
    return this;
  }

  /** Sets the number of positions, which is the greatest length of a sequence. */
  public BertConfig maxPositionEmbeddings(long value) {
    maxPositionEmbeddings = value;
    return this;
  }

  /** Sets the number of token types. */
  public BertConfig typeVocabSize(long value) {
    typeVocabSize = value;
    return this;
  }

  /** Sets the standard deviation of initial weights. */
  public BertConfig initializerRange(double value) {
    initializerRange = value;
    return this;
  }

  /** Sets what layer normalisation adds to the variance. */
  public BertConfig layerNormEps(double value) {
    layerNormEps = value;
    return this;
  }

  /** Sets the token whose embedding is 0 and is not trained; null for none. */
  public BertConfig padTokenId(Long value) {
    padTokenId = value;
    return this;
  }

  /** Sets the probability of dropout before a classifier; by default that of the model. */
  public BertConfig classifierDropout(double p) {
    Functional.checkDropout(p);
    classifierDropout = p;
    return this;
  }

  /** Sets the number of labels of a classifier. */
  public BertConfig numLabels(long value) {
    numLabels = value;
    return this;
  }
}
