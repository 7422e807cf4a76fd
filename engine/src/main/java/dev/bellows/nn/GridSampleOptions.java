package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

/**
 * Options of {@link Functional#gridSample}. Immutable: each method returns options with one of them
 * changed. Defaults: BILINEAR, ZEROS, corners that are not aligned. Source: PyTorch's {@code
 * torch.nn.functional.grid_sample}.
 */
public final class GridSampleOptions {
  private final InterpolationMode mode;
  private final GridPadding padding;
  private final boolean alignCorners;

  /** Creates options with all defaults. */
  public GridSampleOptions() {
    this(InterpolationMode.BILINEAR, GridPadding.ZEROS, false);
  }

  private GridSampleOptions(InterpolationMode mode, GridPadding padding, boolean alignCorners) {
    this.mode = mode;
    this.padding = padding;
    this.alignCorners = alignCorners;
  }

  /**
   * Sets how elements between given ones are computed: BILINEAR, of volumes linear in three
   * dimensions, NEAREST, or BICUBIC, of images only.
   *
   * @throws IllegalArgumentException for another mode
   */
  public GridSampleOptions mode(InterpolationMode value) {
    if (value != InterpolationMode.BILINEAR
        && value != InterpolationMode.NEAREST
        && value != InterpolationMode.BICUBIC) {
      throw new IllegalArgumentException(
          message(
              "gridSample: expected mode to be BILINEAR, NEAREST or BICUBIC, but got: %s", value));
    }
    return new GridSampleOptions(value, padding, alignCorners);
  }

  /** Sets what is sampled outside of the input. */
  public GridSampleOptions padding(GridPadding value) {
    return new GridSampleOptions(mode, value, alignCorners);
  }

  /** Sets whether −1 and 1 are the centers of the corner elements, else their edges. */
  public GridSampleOptions alignCorners(boolean aligned) {
    return new GridSampleOptions(mode, padding, aligned);
  }

  InterpolationMode mode() {
    return mode;
  }

  GridPadding padding() {
    return padding;
  }

  boolean isAligned() {
    return alignCorners;
  }
}
