package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.InterpolationMode;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Moves each image by a random affine map that keeps its center: it is rotated clockwise by a
 * random angle and, where set, shifted by whole pixels, scaled and sheared. Unless set otherwise
 * the center is the middle, the nearest pixels are taken, and what comes from outside is 0. Source:
 * torchvision's {@code RandomAffine} for tensors.
 */
public final class RandomAffine implements Transform {
  private static final long serialVersionUID = 1L;
  private static final Interval ZERO = new Interval(0, 0);

  private final Interval degrees;
  private final double translateX;
  private final double translateY;
  private final Interval scale;
  private final Interval shearX;
  private final Interval shearY;
  private final Warp warp;

  /** Creates a map with an angle, in degrees, between −degrees and degrees. */
  public RandomAffine(double degrees) {
    this(-degrees, degrees);
  }

  /**
   * Creates a map with an angle of a range, in degrees.
   *
   * @throws IllegalArgumentException if not least ≤ most, or they are not finite
   */
  public RandomAffine(double least, double most) {
    this(
        Interval.of("RandomAffine: degrees", least, most),
        0,
        0,
        new Interval(1, 1),
        ZERO,
        ZERO,
        Warp.DEFAULT);
  }

  private RandomAffine(
      Interval degrees,
      double translateX,
      double translateY,
      Interval scale,
      Interval shearX,
      Interval shearY,
      Warp warp) {
    this.degrees = degrees;
    this.translateX = translateX;
    this.translateY = translateY;
    this.scale = scale;
    this.shearX = shearX;
    this.shearY = shearY;
    this.warp = warp;
  }

  private RandomAffine with(Warp other) {
    return new RandomAffine(degrees, translateX, translateY, scale, shearX, shearY, other);
  }

  /**
   * Sets the largest shifts to either side, as parts of width and height; default 0.
   *
   * @throws IllegalArgumentException if a number is not in [0, 1]
   */
  public RandomAffine translate(double x, double y) {
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
      throw new IllegalArgumentException(
          message("RandomAffine: translation values should be between 0 and 1; got %s, %s", x, y));
    }
    return new RandomAffine(degrees, x, y, scale, shearX, shearY, warp);
  }

  /**
   * Sets the range of scales; default 1.
   *
   * @throws IllegalArgumentException if not 0 &lt; least ≤ most, or they are not finite
   */
  public RandomAffine scale(double least, double most) {
    Interval range = Interval.of("RandomAffine: scale", least, most);
    if (least <= 0) {
      throw new IllegalArgumentException(
          message("RandomAffine: scale values should be positive; got %s", range));
    }
    return new RandomAffine(degrees, translateX, translateY, range, shearX, shearY, warp);
  }

  /** Sets that images are sheared along x by an angle, in degrees, between −most and most. */
  public RandomAffine shear(double most) {
    return shear(-most, most, 0, 0);
  }

  /**
   * Sets the ranges of the angles, in degrees, by which images are sheared along x and y; default
   * 0.
   *
   * @throws IllegalArgumentException if not least ≤ most, or they are not finite
   */
  public RandomAffine shear(double leastX, double mostX, double leastY, double mostY) {
    Interval x = Interval.of("RandomAffine: shear along x", leastX, mostX);
    Interval y = Interval.of("RandomAffine: shear along y", leastY, mostY);
    return new RandomAffine(degrees, translateX, translateY, scale, x, y, warp);
  }

  /** Sets the value of pixels that come from outside; default 0. */
  public RandomAffine fill(double value) {
    return with(warp.fill(value));
  }

  /**
   * Sets how pixels are taken; default NEAREST. UINT8 images are interpolated as FLOAT32 and
   * rounded.
   *
   * @throws IllegalArgumentException if it is another than NEAREST or BILINEAR
   */
  public RandomAffine mode(InterpolationMode how) {
    return with(warp.mode("RandomAffine", how));
  }

  /**
   * Sets the center, in pixels from the left and upper edges; default the middle.
   *
   * @throws IllegalArgumentException if a number is not finite
   */
  public RandomAffine center(double x, double y) {
    return with(warp.center("RandomAffine", x, y));
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched("RandomAffine", images, batch -> move(batch, generator));
  }

  private Tensor move(Tensor batch, Generator generator) {
    double mostX = translateX * batch.size(3);
    double mostY = translateY * batch.size(2);
    return warp.apply(
        batch,
        new Warp.Motion(
            degrees.draw(batch, generator),
            new Interval(-mostX, mostX).draw(batch, generator).round(),
            new Interval(-mostY, mostY).draw(batch, generator).round(),
            scale.draw(batch, generator),
            shearX.draw(batch, generator),
            shearY.draw(batch, generator)));
  }

  @Override
  public String toString() {
    return message(
        "RandomAffine(degrees=%s, translate=(%s, %s), scale=%s, shear=(%s, %s), %s)",
        degrees, translateX, translateY, scale, shearX, shearY, warp);
  }
}
