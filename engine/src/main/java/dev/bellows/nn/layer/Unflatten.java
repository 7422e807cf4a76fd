package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Views one dimension as several. Source: PyTorch's {@code torch.nn.Unflatten}. */
public final class Unflatten extends Module {
  private final int dim;
  private final long[] sizes;

  /**
   * Creates a layer.
   *
   * @param sizes of the new dimensions; one may be −1, for what is left
   */
  public Unflatten(int dim, long... sizes) {
    this.dim = dim;
    this.sizes = sizes.clone();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.unflatten(dim, sizes);
  }

  @Override
  protected String extraRepr() {
    String text = Arrays.toString(sizes).replace('[', '(').replace(']', ')');
    return "dim=" + dim + ", unflattened_size=" + text;
  }
}
