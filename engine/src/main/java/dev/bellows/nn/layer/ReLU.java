package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes max(x, 0) element-wise. Source: PyTorch's {@code torch.nn.ReLU}. */
public final class ReLU extends Module {
  private final boolean inplace;

  /** Creates a layer that leaves its input as it is. */
  public ReLU() {
    this(false);
  }

  /** Creates a layer that overwrites its input if {@code inplace}. */
  public ReLU(boolean inplace) {
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace ? Functional.relu_(x) : Functional.relu(x);
  }

  @Override
  protected String extraRepr() {
    return inplace ? "inplace=true" : "";
  }
}
