package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

/**
 * Options of a convolution, or of a transposed one. Immutable: each method returns options with one
 * of them changed. Numbers are for all spatial dimensions, or one for each. Defaults: stride 1,
 * padding 0, outputPadding 0, dilation 1, groups 1. Source: PyTorch's {@code
 * torch.nn.functional.conv2d} and {@code conv_transpose2d}.
 */
public final class ConvOptions extends ChangedByCopy<ConvOptions> {
  private int[] stride = {1};
  private int[] padding = {0};
  private boolean same;
  private int[] outputPadding = {0};
  private int[] dilation = {1};
  private int groups = 1;

  /** Creates options with all defaults. */
  public ConvOptions() {}

  /** Sets the distance of windows, at least 1. */
  public ConvOptions stride(int... sizes) {
    ConvOptions changed = clone();
    changed.stride = sizes.clone();
    return changed;
  }

  /** Sets the number of zeros added on each side. */
  public ConvOptions padding(int... sizes) {
    ConvOptions changed = clone();
    changed.padding = sizes.clone();
    changed.same = false;
    return changed;
  }

  /**
   * Sets the padding by name.
   *
   * @param name "valid" for none; "same" for as many zeros as keep the size of the input, with one
   *     more at the end where their number is odd
   * @throws IllegalArgumentException if the name is neither
   */
  public ConvOptions padding(String name) {
    if (!name.equals("same") && !name.equals("valid")) {
      throw new IllegalArgumentException(
          message(
              "convolution: Invalid padding string '%s', should be one of 'valid', 'same'", name));
    }
    ConvOptions changed = padding(0);
    changed.same = name.equals("same");
    return changed;
  }

  /**
   * Sets the number of elements added on one side of the result of a transposed convolution; at
   * least 0 and less than stride or dilation.
   */
  public ConvOptions outputPadding(int... sizes) {
    ConvOptions changed = clone();
    changed.outputPadding = sizes.clone();
    return changed;
  }

  /** Sets the distance of the taps of a filter, at least 1. */
  public ConvOptions dilation(int... sizes) {
    ConvOptions changed = clone();
    changed.dilation = sizes.clone();
    return changed;
  }

  /** Sets the number of groups that channels are split into, each with separate filters. */
  public ConvOptions groups(int count) {
    ConvOptions changed = clone();
    changed.groups = count;
    return changed;
  }

  int[] stride(String operation, int dims) {
    return PerDimension.of(operation, "stride", dims, stride);
  }

  int[] padding(String operation, int dims) {
    return PerDimension.of(operation, "padding", dims, padding);
  }

  boolean isSame() {
    return same;
  }

  int[] outputPadding(String operation, int dims) {
    return PerDimension.of(operation, "output_padding", dims, outputPadding);
  }

  int[] dilation(String operation, int dims) {
    return PerDimension.of(operation, "dilation", dims, dilation);
  }

  int groups() {
    return groups;
  }
}
