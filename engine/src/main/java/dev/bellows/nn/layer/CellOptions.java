package dev.bellows.nn.layer;

/** Options of {@link RNNCell}, {@link LSTMCell} and {@link GRUCell}. Defaults: bias, tanh. */
public final class CellOptions extends LayerOptions<CellOptions> {
  boolean bias = true;
  String nonlinearity = "tanh";

  /** Creates options with all defaults. */
  public CellOptions() {}

  /** Sets whether there are biases. */
  public CellOptions bias(boolean value) {
    bias = value;
    return this;
  }

  /** Sets the function of an RNN cell: "tanh" or "relu". */
  public CellOptions nonlinearity(String name) {
    nonlinearity = name;
    return this;
  }
}
