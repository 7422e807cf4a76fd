package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.data.TensorDataset;
import dev.bellows.errors.TrainingException;
import dev.bellows.nn.Functional;
import dev.bellows.nn.StateDict;
import dev.bellows.nn.layer.BatchNorm1d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.optim.SGD;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatherAheadTest {
  private static final int ROWS = 22;

  /** A source that adds noise of the thread's generator, and notes what it is asked for. */
  private static final class Source implements BatchSource {
    private final TensorDataset data =
        TensorDataset.of(Tensor.arange(ROWS * 2).view(ROWS, 2).mul(0.1));
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<Tensor> given = Collections.synchronizedList(new ArrayList<>());
    private volatile long refused = -1;

    @Override
    public long rows() {
      return ROWS;
    }

    @Override
    public Batch gather(long[] rowNumbers) {
      String thread = Thread.currentThread().getName();
      asked.add((thread.startsWith("bellows-gather") ? "ahead " : "") + rowNumbers.length);
      for (long row : rowNumbers) {
        if (row == refused) {
          throw new IllegalStateException("row " + row + " is broken");
        }
      }
      Tensor x = data.gather(rowNumbers).input(0);
      Batch batch = Batch.of(Map.of("x", x.add(Tensor.rand(rowNumbers.length, 2))));
      given.add(batch.input("x"));
      return batch;
    }
  }

  private static Tensor loss(Linear model, Batch batch) {
    Tensor x = batch.input("x");
    return model.call(Functional.dropout(x, 0.5, true)).square().mean();
  }

  private static TrainLoop<Linear> loop(BatchSource source) {
    Generator before = Generator.setCurrent(new Generator(4));
    try {
      Linear model = new Linear(2, 1);
      return TrainLoop.builder(
              model, GatherAheadTest::loss, new SGD(model.parameters(), 0.1), source)
          .globalBatch(8)
          .shards(4)
          .seed(5)
          .build();
    } finally {
      Generator.setCurrent(before);
    }
  }

  private static String weights(TrainLoop<Linear> loop) {
    return Arrays.toString(loop.model().weight.toFloatArray());
  }

  /** Runs the steps of two epochs, with one loop for each step if {@code apart}. */
  private static List<String> trained(Source source, boolean apart) {
    List<String> weights = new ArrayList<>();
    TrainLoop<Linear> loop = loop(source);
    for (long step = 0; step < 6; step++) {
      if (apart && step > 0) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        loop.model().stateDict().asMap().forEach((key, value) -> state.put(key, value.clone()));
        loop.close();
        loop = loop(source);
        loop.model().loadStateDict(StateDict.of(state));
      }
      loop.step(step);
      weights.add(weights(loop));
    }
    loop.close();
    return weights;
  }

  @Test
  void theNextShardIsGatheredAheadWithTheSameBits() {
    Source source = new Source();
    List<String> weights = trained(source, false);
    // 22 rows in batches of 8: the last one has 6 rows, in 3 shards of 2
    assertThat(source.asked.get(0)).isEqualTo("2");
    assertThat(source.asked.subList(1, source.asked.size())).allMatch(a -> a.startsWith("ahead"));
    assertThat(source.asked).hasSizeBetween(22, 23).doesNotContain("ahead 1");
    assertThat(trained(new Source(), true)).isEqualTo(weights);
    assertThat(weights.get(5)).isNotEqualTo(weights.get(4));
  }

  @Test
  void gatheredBatchesAreReleased() {
    Source source = new Source();
    trained(source, false);
    assertThat(source.given).allMatch(Tensor::isReleased);
  }

  @Test
  void anErrorComesFromTheStepThatUsesTheRows() {
    Source source = new Source();
    TrainSettings settings = TrainSettings.defaults().globalBatch(8).shards(4).seed(5);
    source.refused =
        new GatherAhead(source, settings, 4, new ReductionTree.Range(0, 4)).rows(1, 0)[0];
    try (TrainLoop<Linear> loop = loop(source)) {
      loop.step(0); // has begun to gather the broken row
      String before = weights(loop);
      assertThatThrownBy(() -> loop.step(1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is broken");
      assertThat(loop.position().describe()).contains("step 1");
      assertThat(weights(loop)).isEqualTo(before);
      source.refused = -1;
      loop.step(1); // again, from its first shard
      assertThat(weights(loop)).isEqualTo(trained(new Source(), false).get(1));
    }
  }

  @Test
  void stepsMayComeInAnyOrder() {
    Source source = new Source();
    try (TrainLoop<Linear> inOrder = loop(source);
        TrainLoop<Linear> other = loop(source)) {
      inOrder.step(0);
      other.step(0);
      inOrder.step(4);
      other.step(4);
      assertThat(weights(other)).isEqualTo(weights(inOrder));
    }
  }

  @Test
  void closingWaitsForTheGatherThatRunsAndEndsTheThread() throws InterruptedException {
    Source source = new Source();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<Thread> gatherer = new AtomicReference<>();
    BatchSource slow =
        new BatchSource() {
          @Override
          public long rows() {
            return ROWS;
          }

          @Override
          public Batch gather(long[] rowNumbers) {
            if (source.asked.size() == 4) { // the first shard of the second step
              gatherer.set(Thread.currentThread());
              begun.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
            return source.gather(rowNumbers);
          }
        };
    TrainLoop<Linear> loop = loop(slow);
    loop.step(0);
    begun.await();
    Thread closer = new Thread(loop::close);
    closer.start();
    closer.join(30);
    assertThat(closer.isAlive()).isTrue();
    go.countDown();
    closer.join();
    gatherer.get().join();
    assertThat(source.given).allMatch(Tensor::isReleased);
  }

  /** Hangs when it gathers ahead, until interrupted, or until woken if it hears no interrupt. */
  private static GatherAhead hanging(boolean deaf, CountDownLatch begun, CountDownLatch wake) {
    Source source = new Source();
    BatchSource hanging =
        new BatchSource() {
          @Override
          public long rows() {
            return ROWS;
          }

          @Override
          public Batch gather(long[] rowNumbers) {
            boolean ahead = source.asked.size() == 1;
            Batch batch = source.gather(rowNumbers);
            while (ahead && wake.getCount() > 0) {
              begun.countDown();
              try {
                wake.await();
              } catch (InterruptedException e) {
                if (!deaf) {
                  throw new IllegalStateException("interrupted", e);
                }
              }
            }
            return batch;
          }
        };
    TrainSettings settings = TrainSettings.defaults().globalBatch(8).shards(4).seed(5);
    GatherAhead gather = new GatherAhead(hanging, settings, 4, new ReductionTree.Range(0, 4));
    Generator before = Generator.current();
    try (TensorScope scope = TensorScope.open()) {
      assertThat(gather.take(0, 0, gather.rows(0, 0)).size()).isEqualTo(2);
    } finally {
      Generator.setCurrent(before);
    }
    return gather;
  }

  @Test
  void closingInterruptsAGatherThatHangs() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    GatherAhead gather = hanging(false, begun, new CountDownLatch(1));
    begun.await();
    gather.close(20, 30_000);
  }

  @Test
  void closingLeavesAGatherThatHearsNoInterrupt() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    GatherAhead gather = hanging(true, begun, wake);
    begun.await();
    assertThatThrownBy(() -> gather.close(20, 30))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "train: close: the source's gather must end; it still runs after 50 ms and an"
                + " interrupt, in a separate thread");
    wake.countDown();
    gather.close(0, 30_000);
  }

  @Test
  void aStepThatIsInterruptedLeavesTheGatherToItself() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    GatherAhead gather = hanging(true, begun, wake);
    begun.await();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> gather.take(0, 1, gather.rows(0, 1)))
        .isInstanceOf(TrainingException.class)
        .hasMessage("train: step 0, shard 1: interrupted while rows were gathered");
    assertThat(Thread.interrupted()).isTrue();
    wake.countDown();
    gather.close(0, 30_000);
  }

  @Test
  void aSmallLastBatchHasNoShardOfOneRow() {
    for (int rows = 9; rows <= 17; rows++) {
      Tensor x = Tensor.randn(rows, 2);
      Sequential model = new Sequential(new BatchNorm1d(2), new Linear(2, 1));
      TrainLoop<Sequential> loop =
          TrainLoop.builder(
                  model,
                  (m, batch) -> m.call(batch.input(0)).square().mean(),
                  new SGD(model.parameters(), 0.1),
                  TensorDataset.of(x))
              .globalBatch(8)
              .shards(4)
              .build();
      try (loop) {
        for (long step = 0; step < loop.stepsPerEpoch(); step++) {
          int left = (int) (rows - step * 8);
          if (left == 1) {
            assertThatThrownBy(() -> loop.step(loop.stepsPerEpoch() - 1))
                .hasStackTraceContaining("Expected more than 1 value per channel when training");
          } else {
            long[] sizes = loop.step(step).shardRows();
            assertThat(Arrays.stream(sizes).sum()).isEqualTo(Math.min(8, left));
            assertThat(Arrays.stream(sizes).boxed().toList()).doesNotContain(1L);
          }
        }
      }
    }
  }
}
