package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/** Reverses one dimension of images with a probability. */
abstract class RandomFlip implements Transform {
  private static final long serialVersionUID = 1L;

  private final int dim;
  private final double p;

  RandomFlip(int dim, double p) {
    this.dim = dim;
    this.p = Images.probability(getClass().getSimpleName(), p);
  }

  @Override
  public final Tensor apply(Tensor images, Generator generator) {
    return Images.batched(
        getClass().getSimpleName(),
        images,
        batch -> Tensor.where(Images.chosen(batch, p, generator), batch.flip(dim), batch));
  }

  @Override
  public final String toString() {
    return message("%s(p=%s)", getClass().getSimpleName(), p);
  }
}
