package dev.bellows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class KeyedPermutationTest {
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  private static long[] order(long seed, long epoch, int n) {
    KeyedPermutation permutation = new KeyedPermutation(seed, epoch, n);
    long[] order = new long[n];
    Arrays.setAll(order, permutation::at);
    return order;
  }

  @Test
  void isABijectionOfEverySmallRange() {
    for (int n = 0; n <= 5000; n += n < 300 ? 1 : 97) {
      boolean[] seen = new boolean[n];
      for (long row : order(SEED, n, n)) {
        assertThat(row).as("n %d, -Dtest.seed=%d", n, SEED).isBetween(0L, n - 1L);
        assertThat(seen[(int) row]).as("n %d, -Dtest.seed=%d: twice %d", n, SEED, row).isFalse();
        seen[(int) row] = true;
      }
    }
  }

  @Test
  void staysInsideLargeRanges() {
    for (long n : new long[] {(1L << 31) + 1, (1L << 32) - 5, 1L << 33, (1L << 61) + 3, 1L << 62}) {
      KeyedPermutation permutation = new KeyedPermutation(SEED, 3, n);
      Set<Long> seen = new HashSet<>();
      for (long i = 0; i < 1000; i++) {
        assertThat(permutation.at(i)).as("n %d, -Dtest.seed=%d", n, SEED).isBetween(0L, n - 1);
        seen.add(permutation.at(i));
        seen.add(permutation.at(n - 1 - i));
      }
      assertThat(seen).as("n %d, -Dtest.seed=%d", n, SEED).hasSize(2000);
    }
  }

  @Test
  void dependsOnSeedAndEpochAlone() {
    assertThat(order(1, 0, 1000)).isEqualTo(order(1, 0, 1000));
    assertThat(order(1, 0, 1000)).isNotEqualTo(order(1, 1, 1000));
    assertThat(order(1, 0, 1000)).isNotEqualTo(order(2, 0, 1000));
    assertThat(order(1, 1L << 32, 1000)).isNotEqualTo(order(1, 0, 1000));
    assertThat(order(1L << 32, 0, 1000)).isNotEqualTo(order(0, 0, 1000));
  }

  /**
   * Saved runs resume in the same order only if it never changes. Values from Python:
   *
   * <pre>{@code
   * def philox(c, k):
   *     for _ in range(10):
   *         p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
   *         c = [q >> 32 ^ c[1] ^ k[0], q % 2**32, p >> 32 ^ c[3] ^ k[1], p % 2**32]
   *         k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
   *     return c
   *
   * def at(seed, epoch, n, x):
   *     s, h = seed ^ 0x62656C6C6F777321, ((n - 1).bit_length() + 1) // 2
   *     for r in range(8):
   *         c = [x % 2**h, r, epoch % 2**32, epoch >> 32]
   *         x = (x % 2**h) << h | (x >> h ^ philox(c, [s % 2**32, s >> 32])[0] % 2**h)
   *     return x if x < n else at(seed, epoch, n, x)
   * }</pre>
   */
  @Test
  void theOrderIsPinned() {
    assertThat(order(1, 0, 10)).containsExactly(8, 0, 1, 7, 2, 3, 5, 9, 6, 4);
    assertThat(order(7, (1L << 33) + 5, 12)).containsExactly(1, 6, 7, 9, 3, 10, 5, 4, 2, 0, 11, 8);
  }

  @Test
  void placesAreUniform() {
    for (int n : new int[] {2, 3, 4, 5, 13}) {
      int epochs = 4000;
      int[][] counts = new int[n][n];
      for (int epoch = 0; epoch < epochs; epoch++) {
        long[] order = order(99, epoch, n);
        for (int i = 0; i < n; i++) {
          counts[i][(int) order[i]]++;
        }
      }
      double expected = (double) epochs / n;
      double deviation = Math.sqrt(expected * (1 - 1.0 / n));
      for (int[] row : counts) {
        for (int count : row) {
          assertThat(count)
              .as("n %d", n)
              .isBetween((int) (expected - 5 * deviation), (int) (expected + 5 * deviation));
        }
      }
    }
  }

  @Test
  void neighboursAreSpread() {
    int n = 100_000;
    long[] order = order(5, 0, n);
    double distance = 0;
    double rank = 0;
    for (int i = 0; i < n; i++) {
      distance += i == 0 ? 0 : Math.abs(order[i] - order[i - 1]);
      rank += (i - n / 2.0) * (order[i] - n / 2.0);
    }
    assertThat(distance / n).isBetween(0.32 * n, 0.345 * n); // n/3 for a random order
    assertThat(rank / ((double) n * n * n / 12)).isBetween(-0.02, 0.02); // correlation
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> new KeyedPermutation(0, 0, -1))
        .hasMessage("KeyedPermutation: n must be in [0, 2^62]; got -1");
    assertThatThrownBy(() -> new KeyedPermutation(0, 0, 3).at(3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("KeyedPermutation.at: position must be in [0, 3); got 3");
    assertThatThrownBy(() -> new KeyedPermutation(0, 0, 0).at(0)).hasMessageContaining("[0, 0)");
  }
}
