package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes x where x &gt; 0, else alpha · (e^(x / alpha) − 1). Source: PyTorch's {@code
 * torch.nn.CELU}.
 */
public final class CELU extends Module {
  private final double alpha;
  private final boolean inplace;

  /** Creates a layer with the defaults. */
  public CELU() {
    this(1);
  }

  /**
   * Creates a layer that leaves its input as it is.
   *
   * @param alpha not 0; default 1
   */
  public CELU(double alpha) {
    this(alpha, false);
  }

  /**
   * Creates a layer.
   *
   * @param alpha not 0; default 1
   * @param inplace whether the layer overwrites its input; default false
   */
  public CELU(double alpha, boolean inplace) {
    this.alpha = alpha;
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace ? Functional.celu_(x, alpha) : Functional.celu(x, alpha);
  }

  @Override
  protected String extraRepr() {
    return "alpha=" + alpha + (inplace ? ", inplace=true" : "");
  }
}
