package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Applies a transform that keeps the shape and type of images, with a probability. Source:
 * torchvision's {@code RandomApply}.
 */
public final class RandomApply implements Transform {
  private static final long serialVersionUID = 1L;

  private final Transform transform;
  private final double p;

  /**
   * Creates the choice.
   *
   * @param p the probability of each image
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public RandomApply(Transform transform, double p) {
    this.transform = transform;
    this.p = Images.probability("RandomApply", p);
  }

  /**
   * Transforms some of the images.
   *
   * @throws IllegalArgumentException if the transform changes the shape or type
   */
  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched(
        "RandomApply",
        images,
        batch -> {
          Tensor chosen = Images.chosen(batch, p, generator);
          Tensor out = transform.apply(batch, generator);
          if (!Arrays.equals(out.shape(), batch.shape()) || out.dtype() != batch.dtype()) {
            throw new IllegalArgumentException(
                message(
                    "RandomApply: %s must keep shape and type; made %s %s of %s %s",
                    transform, out.dtype(), out.shape(), batch.dtype(), batch.shape()));
          }
          return Tensor.where(chosen, out, batch);
        });
  }

  @Override
  public String toString() {
    return message("RandomApply(%s, p=%s)", transform, p);
  }
}
