package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes x where x &gt; threshold, else value. Source: PyTorch's {@code torch.nn.Threshold}. */
public final class Threshold extends Module {
  private final double threshold;
  private final double value;
  private final boolean inplace;

  /**
   * Creates a layer that leaves its input as it is.
   *
   * @param threshold the largest x that is replaced
   * @param value what replaces it
   */
  public Threshold(double threshold, double value) {
    this(threshold, value, false);
  }

  /**
   * Creates a layer.
   *
   * @param threshold the largest x that is replaced
   * @param value what replaces it
   * @param inplace whether the layer overwrites its input; default false
   */
  public Threshold(double threshold, double value, boolean inplace) {
    this.threshold = threshold;
    this.value = value;
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return inplace
        ? Functional.threshold_(x, threshold, value)
        : Functional.threshold(x, threshold, value);
  }

  @Override
  protected String extraRepr() {
    return "threshold=" + threshold + ", value=" + value + (inplace ? ", inplace=true" : "");
  }
}
