package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes x · sigmoid(x) element-wise. Source: PyTorch's {@code torch.nn.SiLU}. */
public final class SiLU extends Module {
  private final boolean inplace;

  /** Creates a layer that leaves its input as it is. */
  public SiLU() {
    this(false);
  }

  /** Creates a layer that overwrites its input if {@code inplace}. */
  public SiLU(boolean inplace) {
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace ? Functional.silu_(x) : Functional.silu(x);
  }

  @Override
  protected String extraRepr() {
    return inplace ? "inplace=true" : "";
  }
}
