package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Replaces a box at a random place of images by one value, 0 unless set otherwise. Source:
 * torchvision's {@code RandomErasing}.
 */
public final class RandomErasing implements Transform {
  private static final long serialVersionUID = 1L;
  private static final int ENDS = 4;

  private final double p;
  private final RandomBoxes boxes;
  private final double value;

  /** Creates a transform of every second image, on average. */
  public RandomErasing() {
    this(0.5);
  }

  /**
   * Creates a transform with boxes of 2 to 33 % of the area and ratios of sides from 0.3 to 3.3.
   *
   * @param p the probability of each image
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public RandomErasing(double p) {
    this(Images.probability("RandomErasing", p), new RandomBoxes(0.02, 0.33, 0.3, 3.3), 0);
  }

  private RandomErasing(double p, RandomBoxes boxes, double value) {
    this.p = p;
    this.boxes = RandomBoxes.of("RandomErasing", boxes);
    this.value = value;
  }

  /** Sets the range of the box's part of the area. */
  public RandomErasing scale(double least, double most) {
    return new RandomErasing(
        p, new RandomBoxes(least, most, boxes.leastRatio(), boxes.mostRatio()), value);
  }

  /** Sets the range of the box's width divided by its height. */
  public RandomErasing ratio(double least, double most) {
    return new RandomErasing(
        p, new RandomBoxes(boxes.leastScale(), boxes.mostScale(), least, most), value);
  }

  /** Sets the value of erased pixels. */
  public RandomErasing value(double erased) {
    return new RandomErasing(p, boxes, erased);
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched(
        "RandomErasing",
        images,
        batch ->
            batch.maskedFill(
                Images.chosen(batch, p, generator).logicalAnd(inside(batch, generator)), value));
  }

  /** Returns which pixels are in the box of their image; BOOL [n, 1, h, w]. */
  private Tensor inside(Tensor batch, Generator generator) {
    RandomBoxes.Box[] drawn = boxes.draw(batch, true, generator);
    long[] ends = new long[ENDS * drawn.length]; // 0 to 0 where there is no box
    for (int i = 0; i < drawn.length; i++) {
      RandomBoxes.Box box = drawn[i];
      if (box != null) {
        ends[i] = box.top();
        ends[drawn.length + i] = box.top() + box.height();
        ends[2 * drawn.length + i] = box.left();
        ends[3 * drawn.length + i] = box.left() + box.width();
      }
    }
    Tensor all = Tensor.of(ends, ENDS, drawn.length, 1, 1, 1).to(batch.device());
    Tensor rows = Tensor.arange(batch.size(2)).to(batch.device()).view(1, 1, -1, 1);
    Tensor columns = Tensor.arange(batch.size(3)).to(batch.device()).view(1, 1, 1, -1);
    Tensor inRows = rows.ge(all.select(0, 0)).logicalAnd(rows.lt(all.select(0, 1)));
    return columns.ge(all.select(0, 2)).logicalAnd(columns.lt(all.select(0, 3))).logicalAnd(inRows);
  }

  @Override
  public String toString() {
    return message("RandomErasing(p=%s, %s, value=%s)", p, boxes, value);
  }
}
