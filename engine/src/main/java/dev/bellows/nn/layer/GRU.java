package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * Gated recurrent units: with r, z = σ(W_ih·x + b_ih + W_hh·h + b_hh) and n = tanh(W_in·x + b_in +
 * r·(W_hn·h + b_hn)), h′ = (1 − z)·n + z·h.
 *
 * <p>x [t, n, inputSize], [n, t, inputSize] if batch-first, or [t, inputSize] → the outputs of the
 * last layer, of hidden size for each direction. {@code call(x)} and {@code call(x, h0)} return the
 * outputs, {@link #callWithState} the last states, too.
 *
 * <p>Parameters of layer k: weight_ih_lk [gates · hiddenSize, inputs], weight_hh_lk, bias_ih_lk,
 * bias_hh_lk; with the suffix _reverse for the second direction. All are initialised uniformly in
 * ±1/√hiddenSize, in this order. Defaults: see {@link RecurrentOptions}. Source: PyTorch's {@code
 * torch.nn.GRU}.
 */
public final class GRU extends HiddenStateLayer {
  /** Creates a layer with default options. */
  public GRU(long inputSize, long hiddenSize) {
    this(inputSize, hiddenSize, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if a size or an option is out of range
   */
  public GRU(long inputSize, long hiddenSize, RecurrentOptions options) {
    super(inputSize, hiddenSize, 3, options);
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static RecurrentOptions options() {
    return new RecurrentOptions();
  }

  @Override
  Tensor[] step(Tensor gates, Tensor[] state, RecurrentSteps.Weights w) {
    return RecurrentSteps.gru(gates, state, w);
  }

  @Override
  Tensor[] sequence(Tensor gates, Tensor[] first, RecurrentSteps.Weights w, boolean reverse) {
    return new GruSequence(reverse).run(gates, first, w);
  }
}
