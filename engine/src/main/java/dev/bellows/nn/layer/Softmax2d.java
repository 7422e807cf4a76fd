package dev.bellows.nn.layer;

import dev.bellows.errors.Messages;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes the softmax over the channels of each pixel of x [n, c, h, w] or [c, h, w]. Source:
 * PyTorch's {@code torch.nn.Softmax2d}.
 */
public final class Softmax2d extends Module {
  /** Creates the layer. */
  public Softmax2d() {}

  @Override
  protected Tensor forward(Tensor x) {
    if (x.dim() != 3 && x.dim() != 4) {
      throw new IllegalArgumentException(
          Messages.message("Softmax2d: expected input to be 3D or 4D; got %s", x.shape()));
    }
    return Functional.softmax(x, -3);
  }
}
