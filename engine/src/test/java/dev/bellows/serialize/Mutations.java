package dev.bellows.serialize;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages files at random. */
public final class Mutations {
  /** Number of mutations of each format: 2,500 in a build, 100,000 in the profile fuzz. */
  public static final int COUNT = Integer.getInteger("fuzz.steps", 50_000) / 20;

  private Mutations() {}

  /**
   * Returns a shorter copy, or one with a few bytes changed.
   *
   * @param head length of the part at the start that gets half of the changes
   */
  public static byte[] of(byte[] good, int head, SplittableRandom random) {
    if (random.nextInt(8) == 0) {
      return Arrays.copyOf(good, random.nextInt(good.length));
    }
    byte[] bad = good.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(head, bad.length) : bad.length);
      bad[at] =
          (byte) (random.nextBoolean() ? random.nextInt(256) : bad[at] ^ 1 << random.nextInt(8));
    }
    return bad;
  }
}
