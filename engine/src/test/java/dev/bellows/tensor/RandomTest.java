package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.Philox;
import dev.bellows.memory.DType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Distributions, by fixed seeds: a failure is a changed distribution, not bad luck. */
@Timeout(60)
class RandomTest {
  private static final int N = 100_000;

  private static Generator seeded() {
    return new Generator(12);
  }

  private static double mean(double... x) {
    return Arrays.stream(x).average().orElseThrow();
  }

  private static double deviation(double... x) {
    double mean = mean(x);
    return Math.sqrt(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "FLOAT16", "BFLOAT16"})
  void uniformAndNormal(DType dtype) {
    double[] u = Tensor.rand(seeded(), dtype, N).toDoubleArray();
    assertThat(Arrays.stream(u).boxed()).allMatch(v -> v >= 0 && v < 1);
    assertThat(Math.abs(mean(u) - 0.5)).isLessThan(0.005);
    assertThat(Math.abs(deviation(u) - Math.sqrt(1 / 12.0))).isLessThan(0.005);
    double[] n = Tensor.randn(seeded(), dtype, N).toDoubleArray();
    assertThat(Math.abs(mean(n))).isLessThan(0.01);
    assertThat(Math.abs(deviation(n) - 1)).isLessThan(0.01);
  }

  @Test
  void integersCoverTheirRangeEvenly() {
    long[] counts = new long[7];
    for (long v : Tensor.randint(seeded(), -3, 4, DType.INT8, N).toLongArray()) {
      counts[(int) v + 3]++;
    }
    assertThat(Arrays.stream(counts).boxed())
        .allMatch(c -> Math.abs(c - N / 7.0) < 5 * Math.sqrt(N / 7.0));
    long[] wide =
        Tensor.randint(seeded(), Long.MIN_VALUE, Long.MAX_VALUE, DType.INT64, 1000).toLongArray();
    assertThat(Arrays.stream(wide).filter(v -> v < 0).count()).isBetween(400L, 600L);
    assertThat(Arrays.stream(Tensor.randint(5, 3, 2).toLongArray()).boxed())
        .allMatch(v -> v >= 0 && v < 5);
    assertThatThrownBy(() -> Tensor.randint(0, 3))
        .hasMessage("random_ expects 'from' to be less than 'to', but got from=0 >= to=0");
    assertThatThrownBy(() -> Tensor.zeros(DType.UINT8, 2).random_(0, 300))
        .hasMessageStartingWith("random_: from and to - 1 must be within the range of UINT8");
  }

  @Test
  void permutationsHoldEachNumberOnceAndAllOrdersComeUp() {
    long[] order = Tensor.randperm(seeded(), 1000).toLongArray();
    assertThat(order).isNotEqualTo(Tensor.arange(1000).toLongArray());
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(Tensor.arange(1000).toLongArray());
    Generator generator = seeded();
    int[] seen = new int[6];
    for (int i = 0; i < 6000; i++) {
      long[] p = Tensor.randperm(generator, 3).toLongArray();
      seen[(int) (p[0] * 2 + (p[1] > p[2] ? 1 : 0))]++;
    }
    assertThat(Arrays.stream(seen).boxed()).allMatch(c -> c > 850 && c < 1150);
    assertThat(Tensor.randperm(0).numel()).isZero();
    assertThatThrownBy(() -> Tensor.randperm(-1))
        .hasMessage("randperm: n must be non-negative, got -1");
  }

  @Test
  void otherDistributions() {
    Tensor p = Tensor.of(new double[] {0, 0.25, 1}).expand(N / 2, 3);
    Tensor hits = Tensor.bernoulli(p, seeded());
    assertThat(hits.select(1, 0).sum().item()).isZero();
    assertThat(hits.select(1, 2).sum().item()).isEqualTo(N / 2);
    assertThat(Math.abs(hits.select(1, 1).sum().item() / (N / 2) - 0.25)).isLessThan(0.01);
    double[] exp = Tensor.empty(DType.FLOAT64, N).exponential_(2, seeded()).toDoubleArray();
    assertThat(Arrays.stream(exp).boxed()).allMatch(v -> v >= 0 && Double.isFinite(v));
    assertThat(Math.abs(mean(exp) - 0.5)).isLessThan(0.01);
    Generator before = Generator.setCurrent(seeded());
    try {
      double[] logs = Tensor.empty(DType.FLOAT64, N).logNormal_(1, 0.5).toDoubleArray();
      assertThat(Math.abs(mean(Arrays.stream(logs).map(Math::log).toArray()) - 1)).isLessThan(0.01);
      double[] trials = Tensor.empty(DType.INT64, N).geometric_(0.25).toDoubleArray();
      assertThat(Arrays.stream(trials).boxed()).allMatch(v -> v >= 1);
      assertThat(Math.abs(mean(trials) - 4)).isLessThan(0.1);
      double[] cauchy = Tensor.empty(DType.FLOAT64, N).cauchy_(3, 1).toDoubleArray();
      Arrays.sort(cauchy);
      assertThat(Math.abs(cauchy[N / 2] - 3)).as("median").isLessThan(0.05);
      double[] n = Tensor.normal(Tensor.of(new double[] {5, -5}).expand(N, 2), 0.1).toDoubleArray();
      assertThat(n[0]).isBetween(4.0, 6.0);
      assertThat(Math.abs(mean(n))).isLessThan(0.01);
    } finally {
      Generator.setCurrent(before);
    }
  }

  @Test
  void multinomialDrawsInProportion() {
    Tensor weights = Tensor.of(new double[] {1, 0, 3}).expand(2, 3).clone();
    Tensor drawn = Tensor.multinomial(weights, N, true, seeded());
    assertThat(drawn.shape()).containsExactly(2, N);
    double[] all = drawn.toDoubleArray();
    assertThat(all).doesNotContain(1);
    assertThat(Math.abs(mean(all) - 1.5)).isLessThan(0.01);
    long[] without = Tensor.multinomial(weights.select(0, 0), 2, false, seeded()).toLongArray();
    assertThat(without).containsExactlyInAnyOrder(0, 2);
    assertThatThrownBy(() -> Tensor.multinomial(weights, 4, false))
        .hasMessageStartingWith("cannot sample n_sample > prob_dist.size(-1) samples without");
    assertThatThrownBy(() -> Tensor.multinomial(Tensor.of(new double[] {-1}), 1, true))
        .hasMessageStartingWith("probability tensor contains either `inf`, `nan` or element < 0");
  }

  @Test
  void multinomialDrawsThePlaceOfAPointInTheSums() {
    for (int n : new int[] {1, 63, 64, 65, 200, 1025}) {
      double[] weights = Tensor.randint(seeded(), -2, 9, DType.INT64, n).relu().toDoubleArray();
      weights[n / 2] = 3;
      int positive = (int) Arrays.stream(weights).filter(weight -> weight > 0).count();
      for (boolean replacement : new boolean[] {true, false}) {
        int samples = replacement ? 50 : positive;
        long[] drawn =
            Tensor.multinomial(Tensor.of(weights), samples, replacement, seeded()).toLongArray();
        double[] left = weights.clone();
        for (int k = 0; k < samples; k++) {
          assertThat(drawn[k]).as("draw %s of %s", k, n).isEqualTo(place(left, k));
          left[(int) drawn[k]] *= replacement ? 1 : 0;
        }
      }
    }
  }

  /** Returns the place of draw k by adding up all weights in order. */
  private static long place(double[] weights, int k) {
    int[] words = new int[2];
    Philox.words(seeded().nextKey(), 2L * k, 2, words);
    double u = (((long) words[0] << 32 | words[1] & 0xFFFFFFFFL) >>> 11) * 0x1p-53;
    double point = u * Arrays.stream(weights).sum();
    int i = 0;
    while (point >= weights[i]) {
      point -= weights[i++];
    }
    return i;
  }

  @Test
  void multinomialOfManyWeights() {
    int n = 400_000;
    Tensor weights = Tensor.arange(n).to(DType.FLOAT64);
    double[] with = Tensor.multinomial(weights, n, true, seeded()).toDoubleArray();
    assertThat(Math.abs(mean(with) / n - 2 / 3.0)).isLessThan(0.002);
    long[] without = Tensor.multinomial(weights, n - 1, false, seeded()).toLongArray();
    assertThat(Arrays.stream(without).distinct().count()).isEqualTo(n - 1);
    assertThatThrownBy(() -> Tensor.multinomial(weights, n, false, seeded()))
        .hasMessageContaining("(sum of probabilities <= 0): too few weights; got the sum 0.0");
    assertThatThrownBy(
            () -> Tensor.multinomial(Tensor.of(new double[] {1e308, 1e308}), 1, true, seeded()))
        .hasMessageContaining("(sum of probabilities must be finite); got Infinity");
    assertThat(Tensor.multinomial(Tensor.of(new double[] {0, 1e-320, 0}), 3, true).toLongArray())
        .containsExactly(1, 1, 1);
  }

  @Test
  void seedsRepeatAndStatesResume() {
    Tensor.manualSeed(5);
    double[] first = Tensor.rand(4).toDoubleArray();
    long state = Generator.current().state();
    double[] second = Tensor.rand(4).toDoubleArray();
    Generator.current().setState(state);
    assertThat(Tensor.rand(4).toDoubleArray()).isEqualTo(second).isNotEqualTo(first);
    Tensor.manualSeed(5);
    assertThat(Tensor.rand(4).toDoubleArray()).isEqualTo(first);
    assertThat(Tensor.randnLike(Tensor.zeros(2, 3).t()).shape()).containsExactly(3, 2);
  }

  @Test
  void argumentsAreChecked() {
    Tensor x = Tensor.zeros(2);
    assertThatThrownBy(() -> x.uniform_(2, 1))
        .hasMessage("uniform_ expects to return a [from, to) range, but found from=2.0 > to=1.0");
    assertThatThrownBy(() -> x.normal_(0, -1))
        .hasMessage("normal expects std >= 0.0, but found std -1.0");
    assertThatThrownBy(() -> x.bernoulli_(2))
        .hasMessage("bernoulli_ expects p to be in [0, 1], but got p=2.0");
    assertThatThrownBy(() -> Tensor.bernoulli(Tensor.full(2, DType.FLOAT32, 1)))
        .hasMessageStartingWith("Expected p_in >= 0 && p_in <= 1");
    assertThatThrownBy(() -> x.exponential_(0))
        .hasMessage("exponential_ expects lambda > 0.0, but found lambda=0.0");
    assertThatThrownBy(() -> Tensor.zeros(DType.INT64, 2).normal_())
        .hasMessage("normal_: dtype must be floating point; got INT64");
  }
}
