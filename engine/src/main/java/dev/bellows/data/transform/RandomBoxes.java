package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.Serializable;

/**
 * Boxes at random places, of a random part of the area and a random ratio of sides. Of ten tries
 * for each image the first that fits is taken. Numbers are drawn on the CPU, where boxes are
 * computed.
 *
 * @param leastScale smallest part of the area
 * @param mostScale largest part of the area
 * @param leastRatio smallest width divided by height
 * @param mostRatio largest width divided by height; the logarithm of the ratio is uniform
 */
record RandomBoxes(double leastScale, double mostScale, double leastRatio, double mostRatio)
    implements Serializable {
  private static final int TRIES = 10;
  private static final int PER_TRY = 4;

  /** A box of an image. */
  record Box(long top, long left, long height, long width) {}

  /** Checks the ranges. */
  static RandomBoxes of(String name, RandomBoxes boxes) {
    if (!(boxes.leastScale >= 0
        && boxes.leastScale <= boxes.mostScale
        && boxes.leastRatio > 0
        && boxes.leastRatio <= boxes.mostRatio
        && boxes.mostScale < Double.POSITIVE_INFINITY
        && boxes.mostRatio < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          message("%s: scale and ratio should be of kind (min, max); got %s", name, boxes));
    }
    return boxes;
  }

  /** Draws a box for each image of a batch; null where no try fits in h x w, or fills a side. */
  Box[] draw(Tensor batch, boolean smaller, Generator generator) {
    int n = (int) batch.size(0);
    long h = batch.size(2);
    long w = batch.size(3);
    Box[] boxes = new Box[n];
    try (Tensor drawn = Tensor.rand(generator, DType.FLOAT64, n, TRIES, PER_TRY)) {
      double[] u = drawn.toDoubleArray();
      for (int i = 0; i < n; i++) {
        for (int t = 0; t < TRIES && boxes[i] == null; t++) {
          int at = (i * TRIES + t) * PER_TRY;
          boxes[i] = box(h, w, smaller ? 1 : 0, u[at], u[at + 1], u[at + 2], u[at + 3]);
        }
      }
    }
    return boxes;
  }

  private Box box(long h, long w, int less, double u0, double u1, double u2, double u3) {
    double area = h * w * (leastScale + u0 * (mostScale - leastScale));
    double low = Math.log(leastRatio);
    double ratio = Math.exp(low + u1 * (Math.log(mostRatio) - low));
    long width = (long) Math.rint(Math.sqrt(area * ratio));
    long height = (long) Math.rint(Math.sqrt(area / ratio));
    if (width < 1 || height < 1 || width > w - less || height > h - less) {
      return null;
    }
    long top = Math.min(h - height, (long) (u2 * (h - height + 1)));
    long left = Math.min(w - width, (long) (u3 * (w - width + 1)));
    return new Box(top, left, height, width);
  }

  /** Returns the largest box in the middle with a ratio of the range. */
  Box middle(long h, long w) {
    double ratio = Math.max(leastRatio, Math.min(mostRatio, (double) w / h));
    long width = Math.min(w, Math.max(1, (long) Math.rint(h * ratio)));
    long height = Math.min(h, Math.max(1, (long) Math.rint(w / ratio)));
    return new Box((h - height) / 2, (w - width) / 2, height, width);
  }
}
