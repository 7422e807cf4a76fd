package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Cuts a window of a fixed size at a random place of each image, usually after padding. Source:
 * torchvision's {@code RandomCrop}.
 */
public final class RandomCrop implements Transform {
  private static final long serialVersionUID = 1L;

  private final int height;
  private final int width;
  private final Pad pad;
  private final boolean padIfNeeded;

  /** Creates a crop of squares, without padding. */
  public RandomCrop(int size) {
    this(size, size);
  }

  /**
   * Creates a crop of windows [height, width], without padding.
   *
   * @throws IllegalArgumentException if a number is less than 1
   */
  public RandomCrop(int height, int width) {
    this(height, width, new Pad(0), false);
    Images.requireSize("RandomCrop", height, width);
  }

  private RandomCrop(int height, int width, Pad pad, boolean padIfNeeded) {
    this.height = height;
    this.width = width;
    this.pad = pad;
    this.padIfNeeded = padIfNeeded;
  }

  /** Sets how images are padded before the crop; default {@code new Pad(0)}. */
  public RandomCrop padding(Pad padding) {
    return new RandomCrop(height, width, padding, padIfNeeded);
  }

  /** Sets that images are padded with zeros before the crop, by numbers as of {@link Pad}. */
  public RandomCrop padding(int... padding) {
    return padding(new Pad(padding));
  }

  /**
   * Sets whether smaller images are padded further, in the way of the padding, on both sides by
   * what is missing; default false.
   */
  public RandomCrop padIfNeeded(boolean pads) {
    return new RandomCrop(height, width, pad, pads);
  }

  /**
   * Returns a window of each image.
   *
   * @throws IllegalArgumentException if images are smaller than the window
   */
  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched("RandomCrop", images, batch -> crop(padded(batch), generator));
  }

  private Tensor padded(Tensor batch) {
    Tensor out = pad.adds() ? pad.apply(batch) : batch;
    int missingWidth = (int) Math.max(0, width - out.size(3));
    int missingHeight = (int) Math.max(0, height - out.size(2));
    if (padIfNeeded && missingWidth + missingHeight > 0) {
      out = pad.with(missingWidth, missingHeight).apply(out);
    }
    return out;
  }

  private Tensor crop(Tensor batch, Generator generator) {
    long n = batch.size(0);
    long c = batch.size(1);
    long h = batch.size(2);
    long w = batch.size(3);
    if (h < height || w < width) {
      throw new IllegalArgumentException(
          message(
              "RandomCrop: Required crop size [%s, %s] is larger than input image size [%s, %s]",
              height, width, h, w));
    }
    Tensor top = starts(batch, h - height, generator);
    Tensor left = starts(batch, w - width, generator);
    Tensor rows = top.add(Tensor.arange(height).to(batch.device()).view(1, height, 1));
    Tensor columns = left.add(Tensor.arange(width).to(batch.device()).view(1, 1, width));
    Tensor pixels = rows.mul(w).add(columns).view(n, 1, (long) height * width);
    return batch
        .reshape(n, c, h * w)
        .gather(2, pixels.expand(n, c, (long) height * width))
        .view(n, c, height, width);
  }

  /** Draws a start in [0, last] for each image; INT64 [n, 1, 1]. */
  private static Tensor starts(Tensor batch, long last, Generator generator) {
    return Tensor.on(batch.device())
        .randint(generator, 0, last + 1, DType.INT64, batch.size(0), 1, 1);
  }

  @Override
  public String toString() {
    return message("RandomCrop(size=(%s, %s), padding=%s)", height, width, pad);
  }
}
