package dev.bellows.data.transform;

/**
 * Turns images upside down with a probability. Source: torchvision's {@code RandomVerticalFlip}.
 */
public final class RandomVerticalFlip extends RandomFlip {
  private static final long serialVersionUID = 1L;

  /** Creates a transform of every second image, on average. */
  public RandomVerticalFlip() {
    this(0.5);
  }

  /**
   * Creates a transform.
   *
   * @param p the probability of each image
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public RandomVerticalFlip(double p) {
    super(2, p);
  }
}
