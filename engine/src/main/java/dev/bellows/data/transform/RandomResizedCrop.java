package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a box at a random place out of each image, of 8 to 100 % of its area and a ratio of sides
 * between 3/4 and 4/3 unless set otherwise, and resizes it. Source: torchvision's {@code
 * RandomResizedCrop}.
 */
public final class RandomResizedCrop implements Transform {
  private static final long serialVersionUID = 1L;

  private final Resize resize;
  private final RandomBoxes boxes;

  /** Creates a crop that is resized to a square. */
  public RandomResizedCrop(int size) {
    this(size, size);
  }

  /**
   * Creates a crop that is resized to [height, width].
   *
   * @throws IllegalArgumentException if a number is less than 1
   */
  public RandomResizedCrop(int height, int width) {
    this(new Resize(height, width), new RandomBoxes(0.08, 1, 3.0 / 4, 4.0 / 3));
  }

  private RandomResizedCrop(Resize resize, RandomBoxes boxes) {
    this.resize = resize;
    this.boxes = RandomBoxes.of("RandomResizedCrop", boxes);
  }

  /**
   * Sets the range of the box's part of the area.
   *
   * @throws IllegalArgumentException if not 0 ≤ least ≤ most
   */
  public RandomResizedCrop scale(double least, double most) {
    return new RandomResizedCrop(
        resize, new RandomBoxes(least, most, boxes.leastRatio(), boxes.mostRatio()));
  }

  /**
   * Sets the range of the box's width divided by its height.
   *
   * @throws IllegalArgumentException if not 0 &lt; least ≤ most
   */
  public RandomResizedCrop ratio(double least, double most) {
    return new RandomResizedCrop(
        resize, new RandomBoxes(boxes.leastScale(), boxes.mostScale(), least, most));
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched("RandomResizedCrop", images, batch -> crop(batch, generator));
  }

  private Tensor crop(Tensor batch, Generator generator) {
    if (batch.size(0) == 0) {
      return resize.apply(batch);
    }
    RandomBoxes.Box[] drawn = boxes.draw(batch, false, generator);
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < drawn.length; i++) {
      RandomBoxes.Box box =
          drawn[i] == null ? boxes.middle(batch.size(2), batch.size(3)) : drawn[i];
      parts.add(
          resize.apply(
              batch
                  .select(0, i)
                  .narrow(1, box.top(), box.height())
                  .narrow(2, box.left(), box.width())));
    }
    return Tensor.stack(parts, 0);
  }

  @Override
  public String toString() {
    return message("RandomResizedCrop(%s, %s)", resize, boxes);
  }
}
