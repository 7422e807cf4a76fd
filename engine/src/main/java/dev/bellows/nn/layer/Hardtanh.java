package dev.bellows.nn.layer;

import dev.bellows.errors.Messages;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes min(max(x, minVal), maxVal) element-wise. Source: PyTorch's {@code torch.nn.Hardtanh}.
 */
public final class Hardtanh extends Module {
  private final double minVal;
  private final double maxVal;
  private final boolean inplace;

  /** Creates a layer with the defaults. */
  public Hardtanh() {
    this(-1, 1);
  }

  /**
   * Creates a layer that leaves its input as it is.
   *
   * @param minVal default −1
   * @param maxVal default 1
   * @throws IllegalArgumentException unless maxVal exceeds minVal
   */
  public Hardtanh(double minVal, double maxVal) {
    this(minVal, maxVal, false);
  }

  /**
   * Creates a layer.
   *
   * @param minVal default −1
   * @param maxVal default 1
   * @param inplace whether the layer overwrites its input; default false
   * @throws IllegalArgumentException unless maxVal exceeds minVal
   */
  public Hardtanh(double minVal, double maxVal, boolean inplace) {
    if (!(maxVal > minVal)) {
      throw new IllegalArgumentException(
          Messages.message("Hardtanh: max_val must exceed min_val; got %s and %s", maxVal, minVal));
    }
    this.minVal = minVal;
    this.maxVal = maxVal;
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace
        ? Functional.hardtanh_(x, minVal, maxVal)
        : Functional.hardtanh(x, minVal, maxVal);
  }

  @Override
  protected String extraRepr() {
    return "min_val=" + minVal + ", max_val=" + maxVal + (inplace ? ", inplace=true" : "");
  }
}
