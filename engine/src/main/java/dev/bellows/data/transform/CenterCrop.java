package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Cuts the middle out of images; smaller ones are padded with zeros. Source: torchvision's {@code
 * CenterCrop}.
 */
public final class CenterCrop implements Transform {
  private static final long serialVersionUID = 1L;

  private final int height;
  private final int width;

  /** Creates a crop of squares. */
  public CenterCrop(int size) {
    this(size, size);
  }

  /**
   * Creates a crop of windows [height, width].
   *
   * @throws IllegalArgumentException if a number is less than 1
   */
  public CenterCrop(int height, int width) {
    Images.requireSize("CenterCrop", height, width);
    this.height = height;
    this.width = width;
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched("CenterCrop", images, this::crop);
  }

  private Tensor crop(Tensor batch) {
    int down = (int) Math.max(0, height - batch.size(2));
    int right = (int) Math.max(0, width - batch.size(3));
    Tensor large =
        down + right == 0
            ? batch
            : new Pad(right / 2, down / 2, (right + 1) / 2, (down + 1) / 2).apply(batch);
    long top = Math.round(Math.rint((large.size(2) - height) / 2.0));
    long left = Math.round(Math.rint((large.size(3) - width) / 2.0));
    return large.narrow(2, top, height).narrow(3, left, width).contiguous();
  }

  @Override
  public String toString() {
    return message("CenterCrop(size=(%s, %s))", height, width);
  }
}
