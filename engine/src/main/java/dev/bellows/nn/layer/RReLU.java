package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes x where x &gt; 0, else a · x, with a uniform in [lower, upper) for each element in
 * training and (lower + upper) / 2 in evaluation. Source: PyTorch's {@code torch.nn.RReLU}.
 */
public final class RReLU extends Module {
  private final double lower;
  private final double upper;
  private final boolean inplace;

  /** Creates a layer with the defaults. */
  public RReLU() {
    this(1.0 / 8, 1.0 / 3);
  }

  /**
   * Creates a layer that leaves its input as it is.
   *
   * @param lower default 1/8
   * @param upper default 1/3
   */
  public RReLU(double lower, double upper) {
    this(lower, upper, false);
  }

  /**
   * Creates a layer.
   *
   * @param lower default 1/8
   * @param upper default 1/3
   * @param inplace whether the layer overwrites its input; default false
   */
  public RReLU(double lower, double upper, boolean inplace) {
    this.lower = lower;
    this.upper = upper;
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace
        ? Functional.rrelu_(x, lower, upper, isTraining())
        : Functional.rrelu(x, lower, upper, isTraining());
  }

  @Override
  protected String extraRepr() {
    return "lower=" + lower + ", upper=" + upper + (inplace ? ", inplace=true" : "");
  }
}
