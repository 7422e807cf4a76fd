package dev.bellows.nn.layer;

import dev.bellows.nn.Approximate;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Locale;

/**
 * Computes x · Φ(x), with Φ the distribution function of the normal distribution. Source: PyTorch's
 * {@code torch.nn.GELU}.
 */
public final class GELU extends Module {
  private final Approximate approximate;

  /** Creates a layer that computes Φ exactly. */
  public GELU() {
    this(Approximate.NONE);
  }

  /** Creates a layer that computes Φ as given. */
  public GELU(Approximate approximate) {
    this.approximate = approximate;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.gelu(x, approximate);
  }

  @Override
  protected String extraRepr() {
    return "approximate='" + approximate.name().toLowerCase(Locale.ROOT) + "'";
  }
}
