package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Moves channels into blocks of pixels: x [.., c·r², h, w] → [.., c, h·r, w·r] for a factor r.
 * Source: PyTorch's {@code torch.nn.PixelShuffle}.
 */
public final class PixelShuffle extends Module {
  private final int upscaleFactor;

  /** Creates a layer. */
  public PixelShuffle(int upscaleFactor) {
    this.upscaleFactor = upscaleFactor;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.pixelShuffle(x, upscaleFactor);
  }

  @Override
  protected String extraRepr() {
    return "upscale_factor=" + upscaleFactor;
  }
}
