package dev.bellows.nn;

/** How GELU computes the distribution function of the normal distribution. */
public enum Approximate {
  /** Exactly, by the error function. */
  NONE,
  /** By the hyperbolic tangent of a cubic polynomial. */
  TANH
}
