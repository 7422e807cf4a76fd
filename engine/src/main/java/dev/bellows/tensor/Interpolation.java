package dev.bellows.tensor;

/** How a quantile between two neighbours is made of them. */
public enum Interpolation {
  LINEAR,
  LOWER,
  HIGHER,
  /** The nearer one; of two equally near ones that with the even place. */
  NEAREST,
  MIDPOINT
}
