package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.InterpolationMode;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Rotates each image by a random angle, counter-clockwise. Unless set otherwise it turns around the
 * middle, takes the nearest pixels, and fills what comes from outside with 0. Source: torchvision's
 * {@code RandomRotation} for tensors.
 */
public final class RandomRotation implements Transform {
  private static final long serialVersionUID = 1L;

  private final Interval degrees;
  private final Warp warp;

  /** Creates a rotation by an angle, in degrees, between −degrees and degrees. */
  public RandomRotation(double degrees) {
    this(-degrees, degrees);
  }

  /**
   * Creates a rotation by an angle of a range, in degrees.
   *
   * @throws IllegalArgumentException if not least ≤ most, or they are not finite
   */
  public RandomRotation(double least, double most) {
    this(Interval.of("RandomRotation: degrees", least, most), Warp.DEFAULT);
  }

  private RandomRotation(Interval degrees, Warp warp) {
    this.degrees = degrees;
    this.warp = warp;
  }

  /** Sets the value of pixels that come from outside; default 0. */
  public RandomRotation fill(double value) {
    return new RandomRotation(degrees, warp.fill(value));
  }

  /**
   * Sets how pixels are taken; default NEAREST. UINT8 images are interpolated as FLOAT32 and
   * rounded.
   *
   * @throws IllegalArgumentException if it is another than NEAREST or BILINEAR
   */
  public RandomRotation mode(InterpolationMode how) {
    return new RandomRotation(degrees, warp.mode("RandomRotation", how));
  }

  /**
   * Sets the center, in pixels from the left and upper edges; default the middle.
   *
   * @throws IllegalArgumentException if a number is not finite
   */
  public RandomRotation center(double x, double y) {
    return new RandomRotation(degrees, warp.center("RandomRotation", x, y));
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched(
        "RandomRotation",
        images,
        batch -> warp.apply(batch, Warp.Motion.rotation(degrees.draw(batch, generator).neg())));
  }

  @Override
  public String toString() {
    return message("RandomRotation(degrees=%s, %s)", degrees, warp);
  }
}
