package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes x · tanh(softplus(x)) element-wise. Source: PyTorch's {@code torch.nn.Mish}. */
public final class Mish extends Module {
  private final boolean inplace;

  /** Creates a layer that leaves its input as it is. */
  public Mish() {
    this(false);
  }

  /** Creates a layer that overwrites its input if {@code inplace}. */
  public Mish(boolean inplace) {
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace ? Functional.mish_(x) : Functional.mish(x);
  }

  @Override
  protected String extraRepr() {
    return inplace ? "inplace=true" : "";
  }
}
