package dev.bellows.data.transform;

/**
 * Mirrors images left to right with a probability. Source: torchvision's {@code
 * RandomHorizontalFlip}.
 */
public final class RandomHorizontalFlip extends RandomFlip {
  private static final long serialVersionUID = 1L;

  /** Creates a transform of every second image, on average. */
  public RandomHorizontalFlip() {
    this(0.5);
  }

  /**
   * Creates a transform.
   *
   * @param p the probability of each image
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public RandomHorizontalFlip(double p) {
    super(3, p);
  }
}
