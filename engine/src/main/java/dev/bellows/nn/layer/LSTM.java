package dev.bellows.nn.layer;

import dev.bellows.nn.PackedSequence;
import dev.bellows.tensor.Tensor;

/**
 * Long short-term memory: with i, f, o = σ(W_ih·x + b_ih + W_hh·h + b_hh) and g = tanh of the same,
 * each with its own weights, c′ = f·c + i·g and h′ = o·tanh(c′), projected by W_hr if there is a
 * projection.
 *
 * <p>x [t, n, inputSize], [n, t, inputSize] if batch-first, or [t, inputSize] → the outputs of the
 * last layer, of hidden size for each direction. {@code call(x)} and {@code call(x, h0, c0)} return
 * the outputs, {@link #callWithState} the last states, too.
 *
 * <p>Parameters of layer k: weight_ih_lk [gates · hiddenSize, inputs], weight_hh_lk, bias_ih_lk,
 * bias_hh_lk, weight_hr_lk if there is a projection; with the suffix _reverse for the second
 * direction. All are initialised uniformly in ±1/√hiddenSize, in this order. Defaults: see {@link
 * RecurrentOptions}. Source: PyTorch's {@code torch.nn.LSTM}.
 */
public final class LSTM extends RecurrentLayer {
  /** Creates a layer with default options. */
  public LSTM(long inputSize, long hiddenSize) {
    this(inputSize, hiddenSize, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if a size or an option is out of range
   */
  public LSTM(long inputSize, long hiddenSize, RecurrentOptions options) {
    super(inputSize, hiddenSize, 4, options);
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static RecurrentOptions options() {
    return new RecurrentOptions();
  }

  /**
   * Computes outputs and last states from the given first states: h and c [layers · directions, n,
   * hidden], without n for unbatched sequences.
   */
  public RecurrentOutput<Tensor> callWithState(Tensor x, Tensor h0, Tensor c0) {
    return callWith(x, h0, c0);
  }

  /** Computes outputs and last states of packed sequences from the given first states. */
  public RecurrentOutput<PackedSequence> callWithState(PackedSequence x, Tensor h0, Tensor c0) {
    return callWith(x, h0, c0);
  }

  @Override
  boolean hasCell() {
    return true;
  }

  @Override
  Tensor[] step(Tensor gates, Tensor[] state, RecurrentSteps.Weights w) {
    return RecurrentSteps.lstm(gates, state, w);
  }

  @Override
  Tensor[] sequence(Tensor gates, Tensor[] first, RecurrentSteps.Weights w, boolean reverse) {
    return w.proj() == null ? new LstmSequence(reverse).run(gates, first, w) : null;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor h0, Tensor c0) {
    return run(x, h0, c0).output();
  }
}
