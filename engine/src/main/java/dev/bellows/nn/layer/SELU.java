package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes scale · elu(x, alpha) with the constants of self-normalizing networks. Source: PyTorch's
 * {@code torch.nn.SELU}.
 */
public final class SELU extends Module {
  private final boolean inplace;

  /** Creates a layer that leaves its input as it is. */
  public SELU() {
    this(false);
  }

  /** Creates a layer that overwrites its input if {@code inplace}. */
  public SELU(boolean inplace) {
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace ? Functional.selu_(x) : Functional.selu(x);
  }

  @Override
  protected String extraRepr() {
    return inplace ? "inplace=true" : "";
  }
}
