package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Functional;
import dev.bellows.nn.layer.LayerOptions;

/**
 * Sizes and options of {@link GPT2Model} and {@link GPT2LMHeadModel}. Each method changes one
 * option and returns the configuration. Defaults are those of the published model {@code gpt2}:
 * 50257 tokens, 1024 positions, 768 features, 12 layers of 12 heads, an inner size of 4 · nEmbd,
 * the activation "gelu_new", dropout 0.1 everywhere, eps 1e-5, initial weights of standard
 * deviation 0.02. Source: Hugging Face's {@code GPT2Config}.
 */
public final class GPT2Config extends LayerOptions<GPT2Config> {
  long vocabSize = 50257;
  long nPositions = 1024;
  long nEmbd = 768;
  int nLayer = 12;
  long nHead = 12;
  long nInner;
  String activationFunction = "gelu_new";
  double residPdrop = 0.1;
  double embdPdrop = 0.1;
  double attnPdrop = 0.1;
  double layerNormEpsilon = 1e-5;
  double initializerRange = 0.02;
  boolean scaleAttnWeights = true;
  boolean scaleAttnByInverseLayerIdx;
  boolean tieWordEmbeddings = true;

  /** Creates a configuration with all defaults. */
  public GPT2Config() {}

  /** Checks the sizes before a model is made. */
  void check() {
    if (vocabSize < 1 || nPositions < 1 || nEmbd < 1 || nLayer < 0 || nHead < 1 || nInner < 0) {
      throw new IllegalArgumentException(
          message(
              "GPT2Config: sizes must be positive; got vocabSize %s, nPositions %s, nEmbd %s,"
                  + " nLayer %s, nHead %s, nInner %s",
              vocabSize, nPositions, nEmbd, nLayer, nHead, nInner));
    }
    if (nEmbd % nHead != 0) {
      throw new IllegalArgumentException(
          message(
              "GPT2Config: embed_dim must be divisible by num_heads; got nEmbd %s and nHead %s",
              nEmbd, nHead));
    }
  }

  /** Sets the number of tokens. */
  public GPT2Config vocabSize(long value) {
    vocabSize = value;
    return this;
  }

  /** Sets the number of positions, which is the greatest length of a sequence. */
  public GPT2Config nPositions(long value) {
    nPositions = value;
    return this;
  }

  /** Sets the number of features of a token. */
  public GPT2Config nEmbd(long value) {
    nEmbd = value;
    return this;
  }

  /** Sets the number of layers. */
  public GPT2Config nLayer(int value) {
    nLayer = value;
    return this;
  }

  /** Sets the number of attention heads of a layer. */
  public GPT2Config nHead(long value) {
    nHead = value;
    return this;
  }

  /** Sets the features between a layer's two linear maps; 0 means 4 · nEmbd. */
  public GPT2Config nInner(long value) {
    nInner = value;
    return this;
  }

  /**
   * Sets the activation: "gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "quick_gelu",
   * "relu", "silu", "swish" or "tanh".
   *
   * @throws IllegalArgumentException if it is another one
   */
  public GPT2Config activationFunction(String name) {
    activationFunction = HiddenActivations.checked(name);
    return this;
  }

  /** Sets the probability of dropout on what a layer adds. */
  public GPT2Config residPdrop(double p) {
    Functional.checkDropout(p);
    residPdrop = p;
    return this;
  }

  /** Sets the probability of dropout on the embeddings. */
  public GPT2Config embdPdrop(double p) {
    Functional.checkDropout(p);
    embdPdrop = p;
    return this;
  }

  /** Sets the probability of dropout on attention weights. */
  public GPT2Config attnPdrop(double p) {
    Functional.checkDropout(p);
    attnPdrop = p;
    return this;
  }

  /** Sets what layer normalisation adds to the variance. */
  public GPT2Config layerNormEpsilon(double value) {
    layerNormEpsilon = value;
    return this;
  }

  /** Sets the standard deviation of initial weights. */
  public GPT2Config initializerRange(double value) {
    initializerRange = value;
    return this;
  }

  /** Sets whether attention scores are divided by √(features of a head). */
  public GPT2Config scaleAttnWeights(boolean value) {
    scaleAttnWeights = value;
    return this;
  }

  /** Sets whether attention scores are also divided by the layer's number, counted from 1. */
  public GPT2Config scaleAttnByInverseLayerIdx(boolean value) {
    scaleAttnByInverseLayerIdx = value;
    return this;
  }

  /** Sets whether the language-model head uses the token embeddings as its weight. */
  public GPT2Config tieWordEmbeddings(boolean value) {
    tieWordEmbeddings = value;
    return this;
  }
}
