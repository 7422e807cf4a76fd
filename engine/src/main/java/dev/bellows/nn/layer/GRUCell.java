package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * One step of a {@link GRU}. x [n, inputSize] or [inputSize], h [n, hiddenSize] or [hiddenSize] →
 * h′ of the shape of h; {@code call(x)} takes zeros for h. Parameters weight_ih [3 · hiddenSize,
 * inputSize], weight_hh, bias_ih, bias_hh are initialised uniformly in ±1/√hiddenSize, in this
 * order. Source: PyTorch's {@code torch.nn.GRUCell}.
 */
public final class GRUCell extends RecurrentCell {
  /** Creates a cell with bias. */
  public GRUCell(long inputSize, long hiddenSize) {
    this(inputSize, hiddenSize, options());
  }

  /**
   * Creates a cell.
   *
   * @throws IllegalArgumentException if a size or an option is out of range
   */
  public GRUCell(long inputSize, long hiddenSize, CellOptions options) {
    super(inputSize, hiddenSize, 3, options);
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static CellOptions options() {
    return new CellOptions();
  }

  @Override
  Tensor[] step(Tensor gates, Tensor[] state, RecurrentSteps.Weights w) {
    return RecurrentSteps.gru(gates, state, w);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return next(x, (Tensor) null)[0];
  }

  @Override
  protected Tensor forward(Tensor x, Tensor h) {
    return next(x, h)[0];
  }
}
