package dev.bellows.nn.layer;

import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Cross-correlation of volumes with learned filters. x [n, inChannels, d, h, w] or [inChannels, d,
 * h, w] → [n, outChannels, outD, outH, outW] or [outChannels, outD, outH, outW] with outD = (d +
 * 2·padding − dilation·(kernel − 1) − 1) / stride + 1; weight [outChannels, inChannels / groups,
 * kernelD, kernelH, kernelW], bias [outChannels]. Both are initialised uniformly in ±1/√(inChannels
 * / groups · elements of a filter), weight first. Defaults: see {@link Options}. Source: PyTorch's
 * {@code torch.nn.Conv3d}.
 */
public final class Conv3d extends ConvLayer {
  /** Creates a layer of cubic filters with the default options. */
  public Conv3d(long inChannels, long outChannels, int kernel) {
    this(inChannels, outChannels, kernel, options());
  }

  /** Creates a layer of cubic filters with options. */
  public Conv3d(long inChannels, long outChannels, int kernel, Options options) {
    this(inChannels, outChannels, kernel, kernel, kernel, options);
  }

  /**
   * Creates a layer of filters of kernelD · kernelH · kernelW elements with options.
   *
   * @throws IllegalArgumentException listing all sizes that are out of range, or channels that
   *     groups do not divide
   */
  public Conv3d(
      long inChannels, long outChannels, int kernelD, int kernelH, int kernelW, Options options) {
    super(false, inChannels, outChannels, new int[] {kernelD, kernelH, kernelW}, options);
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  Tensor convolve(Tensor x, ConvOptions geometry) {
    return Functional.conv3d(x, weight, bias, geometry);
  }

  /** Options of {@link Conv3d}. Defaults: those of {@link ConvLayerOptions}. */
  public static final class Options extends ConvLayerOptions<Options> {
    private Options() {}
  }
}
