package dev.bellows.nn.layer;

import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Cross-correlation of signals with learned filters. x [n, inChannels, l] or [inChannels, l] → [n,
 * outChannels, outL] or [outChannels, outL] with outL = (l + 2·padding − dilation·(kernel − 1) − 1)
 * / stride + 1; weight [outChannels, inChannels / groups, kernel], bias [outChannels]. Both are
 * initialised uniformly in ±1/√(inChannels / groups · elements of a filter), weight first.
 * Defaults: see {@link Options}. Source: PyTorch's {@code torch.nn.Conv1d}.
 */
public final class Conv1d extends ConvLayer {
  /** Creates a layer of filters of one size with the default options. */
  public Conv1d(long inChannels, long outChannels, int kernel) {
    this(inChannels, outChannels, kernel, options());
  }

  /**
   * Creates a layer with options.
   *
   * @throws IllegalArgumentException listing all sizes that are out of range, or channels that
   *     groups do not divide
   */
  public Conv1d(long inChannels, long outChannels, int kernel, Options options) {
    super(false, inChannels, outChannels, new int[] {kernel}, options);
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  Tensor convolve(Tensor x, ConvOptions geometry) {
    return Functional.conv1d(x, weight, bias, geometry);
  }

  /** Options of {@link Conv1d}. Defaults: those of {@link ConvLayerOptions}. */
  public static final class Options extends ConvLayerOptions<Options> {
    private Options() {}
  }
}
