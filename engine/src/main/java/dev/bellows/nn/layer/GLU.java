package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Splits a dimension in two halves a and b and computes a · sigmoid(b). Source: PyTorch's {@code
 * torch.nn.GLU}.
 */
public final class GLU extends Module {
  private final int dim;

  /** Creates a layer with the defaults. */
  public GLU() {
    this(-1);
  }

  /**
   * Creates a layer.
   *
   * @param dim of even size; default −1
   */
  public GLU(int dim) {
    this.dim = dim;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.glu(x, dim);
  }

  @Override
  protected String extraRepr() {
    return "dim=" + dim;
  }
}
