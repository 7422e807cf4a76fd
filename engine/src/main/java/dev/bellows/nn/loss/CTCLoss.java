package dev.bellows.nn.loss;

import dev.bellows.memory.DType;
import dev.bellows.nn.CtcArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes the loss of sequences whose alignment is not known: of logProbs [t, n, c], targets [n,
 * s] or [labels of all], input lengths [n] and target lengths [n]. Source: PyTorch's {@code
 * torch.nn.CTCLoss}.
 */
public final class CTCLoss extends Module {
  private final CtcArgs args;

  /** Creates a loss with the defaults. */
  public CTCLoss() {
    this(CtcArgs.create());
  }

  /** Creates a loss. */
  public CTCLoss(CtcArgs args) {
    this.args = args;
  }

  @Override
  protected Tensor forward(
      Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths) {
    return Functional.ctcLoss(
        logProbs, targets, lengths(inputLengths), lengths(targetLengths), args);
  }

  private static long[] lengths(Tensor lengths) {
    return lengths.to(DType.INT64).flatten().toLongArray();
  }
}
