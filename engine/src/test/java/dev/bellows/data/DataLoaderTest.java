package dev.bellows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.GradMode;
import dev.bellows.errors.TrainingException;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DataLoaderTest {
  private static final int[] WORKERS = {0, 1, 3};

  /** A dataset whose samples are their numbers with noise of the thread's generator. */
  private static Dataset<Tensor> noisy(long size) {
    return new DatasetTest.Squares(size).map(square -> Tensor.rand(2).add(square));
  }

  private static IterableDataset<Integer> stream(int size) {
    return () -> LongStream.range(0, size).mapToObj(i -> (int) i).iterator();
  }

  private static List<String> texts(Iterator<Batch> batches) {
    List<String> texts = new ArrayList<>();
    batches.forEachRemaining(batch -> texts.add(Arrays.toString(batch.input(0).toDoubleArray())));
    return texts;
  }

  @Test
  void batchesDoNotDependOnTheNumberOfWorkers() {
    List<List<String>> passes = new ArrayList<>();
    for (int workers : WORKERS) {
      DataLoader<Batch> loader =
          DataLoader.of(noisy(10))
              .batchSize(4)
              .shuffle(true)
              .workers(workers)
              .generator(new Generator(3))
              .build();
      assertThat(loader.size()).isEqualTo(3);
      List<String> first = texts(loader.iterator());
      List<String> second = texts(loader.iterator());
      assertThat(first).hasSize(3).isNotEqualTo(second);
      passes.add(first);
      passes.add(second);
    }
    assertThat(passes.subList(2, 4)).isEqualTo(passes.subList(0, 2));
    assertThat(passes.subList(4, 6)).isEqualTo(passes.subList(0, 2));
  }

  @Test
  void aLoadedStateContinuesWithTheSameBatches() {
    for (int workers : WORKERS) {
      DataLoaderBuilder<Tensor, Batch> builder =
          DataLoader.of(noisy(11)).batchSize(2).shuffle(true).workers(workers);
      DataLoader<Batch> whole = builder.generator(new Generator(9)).build();
      texts(whole.iterator());
      List<String> second = texts(whole.iterator());
      List<String> third = texts(whole.iterator());
      DataLoader<Batch> stopped = builder.generator(new Generator(9)).build();
      texts(stopped.iterator());
      Iterator<Batch> half = stopped.iterator();
      half.next();
      half.next();
      Map<String, Object> state = stopped.stateDict();
      DataLoader<Batch> resumed = builder.generator(new Generator(0)).build();
      resumed.loadStateDict(state);
      assertThat(resumed.stateDict()).isEqualTo(state);
      assertThat(texts(resumed.iterator())).isEqualTo(second.subList(2, 6));
      assertThat(texts(resumed.iterator())).isEqualTo(third);
      assertThat(resumed.stateDict()).isEqualTo(whole.stateDict());
    }
  }

  @Test
  void aStateInsideAPassAfterItsLastBatchHasNoneLeft() {
    DataLoader<Batch> loader = DataLoader.of(noisy(2)).batchSize(2).build();
    Iterator<Batch> pass = loader.iterator();
    pass.next();
    Map<String, Object> inside = loader.stateDict();
    assertThat(pass.hasNext()).isFalse();
    Map<String, Object> after = loader.stateDict();
    loader.loadStateDict(inside);
    assertThat(texts(loader.iterator())).isEmpty();
    loader.loadStateDict(after);
    assertThat(texts(loader.iterator())).hasSize(1);
    assertThatThrownBy(() -> pass.next()).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> loader.loadStateDict(Map.of("seed", 1)))
        .hasMessageContaining("must have the numbers seed, draw and batches; got {seed=1}");
  }

  @Test
  void streamsComeInTheirOrder() {
    for (int workers : WORKERS) {
      DataLoader<Batch> loader = DataLoader.of(stream(7)).batchSize(3).workers(workers).build();
      assertThat(texts(loader.iterator()))
          .containsExactly("[0.0, 1.0, 2.0]", "[3.0, 4.0, 5.0]", "[6.0]");
      assertThat(texts(DataLoader.of(stream(7)).batchSize(3).dropLast(true).build().iterator()))
          .containsExactly("[0.0, 1.0, 2.0]", "[3.0, 4.0, 5.0]");
      Iterator<Batch> half = loader.iterator();
      half.next();
      loader.loadStateDict(loader.stateDict());
      assertThat(texts(loader.iterator())).containsExactly("[3.0, 4.0, 5.0]", "[6.0]");
      assertThatThrownBy(loader::size).isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void errorsNameTheSampleAndThePassGoesOn() {
    for (int workers : WORKERS) {
      Iterator<Batch> pass =
          DataLoader.of(new DatasetTest.Squares(16))
              .batchSize(4)
              .workers(workers)
              .build()
              .iterator();
      for (int i = 0; i < 3; i++) {
        pass.next();
      }
      assertThatThrownBy(pass::next)
          .isInstanceOf(TrainingException.class)
          .hasMessage("data: sample 13: thirteen is missing");
      assertThat(pass.hasNext()).isFalse();
    }
    Iterator<Batch> uneven =
        DataLoader.of(new DatasetTest.Squares(3).map(i -> Tensor.ones(i + 1)))
            .batchSize(2)
            .build()
            .iterator();
    assertThatThrownBy(uneven::next)
        .hasMessage(
            "data: samples [0, 1]: collate: stack expects each tensor to be equal size, but got"
                + " FLOAT32 [1] at entry 0 and FLOAT32 [2] at entry 1");
    assertThat(uneven.next().size()).isEqualTo(1);
    IterableDataset<Long> broken =
        () -> LongStream.range(10, 20).mapToObj(new DatasetTest.Squares(20)::get).iterator();
    assertThatThrownBy(() -> DataLoader.of(broken).batchSize(5).build().iterator().next())
        .hasMessage("data: sample 3 of the stream: thirteen is missing");
  }

  @Test
  void anAbandonedPassLeavesNoThreads() throws InterruptedException {
    Iterator<Batch> pass = DataLoader.of(noisy(13)).workers(2).build().iterator();
    pass.next();
    assertThat(workers()).isPositive();
    for (int i = 0; i < 200 && workers() > 0; i++) {
      new CountDownLatch(1).await(50, java.util.concurrent.TimeUnit.MILLISECONDS);
    }
    assertThat(workers()).isZero();
  }

  private static long workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("bellows-loader"))
        .count();
  }

  @Test
  void workersMakeAFewBatchesAhead() {
    AtomicInteger made = new AtomicInteger();
    Dataset<Integer> counted = new DatasetTest.Squares(12).map(i -> made.incrementAndGet());
    Iterator<Batch> pass = DataLoader.of(counted).workers(1).prefetchFactor(3).build().iterator();
    pass.next();
    pass.next();
    assertThat(made.get()).isLessThanOrEqualTo(4);
  }

  @Test
  void aSlowBatchIsReported() {
    CountDownLatch slow = new CountDownLatch(1);
    Dataset<Long> data =
        new DatasetTest.Squares(2)
            .map(
                i -> {
                  try {
                    slow.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  return i;
                });
    Iterator<Batch> pass =
        DataLoader.of(data).workers(1).timeout(Duration.ofMillis(20)).build().iterator();
    assertThatThrownBy(pass::next)
        .hasMessage("DataLoader: timed out after 20 ms, waiting for batch 0");
    slow.countDown();
    Batch batch = null;
    while (batch == null) {
      try {
        batch = pass.next();
      } catch (TrainingException e) {
        assertThat(e.category()).isEqualTo(TrainingException.Category.RETRYABLE);
      }
    }
    assertThat(batch.input(0).toLongArray()).containsExactly(0);
  }

  @Test
  void samplesHaveNoGraphAndBatchesBelongToTheScopeThatTakesThem() {
    Parameter weight = Parameter.of(Tensor.ones(2));
    Dataset<Tensor> data = new DatasetTest.Squares(8).map(weight::mul);
    for (int workers : WORKERS) {
      Batch first;
      Batch second;
      Iterator<Batch> pass = DataLoader.of(data).workers(workers).build().iterator();
      first = pass.next();
      try (TensorScope scope = TensorScope.open()) {
        assertThat(scope).isNotNull();
        second = pass.next();
        assertThat(second.input(0).requiresGrad()).isFalse();
        assertThat(GradMode.isEnabled()).isTrue();
      }
      assertThat(second.input(0).isReleased()).isTrue();
      assertThat(first.input(0).isReleased()).isFalse();
    }
    Tensor shared = Tensor.ones(3).retain();
    DataLoader<Tensor> constant = DataLoader.of(data).collate(samples -> shared).build();
    try (TensorScope scope = TensorScope.open()) {
      assertThat(scope).isNotNull();
      constant.forEach(batch -> assertThat(batch).isSameAs(shared));
    }
    assertThat(shared.isReleased()).isFalse();
  }

  /** A batch of a class that the library does not know. */
  private static final class Pair {
    private final Tensor sum;
    private final List<Tensor> rest;

    Pair(List<Tensor> samples) {
      sum = Tensor.stack(samples, 0).sum();
      rest = List.of(sum.mul(2));
    }
  }

  private record Labelled(Batch batch, Set<Tensor> weights, String name) {}

  @Test
  void batchesOfAnyClassKeepTheirTensors() {
    for (int workers : WORKERS) {
      DataLoaderBuilder<Tensor, Batch> builder =
          DataLoader.of(new DatasetTest.Squares(4).map(Tensor::scalar)).workers(workers);
      Pair pair;
      try (TensorScope scope = TensorScope.open()) {
        assertThat(scope).isNotNull();
        for (Pair each : builder.collate(Pair::new).build()) {
          assertThat(each.rest.get(0).item()).isEqualTo(2 * each.sum.item());
        }
        pair = builder.collate(Pair::new).build().iterator().next();
      }
      assertThat(pair.sum.isReleased()).isTrue();
      for (Labelled each :
          builder
              .batchSize(2)
              .collate(x -> new Labelled(Collate.batch(x), Set.of(Tensor.ones(2)), "x"))
              .build()) {
        assertThat(each.batch.input(0).shape()).containsExactly(2);
        assertThat(each.weights.iterator().next().sum().item()).isEqualTo(2);
      }
      Batch named =
          builder.collate(x -> Map.of("x", Collate.batch(x))).build().iterator().next().get("x");
      assertThat(named.input(0).toDoubleArray()).containsExactly(0, 1);
    }
  }

  @Test
  void aStateBehindTheEndOfAStreamIsRefused() {
    DataLoader<Batch> longer = DataLoader.of(stream(9)).batchSize(2).build();
    Iterator<Batch> pass = longer.iterator();
    for (int i = 0; i < 4; i++) {
      pass.next();
    }
    Map<String, Object> state = longer.stateDict();
    for (boolean drops : new boolean[] {false, true}) {
      DataLoader<Batch> shorter =
          DataLoader.of(stream(7)).batchSize(2).dropLast(drops).workers(1).build();
      shorter.loadStateDict(state);
      if (drops) {
        assertThatThrownBy(shorter::iterator)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("DataLoader: a loaded state must fit the data; it is after batch 4 of 3");
      } else {
        assertThat(texts(shorter.iterator())).isEmpty();
      }
    }
    DataLoader<Batch> empty = DataLoader.of(stream(0)).batchSize(2).build();
    empty.loadStateDict(state);
    assertThatThrownBy(empty::iterator).hasMessageEndingWith("it is after batch 4 of 0");
    assertThat(empty.stateDict()).isEqualTo(state);
    assertThatThrownBy(empty::iterator).hasMessageEndingWith("it is after batch 4 of 0");
  }

  @Test
  void aStateBehindABatchThatFailedContinues() {
    IterableDataset<Long> broken =
        () -> LongStream.range(10, 20).mapToObj(new DatasetTest.Squares(20)::get).iterator();
    for (int workers : WORKERS) {
      DataLoaderBuilder<Long, Batch> builder = DataLoader.of(broken).batchSize(2).workers(workers);
      DataLoader<Batch> stopped = builder.build();
      Iterator<Batch> pass = stopped.iterator();
      pass.next();
      assertThatThrownBy(pass::next)
          .hasMessage("data: sample 3 of the stream: thirteen is missing");
      pass.next();
      Map<String, Object> state = stopped.stateDict();
      DataLoader<Batch> resumed = builder.build();
      resumed.loadStateDict(state);
      assertThat(resumed.stateDict()).isEqualTo(state);
      Iterator<Batch> rest = resumed.iterator();
      assertThat(resumed.stateDict()).isEqualTo(state);
      assertThat(texts(rest)).isEqualTo(texts(pass)).isNotEmpty();
      Map<String, Object> unaware = new HashMap<>(state);
      unaware.remove("lost");
      resumed.loadStateDict(unaware);
      assertThatThrownBy(resumed::iterator)
          .hasMessage("data: sample 3 of the stream: thirteen is missing");
    }
  }

  @Test
  void samplersAndCollateFunctions() {
    Dataset<Long> squares = new DatasetTest.Squares(6);
    DataLoader<List<Long>> lists =
        DataLoader.of(squares).sampler(new SubsetRandomSampler(4, 4)).collate(List::copyOf).build();
    assertThat(lists).containsExactly(List.of(16L), List.of(16L));
    BatchSampler pairs = BatchSampler.of(new SequentialSampler(5), 2, true);
    assertThat(texts(DataLoader.of(squares).batchSampler(pairs).build().iterator()))
        .containsExactly("[0.0, 1.0]", "[4.0, 9.0]");
    BatchSource rows = TensorDataset.of(Tensor.arange(3));
    assertThat(texts(DataLoader.of(rows).batchSize(2).build().iterator()))
        .containsExactly("[0.0, 1.0]", "[2.0]");
    assertThatThrownBy(() -> DataLoader.of(rows).collate(List::size))
        .hasMessage("DataLoader: collate must be of a dataset's samples; got a source of batches");
  }

  @Test
  void optionsThatContradictEachOther() {
    Dataset<Long> data = new DatasetTest.Squares(6);
    Sampler order = new SequentialSampler(6);
    assertThatThrownBy(() -> DataLoader.of(data).batchSize(0).build())
        .hasMessage(
            "DataLoader: batch_size should be a positive integer value, but got batch_size=0");
    assertThatThrownBy(() -> DataLoader.of(data).workers(-1).build())
        .hasMessage("DataLoader: num_workers option should be non-negative; got -1");
    assertThatThrownBy(() -> DataLoader.of(data).prefetchFactor(0).build())
        .hasMessage("DataLoader: prefetch_factor option should be positive; got 0");
    assertThatThrownBy(() -> DataLoader.of(data).timeout(Duration.ofSeconds(-1)).build())
        .hasMessage("DataLoader: timeout option should be non-negative; got PT-1S");
    assertThatThrownBy(() -> DataLoader.of(data).sampler(order).shuffle(true).build())
        .hasMessage("DataLoader: sampler option is mutually exclusive with shuffle");
    assertThatThrownBy(
            () ->
                DataLoader.of(data)
                    .batchSampler(BatchSampler.of(order, 2, false))
                    .batchSize(2)
                    .build())
        .hasMessageStartingWith("DataLoader: batch_sampler option is mutually exclusive with");
    assertThatThrownBy(() -> DataLoader.of(stream(3)).shuffle(true).build())
        .hasMessage(
            "DataLoader: an IterableDataset has its own order; got shuffle, sampler or"
                + " batch_sampler");
  }

  @Test
  void aBatchThatIsNullIsAnErrorAndNotTheEnd() {
    DataLoader<String> loader =
        DataLoader.of(noisy(6)).batchSize(2).collate(samples -> (String) null).build();
    assertThatThrownBy(() -> loader.forEach(batch -> {})).hasStackTraceContaining("got null");
  }

  @Test
  void aBatchMayBeAsLargeAsANumber() {
    int rows = 0;
    for (Batch batch :
        DataLoader.of((BatchSource) TensorDataset.of(Tensor.arange(2500)))
            .batchSize(Integer.MAX_VALUE)
            .build()) {
      rows += (int) batch.size();
    }
    assertThat(rows).isEqualTo(2500);
  }
}
