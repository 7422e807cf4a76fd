package dev.bellows.nn.layer;

import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Transposed cross-correlation of images with learned filters. x [n, inChannels, h, w] or
 * [inChannels, h, w] → [n, outChannels, outH, outW] or [outChannels, outH, outW] with outH = (h −
 * 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1; weight [inChannels,
 * outChannels / groups, kernelH, kernelW], bias [outChannels]. Both are initialised uniformly in
 * ±1/√(outChannels / groups · elements of a filter), weight first. Defaults: see {@link Options}.
 * Source: PyTorch's {@code torch.nn.ConvTranspose2d}.
 */
public final class ConvTranspose2d extends ConvLayer {
  /** Creates a layer of square filters with the default options. */
  public ConvTranspose2d(long inChannels, long outChannels, int kernel) {
    this(inChannels, outChannels, kernel, options());
  }

  /** Creates a layer of square filters with options. */
  public ConvTranspose2d(long inChannels, long outChannels, int kernel, Options options) {
    this(inChannels, outChannels, kernel, kernel, options);
  }

  /**
   * Creates a layer of filters of kernelH rows and kernelW columns with options.
   *
   * @throws IllegalArgumentException listing all sizes that are out of range, or channels that
   *     groups do not divide
   */
  public ConvTranspose2d(
      long inChannels, long outChannels, int kernelH, int kernelW, Options options) {
    super(true, inChannels, outChannels, new int[] {kernelH, kernelW}, options);
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  Tensor convolve(Tensor x, ConvOptions geometry) {
    return Functional.convTranspose2d(x, weight, bias, geometry);
  }

  /**
   * Options of {@link ConvTranspose2d}. Defaults: outputPadding 0, and those of {@link
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
