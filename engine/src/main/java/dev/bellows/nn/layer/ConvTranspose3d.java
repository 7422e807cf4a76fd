package dev.bellows.nn.layer;

import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Transposed cross-correlation of volumes with learned filters. x [n, inChannels, d, h, w] or
 * [inChannels, d, h, w] → [n, outChannels, outD, outH, outW] or [outChannels, outD, outH, outW]
 * with outD = (d − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1; weight
 * [inChannels, outChannels / groups, kernelD, kernelH, kernelW], bias [outChannels]. Both are
 * initialised uniformly in ±1/√(outChannels / groups · elements of a filter), weight first.
 * Defaults: see {@link Options}. Source: PyTorch's {@code torch.nn.ConvTranspose3d}.
 */
public final class ConvTranspose3d extends ConvLayer {
  /** Creates a layer of cubic filters with the default options. */
  public ConvTranspose3d(long inChannels, long outChannels, int kernel) {
    this(inChannels, outChannels, kernel, options());
  }

  /** Creates a layer of cubic filters with options. */
  public ConvTranspose3d(long inChannels, long outChannels, int kernel, Options options) {
    this(inChannels, outChannels, kernel, kernel, kernel, options);
  }

  /**
   * Creates a layer of filters of kernelD · kernelH · kernelW elements with options.
   *
   * @throws IllegalArgumentException listing all sizes that are out of range, or channels that
   *     groups do not divide
   */
  public ConvTranspose3d(
      long inChannels, long outChannels, int kernelD, int kernelH, int kernelW, Options options) {
    super(true, inChannels, outChannels, new int[] {kernelD, kernelH, kernelW}, options);
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  Tensor convolve(Tensor x, ConvOptions geometry) {
    return Functional.convTranspose3d(x, weight, bias, geometry);
  }

  /**
   * Options of {@link ConvTranspose3d}. Defaults: outputPadding 0, and those of {@link
   * ConvLayerOptions}.
   */
  public static final class Options extends ConvLayerOptions<Options> {
    private Options() {}

    /** Sets the number of elements added on one side of the result. */
    public Options outputPadding(int... sizes) {
      outputPadding = sizes.clone();
      return this;
    }
  }
}
