package dev.bellows.data.transform;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Makes images of three colours grey, 0.2989 R + 0.587 G + 0.114 B, with as many channels as
 * before. Source: torchvision's {@code RandomGrayscale}.
 */
public final class Grayscale implements Transform {
  private static final long serialVersionUID = 1L;

  private final double p;

  /** Creates a transform of all images. */
  public Grayscale() {
    this(1);
  }

  /**
   * Creates a transform.
   *
   * @param p the probability of each image
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public Grayscale(double p) {
    this.p = Images.probability("Grayscale", p);
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched(
        "Grayscale",
        images,
        x -> Tensor.where(Images.chosen(x, p, generator), Colours.grey("Grayscale", x), x));
  }

  @Override
  public String toString() {
    return "Grayscale(p=" + p + ")";
  }
}
