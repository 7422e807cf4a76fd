package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes x where |x| &gt; lambda, else 0. Source: PyTorch's {@code torch.nn.Hardshrink}. */
public final class Hardshrink extends Module {
  private final double lambda;

  /** Creates a layer with the defaults. */
  public Hardshrink() {
    this(0.5);
  }

  /**
   * Creates a layer.
   *
   * @param lambda default 0.5
   */
  public Hardshrink(double lambda) {
    this.lambda = lambda;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.hardshrink(x, lambda);
  }

  @Override
  protected String extraRepr() {
    return Double.toString(lambda);
  }
}
