package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PhiloxTest {
  private static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
    int[] out = new int[4];
    Philox.block(c0, c1, c2, c3, k0, k1, out, 0);
    return out;
  }

  /** The vectors philox4x32 10 of kat_vectors in Random123. */
  @Test
  void knownAnswers() {
    assertThat(block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void streamsHoldWordsOfTheirCounters() {
    RandomKey key = new RandomKey(0x299f31d0_a4093822L, 0x03707344_13198a2eL);
    long quad = 0x85a308d3_243f6a88L;
    int[] four = new int[4];
    Philox.quad(key, quad, four, 0);
    assertThat(four).containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void anyPieceOfAStreamIsThatPiece() {
    RandomKey key = new RandomKey(7, 3);
    int[] whole = new int[64];
    Philox.words(key, 0, 64, whole);
    for (int first = 0; first < 12; first++) {
      for (int n = 0; n < 20; n++) {
        int[] piece = new int[n];
        Philox.words(key, first, n, piece);
        for (int i = 0; i < n; i++) {
          assertThat(piece[i]).isEqualTo(whole[first + i]);
          assertThat(Philox.word(key, first + i)).isEqualTo(whole[first + i]);
        }
      }
    }
  }

  @Test
  void manyWordsAreThoseOfSingleCounters() {
    RandomKey key = new RandomKey(0x94fdcceb_ffffffffL, 0x80000000_7fffffffL);
    long first = (0xffffffffL - 300 << 2) + 3;
    int[] words = new int[3000];
    Philox.words(key, first, words.length, words);
    for (int i = 0; i < words.length; i++) {
      assertThat(words[i]).as("word %s", i).isEqualTo(Philox.word(key, first + i));
    }
  }

  @Test
  void uniformStaysBelowOne() {
    assertThat(Philox.uniform(-1)).isEqualTo(1 - 0x1p-24);
    assertThat(Philox.uniform(255)).isZero();
    assertThat(Philox.normal(Philox.above0(-1), Philox.below1(0))).isZero();
    assertThat(Philox.normal(Philox.above0(0), Philox.below1(0))).isBetween(6.6, 6.7);
  }
}
