package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes x · relu6(x + 3) / 6 element-wise. Source: PyTorch's {@code torch.nn.Hardswish}. */
public final class Hardswish extends Module {
  private final boolean inplace;

  /** Creates a layer that leaves its input as it is. */
  public Hardswish() {
    this(false);
  }

  /** Creates a layer that overwrites its input if {@code inplace}. */
  public Hardswish(boolean inplace) {
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace ? Functional.hardswish_(x) : Functional.hardswish(x);
  }
}
