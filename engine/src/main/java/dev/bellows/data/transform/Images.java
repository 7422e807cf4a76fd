package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.function.UnaryOperator;

/** What transforms share. */
final class Images {
  private Images() {}

  /** Applies a function of batches [n, c, h, w] to a batch or to a single image. */
  static Tensor batched(String name, Tensor images, UnaryOperator<Tensor> function) {
    if (images.dim() == 4) {
      return function.apply(images);
    }
    if (images.dim() != 3) {
      throw new IllegalArgumentException(
          message(
              "%s: images must be [n, c, h, w] or [c, h, w]; got %s %s",
              name, images.dtype(), images.shape()));
    }
    return function.apply(images.unsqueeze(0)).select(0, 0);
  }

  /**
   * Returns whether images are UINT8 in [0, 255], not floating point in [0, 1].
   *
   * @throws IllegalArgumentException if they are of another type
   */
  static boolean isBytes(String name, Tensor images) {
    if (images.dtype() != DType.UINT8 && !images.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message("%s: images must be UINT8 or floating point; got %s", name, images.dtype()));
    }
    return images.dtype() == DType.UINT8;
  }

  /** Draws for each image of a batch whether it is chosen; BOOL [n, 1, 1, 1]. */
  static Tensor chosen(Tensor batch, double p, Generator generator) {
    return uniform(batch, generator).lt(p).view(-1, 1, 1, 1);
  }

  /** Draws a number in [0, 1) for each image of a batch; FLOAT32 [n]. */
  static Tensor uniform(Tensor batch, Generator generator) {
    return Tensor.on(batch.device()).rand(generator, DType.FLOAT32, batch.size(0));
  }

  /**
   * Returns a probability.
   *
   * @throws IllegalArgumentException if it is not in [0, 1]
   */
  static double probability(String name, double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(message("%s: p must be in [0, 1]; got %s", name, p));
    }
    return p;
  }

  /**
   * Checks a size of images.
   *
   * @throws IllegalArgumentException if one of its numbers is less than 1
   */
  static void requireSize(String name, int height, int width) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          message("%s: size must be at least 1 x 1; got %s x %s", name, height, width));
    }
  }
}
