package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Functional;
import dev.bellows.nn.PaddingMode;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Adds pixels around images. Source: torchvision's {@code Pad}. */
public final class Pad implements Transform {
  private static final long serialVersionUID = 1L;

  private final int[] given;
  private final double fill;
  private final PaddingMode mode;

  /**
   * Creates a transform that adds zeros.
   *
   * @param padding pixels on all sides; or at left and right, at top and bottom; or at left, top,
   *     right, bottom. Negative numbers remove pixels
   * @throws IllegalArgumentException if there are not 1, 2 or 4 numbers
   */
  public Pad(int... padding) {
    this(padding.clone(), 0, PaddingMode.ZEROS);
    if (padding.length != 1 && padding.length != 2 && padding.length != 4) {
      throw new IllegalArgumentException(
          message("Pad: Padding must be an int or a 1, 2, or 4 element tuple; got %s", padding));
    }
  }

  private Pad(int[] given, double fill, PaddingMode mode) {
    this.given = given;
    this.fill = fill;
    this.mode = mode;
  }

  /** Sets the value of the added pixels; default 0. */
  public Pad fill(double value) {
    return new Pad(given, value, mode);
  }

  /** Sets where added pixels come from; default {@link PaddingMode#ZEROS}, which takes the fill. */
  public Pad mode(PaddingMode how) {
    return new Pad(given, fill, how);
  }

  /** Returns the transform with the fill and mode of this and other numbers of pixels. */
  Pad with(int... padding) {
    return new Pad(padding, fill, mode);
  }

  /** Returns whether images change. */
  boolean adds() {
    return Arrays.stream(given).anyMatch(pixels -> pixels != 0);
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    int top = given.length == 1 ? given[0] : given[1];
    int right = given.length == 4 ? given[2] : given[0];
    int bottom = given.length == 4 ? given[3] : top;
    int[] padding = {given[0], right, top, bottom};
    return Images.batched(
        "Pad",
        images,
        batch ->
            mode == PaddingMode.ZEROS
                ? Functional.pad(batch, padding, fill)
                : Functional.pad(batch, padding, mode));
  }

  @Override
  public String toString() {
    return message("Pad(padding=%s, fill=%s, padding_mode=%s)", given, fill, mode);
  }
}
