package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * One step of an {@link LSTM}. x [n, inputSize] or [inputSize], h and c [n, hiddenSize] or
 * [hiddenSize] → h′ and c′ of the same shape. {@code call} returns h′ alone, {@link #callWithState}
 * both. Parameters weight_ih [4 · hiddenSize, inputSize], weight_hh, bias_ih, bias_hh are
 * initialised uniformly in ±1/√hiddenSize, in this order. Source: PyTorch's {@code
 * torch.nn.LSTMCell}.
 */
public final class LSTMCell extends RecurrentCell {
  /** Creates a cell with bias. */
  public LSTMCell(long inputSize, long hiddenSize) {
    this(inputSize, hiddenSize, options());
  }

  /**
   * Creates a cell.
   *
   * @throws IllegalArgumentException if a size is out of range
   */
  public LSTMCell(long inputSize, long hiddenSize, CellOptions options) {
    super(inputSize, hiddenSize, 4, options);
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static CellOptions options() {
    return new CellOptions();
  }

  private record Input(Tensor x, Tensor h, Tensor c) {}

  /** Returns the next state from one of zeros. */
  public LSTMState callWithState(Tensor x) {
    return callWithState(x, null, null);
  }

  /** Returns the next state from the given one; null stands for zeros. */
  public LSTMState callWithState(Tensor x, Tensor h, Tensor c) {
    return callWithHooks(
        new Input(x, h, c),
        in -> {
          Tensor[] next = next(in.x(), in.h(), in.c());
          return new LSTMState(next[0], next[1]);
        });
  }

  @Override
  Tensor[] step(Tensor gates, Tensor[] state, RecurrentSteps.Weights w) {
    return RecurrentSteps.lstm(gates, state, w);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return next(x, null, null)[0];
  }

  @Override
  protected Tensor forward(Tensor x, Tensor h, Tensor c) {
    return next(x, h, c)[0];
  }
}
