package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Rotates each image around its middle by a random angle, counter-clockwise, taking the nearest
 * pixels. What comes from outside is 0 unless set otherwise. Source: torchvision's {@code
 * RandomRotation} for tensors.
 */
public final class RandomRotation implements Transform {
  private static final long serialVersionUID = 1L;

  private final double least;
  private final double most;
  private final double fill;

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
    this(least, most, 0);
    if (!(least <= most && Double.isFinite(least) && Double.isFinite(most))) {
      throw new IllegalArgumentException(
          message("RandomRotation: degrees must be a range; got %s to %s", least, most));
    }
  }

  private RandomRotation(double least, double most, double fill) {
    this.least = least;
    this.most = most;
    this.fill = fill;
  }

  /** Sets the value of pixels that come from outside. */
  public RandomRotation fill(double value) {
    return new RandomRotation(least, most, value);
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched("RandomRotation", images, batch -> rotate(batch, generator));
  }

  private Tensor rotate(Tensor batch, Generator generator) {
    long n = batch.size(0);
    long c = batch.size(1);
    long h = batch.size(2);
    long w = batch.size(3);
    Tensor angle = Images.uniform(batch, generator).to(DType.FLOAT64).mul(most - least).add(least);
    Tensor radians = angle.mul(Math.PI / 180).view(-1, 1, 1);
    Tensor y = centred(batch, h).view(1, h, 1);
    Tensor x = centred(batch, w).view(1, 1, w);
    Tensor column = radians.cos().mul(x).sub(radians.sin().mul(y)).add((w - 1) / 2.0).round();
    Tensor row = radians.sin().mul(x).add(radians.cos().mul(y)).add((h - 1) / 2.0).round();
    Tensor inside =
        column.ge(0).logicalAnd(column.le(w - 1)).logicalAnd(row.ge(0)).logicalAnd(row.le(h - 1));
    Tensor pixel = row.clamp(0, h - 1).mul(w).add(column.clamp(0, w - 1)).to(DType.INT64);
    Tensor out = batch.reshape(n, c, h * w).gather(2, pixel.view(n, 1, h * w).expand(n, c, h * w));
    return out.view(n, c, h, w).maskedFill(inside.logicalNot().unsqueeze(1), fill);
  }

  /** Returns the places of pixels from the middle. */
  private static Tensor centred(Tensor batch, long size) {
    return Tensor.arange(size).to(batch.device(), DType.FLOAT64).sub((size - 1) / 2.0);
  }

  @Override
  public String toString() {
    return message("RandomRotation(degrees=[%s, %s], fill=%s)", least, most, fill);
  }
}
