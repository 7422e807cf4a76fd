package dev.bellows.nn.layer;

import dev.bellows.nn.PackedSequence;
import dev.bellows.tensor.Tensor;

/** Recurrent layers whose state is the hidden one alone. */
abstract class HiddenStateLayer extends RecurrentLayer {
  HiddenStateLayer(long inputSize, long hiddenSize, int gates, RecurrentOptions options) {
    super(inputSize, hiddenSize, gates, options);
  }

  @Override
  final boolean hasCell() {
    return false;
  }

  /**
   * Computes outputs and last states from the given first states [layers · directions, n, hidden],
   * without n for unbatched sequences.
   */
  public final RecurrentOutput<Tensor> callWithState(Tensor x, Tensor h0) {
    return callWith(x, h0, null);
  }

  /** Computes outputs and last states of packed sequences from the given first states. */
  public final RecurrentOutput<PackedSequence> callWithState(PackedSequence x, Tensor h0) {
    return callWith(x, h0, null);
  }

  @Override
  protected Tensor forward(Tensor x, Tensor h0) {
    return run(x, h0, null).output();
  }
}
