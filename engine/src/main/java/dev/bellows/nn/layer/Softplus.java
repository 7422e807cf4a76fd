package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes ln(1 + e^(beta·x)) / beta where beta · x ≤ threshold, else x. Source: PyTorch's {@code
 * torch.nn.Softplus}.
 */
public final class Softplus extends Module {
  private final double beta;
  private final double threshold;

  /** Creates a layer with the defaults. */
  public Softplus() {
    this(1, 20);
  }

  /**
   * Creates a layer.
   *
   * @param beta default 1
   * @param threshold default 20
   */
  public Softplus(double beta, double threshold) {
    this.beta = beta;
    this.threshold = threshold;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.softplus(x, beta, threshold);
  }

  @Override
  protected String extraRepr() {
    return "beta=" + beta + ", threshold=" + threshold;
  }
}
