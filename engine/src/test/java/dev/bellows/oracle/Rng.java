package dev.bellows.oracle;

import java.util.Random;

/** Random numbers of one case, with the choices that generators of samples make. */
final class Rng extends Random {
  private static final long serialVersionUID = 1;
  private final boolean small;

  /** Numbers for full-size samples, or for tiny ones. */
  Rng(long seed, boolean small) {
    super(seed);
    this.small = small;
  }

  /** A seed for each name and number; Random's first numbers are alike for neighbouring seeds. */
  static long mix(long seed, String name, int number) {
    long x = (seed * 1_000_003 + name.hashCode()) * 1_000_003 + number;
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }

  /** Whether samples should be tiny: a Jacobian is computed number by number. */
  boolean small() {
    return small;
  }

  /** A whole number from low to high, both included. */
  int between(int low, int high) {
    return low + nextInt(high - low + 1);
  }

  /** True once in n times. */
  boolean oneIn(int n) {
    return nextInt(n) == 0;
  }

  /** One of the options. */
  @SafeVarargs
  final <T> T pick(T... options) {
    return options[nextInt(options.length)];
  }

  /** One of the options. */
  double pickNumber(double... options) {
    return options[nextInt(options.length)];
  }

  /** A constant of either kind: whole numbers are Integers or Doubles. */
  Number constant() {
    return nextBoolean()
        ? (Number) between(-3, 3)
        : (Number) pickNumber(-2, -0.75, 0, 1, 0.5, 3, 2.5);
  }

  /** A number in [low, high). */
  double uniform(double low, double high) {
    return low + (high - low) * nextDouble();
  }
}
