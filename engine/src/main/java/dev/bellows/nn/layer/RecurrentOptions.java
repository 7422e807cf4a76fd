package dev.bellows.nn.layer;

/**
 * Options of {@link RNN}, {@link LSTM} and {@link GRU}. Defaults: one layer with bias, in one
 * direction, inputs [t, n, inputSize], no dropout, no projection, tanh.
 */
public final class RecurrentOptions extends LayerOptions<RecurrentOptions> {
  int numLayers = 1;
  boolean bias = true;
  boolean batchFirst;
  double dropout;
  boolean bidirectional;
  long projSize;
  String nonlinearity = "tanh";

  /** Creates options with all defaults. */
  public RecurrentOptions() {}

  /** Sets how many layers are stacked, each on the outputs of the one before. */
  public RecurrentOptions numLayers(int count) {
    numLayers = count;
    return this;
  }

  /** Sets whether there are biases. */
  public RecurrentOptions bias(boolean value) {
    bias = value;
    return this;
  }

  /** Sets whether batched inputs and outputs are [n, t, features] rather than [t, n, features]. */
  public RecurrentOptions batchFirst(boolean value) {
    batchFirst = value;
    return this;
  }

  /** Sets the probability of dropout on the outputs of each layer but the last, in training. */
  public RecurrentOptions dropout(double p) {
    dropout = p;
    return this;
  }

  /** Sets whether a second set of weights goes through the sequences backwards. */
  public RecurrentOptions bidirectional(boolean value) {
    bidirectional = value;
    return this;
  }

  /** Sets the size that an LSTM projects its hidden state to; 0 for none. */
  public RecurrentOptions projSize(long size) {
    projSize = size;
    return this;
  }

  /** Sets the function of an RNN: "tanh" or "relu". */
  public RecurrentOptions nonlinearity(String name) {
    nonlinearity = name;
    return this;
  }
}
