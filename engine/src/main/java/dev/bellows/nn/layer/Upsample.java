package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.InterpolateOptions;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Resizes signals, images or volumes; see {@link Functional#interpolate(Tensor,
 * InterpolateOptions)}. Source: PyTorch's {@code torch.nn.Upsample}.
 */
public final class Upsample extends Module {
  private final InterpolateOptions options;

  /** Creates a layer that resizes by a factor, to the nearest elements. */
  public Upsample(double scaleFactor) {
    this(options().scaleFactor(scaleFactor));
  }

  /** Creates a layer with options. */
  public Upsample(InterpolateOptions options) {
    this.options = options;
  }

  /** Returns the default options; each of their methods returns changed ones. */
  public static InterpolateOptions options() {
    return new InterpolateOptions();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.interpolate(x, options);
  }

  @Override
  protected String extraRepr() {
    return options.describe();
  }
}
