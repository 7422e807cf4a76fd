package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes min(max(x, 0), 6) element-wise. Source: PyTorch's {@code torch.nn.ReLU6}. */
public final class ReLU6 extends Module {
  private final boolean inplace;

  /** Creates a layer that leaves its input as it is. */
  public ReLU6() {
    this(false);
  }

  /** Creates a layer that overwrites its input if {@code inplace}. */
  public ReLU6(boolean inplace) {
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace ? Functional.relu6_(x) : Functional.relu6(x);
  }

  @Override
  protected String extraRepr() {
    return inplace ? "inplace=true" : "";
  }
}
