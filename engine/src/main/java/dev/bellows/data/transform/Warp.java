package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.InterpolationMode;
import dev.bellows.tensor.Tensor;
import java.io.Serializable;
import java.util.List;

/**
 * How images are moved. Each pixel is taken from the place that an inverse map gives for it.
 *
 * @param mode NEAREST, or BILINEAR between the four pixels around the place
 * @param fill the value outside of the image
 * @param centerX the column, from the left edge, that a rotation leaves in its place; NaN for the
 *     middle
 * @param centerY the row, from the upper edge; NaN for the middle
 */
record Warp(InterpolationMode mode, double fill, double centerX, double centerY)
    implements Serializable {
  /** The nearest pixels, 0 outside, around the middle. */
  static final Warp DEFAULT = new Warp(InterpolationMode.NEAREST, 0, Double.NaN, Double.NaN);

  /**
   * Motions of the images of a batch; each FLOAT64 [n].
   *
   * @param angle clockwise, in degrees
   * @param x to the right, in pixels
   * @param y down, in pixels
   * @param scale positive
   * @param shearX along x, in degrees
   * @param shearY along y, in degrees
   */
  record Motion(Tensor angle, Tensor x, Tensor y, Tensor scale, Tensor shearX, Tensor shearY) {
    /** Returns rotations. */
    static Motion rotation(Tensor angle) {
      Tensor none = Tensor.zerosLike(angle);
      return new Motion(angle, none, none, Tensor.onesLike(angle), none, none);
    }
  }

  Warp mode(String name, InterpolationMode how) {
    if (how != InterpolationMode.NEAREST && how != InterpolationMode.BILINEAR) {
      throw new IllegalArgumentException(
          message("%s: mode must be NEAREST or BILINEAR; got %s", name, how));
    }
    return new Warp(how, fill, centerX, centerY);
  }

  Warp fill(double value) {
    return new Warp(mode, value, centerX, centerY);
  }

  Warp center(String name, double x, double y) {
    if (!Double.isFinite(x) || !Double.isFinite(y)) {
      throw new IllegalArgumentException(
          message("%s: center must be finite; got (%s, %s)", name, x, y));
    }
    return new Warp(mode, fill, x, y);
  }

  /** Moves a batch [n, c, h, w]. */
  Tensor apply(Tensor batch, Motion motion) {
    long h = batch.size(2);
    long w = batch.size(3);
    Tensor[] inverse = inverse(motion, offset(centerX, w), offset(centerY, h));
    Tensor y = fromMiddle(batch, h).view(1, h, 1);
    Tensor x = fromMiddle(batch, w).view(1, 1, w);
    Tensor column = inverse[0].mul(x).add(inverse[1].mul(y)).add(inverse[2]);
    Tensor row = inverse[3].mul(x).add(inverse[4].mul(y)).add(inverse[5]);
    return mode == InterpolationMode.NEAREST
        ? nearest(batch, column, row)
        : bilinear(batch, column, row);
  }

  private static double offset(double center, long size) {
    return Double.isNaN(center) ? 0 : center - 0.5 * size;
  }

  /**
   * Returns the inverse of: shear and scale, rotate around a center, then shift; each number [n, 1,
   * 1]. The column is m0 · x + m1 · y + m2 and the row m3 · x + m4 · y + m5, all from the middle.
   */
  private static Tensor[] inverse(Motion motion, double centerX, double centerY) {
    Tensor angle = radians(motion.angle);
    Tensor shearX = radians(motion.shearX).tan();
    Tensor shearY = radians(motion.shearY);
    Tensor cos = angle.sub(shearY).cos().div(shearY.cos());
    Tensor sin = angle.sub(shearY).sin().div(shearY.cos());
    Tensor a = angle.cos().sub(sin.mul(shearX)).div(motion.scale);
    Tensor b = cos.mul(shearX).add(angle.sin()).div(motion.scale);
    Tensor c = sin.neg().div(motion.scale);
    Tensor d = cos.div(motion.scale);
    Tensor left = motion.x.add(centerX);
    Tensor up = motion.y.add(centerY);
    Tensor moveX = a.mul(left).add(b.mul(up)).rsub(centerX);
    Tensor moveY = c.mul(left).add(d.mul(up)).rsub(centerY);
    Tensor[] map = {a, b, moveX, c, d, moveY};
    for (int i = 0; i < map.length; i++) {
      map[i] = map[i].view(-1, 1, 1);
    }
    return map;
  }

  private static Tensor radians(Tensor degrees) {
    return degrees.mul(Math.PI / 180);
  }

  /** Returns the places of pixels from the middle. */
  private static Tensor fromMiddle(Tensor batch, long size) {
    return Tensor.arange(size).to(batch.device(), DType.FLOAT64).sub((size - 1) / 2.0);
  }

  private Tensor nearest(Tensor batch, Tensor x, Tensor y) {
    long n = batch.size(0);
    long c = batch.size(1);
    long h = batch.size(2);
    long w = batch.size(3);
    Tensor column = x.add((w - 1) / 2.0).round();
    Tensor row = y.add((h - 1) / 2.0).round();
    Tensor inside =
        column.ge(0).logicalAnd(column.le(w - 1)).logicalAnd(row.ge(0)).logicalAnd(row.le(h - 1));
    Tensor pixel = row.clamp(0, h - 1).mul(w).add(column.clamp(0, w - 1)).to(DType.INT64);
    Tensor out = batch.reshape(n, c, h * w).gather(2, pixel.view(n, 1, h * w).expand(n, c, h * w));
    return out.view(n, c, h, w).maskedFill(inside.logicalNot().unsqueeze(1), fill);
  }

  private Tensor bilinear(Tensor batch, Tensor x, Tensor y) {
    long c = batch.size(1);
    boolean bytes = batch.dtype() == DType.UINT8;
    Tensor images = bytes ? batch.to(DType.FLOAT32) : batch;
    Tensor grid =
        Tensor.stack(List.of(x.div(0.5 * batch.size(3)), y.div(0.5 * batch.size(2))), 3)
            .to(images.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
    // a channel of ones becomes the part of each pixel that comes from inside
    Tensor ones = Tensor.onesLike(images.narrow(1, 0, 1));
    Tensor moved = Functional.gridSample(Tensor.cat(List.of(images, ones), 1), grid);
    Tensor inside = moved.narrow(1, c, 1);
    Tensor out = moved.narrow(1, 0, c).sub(fill).mul(inside).add(fill);
    return bytes ? out.round().clamp(0, 255).to(DType.UINT8) : out;
  }

  @Override
  public String toString() {
    String center = Double.isNaN(centerX) ? "" : message(", center=(%s, %s)", centerX, centerY);
    return message("interpolation=%s, fill=%s%s", mode, fill, center);
  }
}
