package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes x − lambda where x &gt; lambda, x + lambda where x &lt; −lambda, else 0. Source:
 * PyTorch's {@code torch.nn.Softshrink}.
 */
public final class Softshrink extends Module {
  private final double lambda;

  /** Creates a layer with the defaults. */
  public Softshrink() {
    this(0.5);
  }

  /**
   * Creates a layer.
   *
   * @param lambda not negative; default 0.5
   */
  public Softshrink(double lambda) {
    this.lambda = lambda;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.softshrink(x, lambda);
  }

  @Override
  protected String extraRepr() {
    return Double.toString(lambda);
  }
}
