package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * Recurrent layers: h′ = tanh(W_ih·x + b_ih + W_hh·h + b_hh), or with max(·, 0) in place of tanh.
 *
 * <p>x [t, n, inputSize], [n, t, inputSize] if batch-first, or [t, inputSize] → the outputs of the
 * last layer, of hidden size for each direction. {@code call(x)} and {@code call(x, h0)} return the
 * outputs, {@link #callWithState} the last states, too.
 *
 * <p>Parameters of layer k: weight_ih_lk [gates · hiddenSize, inputs], weight_hh_lk, bias_ih_lk,
 * bias_hh_lk; with the suffix _reverse for the second direction. All are initialised uniformly in
 * ±1/√hiddenSize, in this order. Defaults: see {@link RecurrentOptions}. Source: PyTorch's {@code
 * torch.nn.RNN}.
 */
public final class RNN extends HiddenStateLayer {
  private final boolean relu;

  /** Creates a layer with default options. */
  public RNN(long inputSize, long hiddenSize) {
    this(inputSize, hiddenSize, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if a size or an option is out of range
   */
  public RNN(long inputSize, long hiddenSize, RecurrentOptions options) {
    super(inputSize, hiddenSize, 1, options);
    this.relu = RecurrentSteps.isRelu("RNN", options.nonlinearity);
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static RecurrentOptions options() {
    return new RecurrentOptions();
  }

  @Override
  Tensor[] step(Tensor gates, Tensor[] state, RecurrentSteps.Weights w) {
    return RecurrentSteps.rnn(gates, state, w, relu);
  }
}
