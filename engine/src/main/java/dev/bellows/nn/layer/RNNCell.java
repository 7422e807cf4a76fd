package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * One step of an {@link RNN}: h′ = tanh(W_ih·x + b_ih + W_hh·h + b_hh), or with max(·, 0) in place
 * of tanh. x [n, inputSize] or [inputSize], h [n, hiddenSize] or [hiddenSize] → h′ of the shape of
 * h; {@code call(x)} takes zeros for h. Parameters weight_ih [hiddenSize, inputSize], weight_hh,
 * bias_ih, bias_hh are initialised uniformly in ±1/√hiddenSize, in this order. Source: PyTorch's
 * {@code torch.nn.RNNCell}.
 */
public final class RNNCell extends RecurrentCell {
  private final boolean relu;

  /** Creates a cell with bias. */
  public RNNCell(long inputSize, long hiddenSize) {
    this(inputSize, hiddenSize, options());
  }

  /**
   * Creates a cell.
   *
   * @throws IllegalArgumentException if a size or an option is out of range
   */
  public RNNCell(long inputSize, long hiddenSize, CellOptions options) {
    super(inputSize, hiddenSize, 1, options);
    this.relu = RecurrentSteps.isRelu("RNNCell", options.nonlinearity);
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static CellOptions options() {
    return new CellOptions();
  }

  @Override
  Tensor[] step(Tensor gates, Tensor[] state, RecurrentSteps.Weights w) {
    return RecurrentSteps.rnn(gates, state, w, relu);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return next(x, (Tensor) null)[0];
  }

  @Override
  protected Tensor forward(Tensor x, Tensor h) {
    return next(x, h)[0];
  }

  @Override
  protected String extraRepr() {
    return super.extraRepr() + (relu ? ", nonlinearity=relu" : "");
  }
}
