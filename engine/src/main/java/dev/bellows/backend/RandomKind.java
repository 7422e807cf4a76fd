package dev.bellows.backend;

/** Distributions of random numbers, computed in double precision and then rounded to the type. */
public enum RandomKind {
  /** Uniform in [a, b): {@code a + (b − a) · (word >>> 8) · 2⁻²⁴}. */
  UNIFORM,
  /**
   * Normal with mean a and standard deviation b, by Box and Muller in double precision: element i
   * uses u1 = (word(2i) + 1) · 2⁻³², u2 = word(2i + 1) · 2⁻³² and is a + b · √(−2 ln u1) · cos(2π
   * u2). Logarithm and cosine are the backend's, accurate to a few units in the last place of
   * double: numbers of narrower types are the same on all backends, but for one in many millions.
   */
  NORMAL,
  /** 1 with probability a, else 0: {@code (word >>> 8) · 2⁻²⁴ < a}. */
  BERNOULLI
}
