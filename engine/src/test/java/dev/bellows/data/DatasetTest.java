package dev.bellows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.errors.TrainingException;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatasetTest {
  /** The squares of 0 … size − 1. */
  record Squares(long size) implements Dataset<Long> {
    @Override
    public Long get(long index) {
      if (index == 13) {
        throw new IllegalStateException("thirteen is missing");
      }
      return index * index;
    }
  }

  private static List<Long> all(Sampler sampler, Generator generator) {
    List<Long> indices = new ArrayList<>();
    PrimitiveIterator.OfLong order = sampler.indices(generator);
    order.forEachRemaining((long i) -> indices.add(i));
    assertThat(indices).hasSize((int) sampler.size());
    return indices;
  }

  @Test
  void aDatasetIsASourceOfBatches() {
    BatchSource source = new Squares(10);
    assertThat(source.rows()).isEqualTo(10);
    assertThat(source.gather(new long[] {3, 1}).input(0).toLongArray()).containsExactly(9, 1);
    assertThat(
            new Squares(4)
                .map(square -> new double[] {square, 1})
                .gather(new long[] {2})
                .input("0")
                .toDoubleArray())
        .containsExactly(4, 1);
    assertThatThrownBy(() -> source.gather(new long[] {1, 10}))
        .hasMessage("gather: row numbers must be in [0, 10); got 10 at position 1 of 2");
    assertThatThrownBy(() -> new Squares(20).gather(new long[] {1, 13}))
        .isInstanceOf(TrainingException.class)
        .hasMessage("data: sample 13: thirteen is missing")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> source.gather(new long[0]))
        .hasMessageContaining("must be asked for at least one");
  }

  @Test
  void tensorsAreADataset() {
    TensorDataset data =
        TensorDataset.of(Tensor.arange(6).view(3, 2), Tensor.of(new long[] {7, 8, 9}));
    assertThat(data.size()).isEqualTo(3);
    assertThat(data.get(1).get("0").toLongArray()).containsExactly(2, 3);
    assertThat(data.get(1).get("1").itemLong()).isEqualTo(8);
    assertThat(data.gather(new long[] {2}).input(1).toLongArray()).containsExactly(9);
    assertThatThrownBy(() -> data.get(3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("TensorDataset: index must be in [0, 3); got 3");
  }

  @Test
  void subsetsAndConcatenations() {
    Dataset<Long> squares = new Squares(5);
    Subset<Long> odd = new Subset<>(squares, 3, 1);
    assertThat(odd.get(0)).isEqualTo(9);
    assertThat(odd.gather(new long[] {1, 0, 1}).input(0).toLongArray()).containsExactly(1, 9, 1);
    Dataset<Long> both = new ConcatDataset<>(List.of(odd, new Squares(0), squares));
    assertThat(LongStream.range(0, both.size()).map(both::get).toArray())
        .containsExactly(9, 1, 0, 1, 4, 9, 16);
    assertThatThrownBy(() -> both.get(7))
        .hasMessage("ConcatDataset: index must be in [0, 7); got 7");
    assertThatThrownBy(() -> odd.gather(new long[] {2}))
        .hasMessage("gather: row numbers must be in [0, 2); got 2 at position 0 of 1");
    assertThatThrownBy(() -> new Subset<>(squares, 0, 5))
        .hasMessage("Subset: index must be in [0, 5); got 5");
    assertThatThrownBy(() -> new ConcatDataset<Long>(List.of()))
        .hasMessageContaining("datasets should not be an empty iterable");
  }

  @Test
  void randomSplits() {
    Dataset<Long> squares = new Squares(11);
    List<Subset<Long>> parts = squares.randomSplit(new Generator(2), 0.5, 0.25, 0.25);
    assertThat(parts.stream().map(Subset::size)).containsExactly(6L, 3L, 2L); // 5 2 2 and 2 over
    Set<Long> seen = new HashSet<>();
    parts.forEach(part -> LongStream.of(part.indices()).forEach(seen::add));
    assertThat(seen).hasSize(11);
    assertThat(squares.randomSplit(new Generator(2), 6, 3, 2).get(1).indices())
        .containsExactly(parts.get(1).indices());
    assertThatThrownBy(() -> squares.randomSplit(5, 5))
        .hasMessage(
            "randomSplit: Sum of input lengths does not equal the length of the input dataset; got"
                + " [5, 5] for 11 samples");
    assertThatThrownBy(() -> squares.randomSplit(0.5, 1.5))
        .hasMessage("randomSplit: Fraction at index 1 is not between 0 and 1; got [0.5, 1.5]");
    assertThatThrownBy(() -> squares.randomSplit(0.5, 0.4))
        .hasMessage("randomSplit: fractions must have the sum 1; got [0.5, 0.4]");
  }

  @Test
  void samplers() {
    assertThat(all(new SequentialSampler(3), new Generator(0))).containsExactly(0L, 1L, 2L);
    List<Long> random = all(new RandomSampler(100), new Generator(1));
    assertThat(new HashSet<>(random)).hasSize(100);
    assertThat(random).isNotEqualTo(all(new SequentialSampler(100), new Generator(1)));
    assertThat(all(new RandomSampler(100), new Generator(1))).isEqualTo(random);
    assertThat(all(new RandomSampler(100), new Generator(2))).isNotEqualTo(random);
    List<Long> twice = all(new RandomSampler(10, false, 25), new Generator(1));
    assertThat(new HashSet<>(twice.subList(0, 10))).hasSize(10);
    assertThat(new HashSet<>(twice.subList(10, 20))).hasSize(10);
    assertThat(twice.subList(0, 10)).isNotEqualTo(twice.subList(10, 20));
    List<Long> drawn = all(new RandomSampler(10, true, 1000), new Generator(1));
    assertThat(drawn).allMatch(i -> i >= 0 && i < 10);
    assertThat(drawn.stream().filter(i -> i == 3).count()).isBetween(70L, 130L);
    assertThat(all(new SubsetRandomSampler(5, 6, 7), new Generator(0)))
        .containsExactlyInAnyOrder(5L, 6L, 7L);
    double[] weights = {0, 3, 1};
    List<Long> weighted = all(new WeightedRandomSampler(weights, 1000), new Generator(0));
    assertThat(weighted.stream().filter(i -> i == 1).count()).isBetween(700L, 800L);
    assertThat(weighted).doesNotContain(0L);
    assertThat(all(new WeightedRandomSampler(weights, 2, false), new Generator(0)))
        .containsExactlyInAnyOrder(1L, 2L);
    assertThat(all(new RandomSampler(0), new Generator(0))).isEmpty();
    assertThatThrownBy(() -> new RandomSampler(0, true, 2))
        .hasMessage("RandomSampler: num_samples must be drawn from samples; got 2 of 0");
    assertThatThrownBy(() -> new WeightedRandomSampler(new double[] {1, Double.NaN}, 1))
        .hasMessageContaining("weights must be finite and at least 0; got NaN at 1");
    assertThatThrownBy(() -> new WeightedRandomSampler(weights, 3, false))
        .hasMessageContaining("got 3 of 2, replacement=false");
  }
}
