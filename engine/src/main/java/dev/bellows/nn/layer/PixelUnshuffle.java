package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Moves blocks of pixels into channels: x [.., c, h·r, w·r] → [.., c·r², h, w] for a factor r.
 * Source: PyTorch's {@code torch.nn.PixelUnshuffle}.
 */
public final class PixelUnshuffle extends Module {
  private final int downscaleFactor;

  /** Creates a layer. */
  public PixelUnshuffle(int downscaleFactor) {
    this.downscaleFactor = downscaleFactor;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.pixelUnshuffle(x, downscaleFactor);
  }

  @Override
  protected String extraRepr() {
    return "downscale_factor=" + downscaleFactor;
  }
}
