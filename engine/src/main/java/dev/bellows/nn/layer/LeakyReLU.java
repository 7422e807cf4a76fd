package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes x where x &gt; 0, else negativeSlope · x. Source: PyTorch's {@code torch.nn.LeakyReLU}.
 */
public final class LeakyReLU extends Module {
  private final double negativeSlope;
  private final boolean inplace;

  /** Creates a layer with the defaults. */
  public LeakyReLU() {
    this(0.01);
  }

  /**
   * Creates a layer that leaves its input as it is.
   *
   * @param negativeSlope default 0.01
   */
  public LeakyReLU(double negativeSlope) {
    this(negativeSlope, false);
  }

  /**
   * Creates a layer.
   *
   * @param negativeSlope default 0.01
   * @param inplace whether the layer overwrites its input; default false
   */
  public LeakyReLU(double negativeSlope, boolean inplace) {
    this.negativeSlope = negativeSlope;
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace
        ? Functional.leakyRelu_(x, negativeSlope)
        : Functional.leakyRelu(x, negativeSlope);
  }

  @Override
  protected String extraRepr() {
    return "negative_slope=" + negativeSlope + (inplace ? ", inplace=true" : "");
  }
}
