package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.data.Batch;
import dev.bellows.memory.Device;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.EvaluationMetric;
import dev.bellows.spark.JobSettings;
import dev.bellows.spark.SerializableSupplier;
import dev.bellows.spark.Time;
import dev.bellows.spark.Tiny;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.metric.Accuracy;
import dev.bellows.train.metric.Averaging;
import dev.bellows.train.metric.ConfusionMatrix;
import dev.bellows.train.metric.F1Score;
import dev.bellows.train.metric.MeanSquaredError;
import dev.bellows.train.metric.Perplexity;
import dev.bellows.train.metric.R2Score;
import dev.bellows.train.metric.RocAuc;
import dev.bellows.train.metric.RunningMetric;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Metrics of any kind, on ranks that are threads of this JVM. */
@Timeout(60)
class EvaluationTest {
  private static final int BATCH = 8; // seven batches, the last of two rows

  /** A metric of the user's, whose state has another length on each rank. */
  private static final class Largest extends RunningMetric {
    private double largest = Double.NaN;

    @Override
    public void update(Tensor predictions, Tensor targets) {
      add(predictions.max().item());
    }

    private void add(double value) {
      largest = value <= largest ? largest : value;
    }

    @Override
    public double compute() {
      return largest;
    }

    @Override
    public void reset() {
      largest = Double.NaN;
    }

    @Override
    public long[] state() {
      return Double.isNaN(largest) ? new long[0] : new long[] {Double.doubleToRawLongBits(largest)};
    }

    @Override
    public void mergeState(long... state) {
      for (var bits : state) {
        add(Double.longBitsToDouble(bits));
      }
    }
  }

  private static void classes(RunningMetric metric, Tiny.Net model, Batch batch) {
    metric.update(Tiny.logits(model, batch), batch.input("y"));
  }

  private static void numbers(RunningMetric metric, Tiny.Net model, Batch batch) {
    var guess = Tiny.logits(model, batch).select(1, 0);
    metric.update(guess, batch.input("y").eq(0).to(guess.dtype()));
  }

  private static Tiny.Net model() {
    var before = Generator.setCurrent(new Generator(3));
    try {
      return new Tiny.Net(8);
    } finally {
      Generator.setCurrent(before);
    }
  }

  private static double value(int ranks, EvaluationMetric<Tiny.Net, ?> metric) {
    var recipe =
        new Recipe<Tiny.Net>(
            null, null, null, metric, null, null, JobSettings.defaults().evaluationBatch(BATCH));
    var values =
        ShardedOptimizerTest.ranks(
            ranks,
            group ->
                new Evaluation<>(recipe, model(), Device.CPU, Tiny.source())
                    .run(4, new Exchange(group, Duration.ofSeconds(20), Time.SYSTEM)));
    assertThat(values.stream().distinct()).as("equal ranks").hasSize(1);
    return values.get(0);
  }

  private static double alone(EvaluationMetric<Tiny.Net, RunningMetric> metric) {
    Tiny.Net model = model().eval();
    var all = metric.create();
    for (int first = 0; first < Tiny.ROWS; first += BATCH) {
      var rows = new long[Math.min(BATCH, Tiny.ROWS - first)];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = first + i;
      }
      metric.update().update(all, model, Tiny.source().gather(rows));
    }
    return all.compute();
  }

  @Test
  void anyMetricIsThatOfAllRowsOnAnyNumberOfRanks() {
    var ofClasses =
        List.<SerializableSupplier<RunningMetric>>of(
            Accuracy::new,
            () -> new Accuracy(2),
            () -> new F1Score(3, Averaging.MACRO),
            () -> new ConfusionMatrix(3),
            Perplexity::new,
            Largest::new);
    var ofNumbers =
        List.<SerializableSupplier<RunningMetric>>of(
            RocAuc::new, R2Score::new, MeanSquaredError::new);
    for (var made : ofClasses) {
      same(new EvaluationMetric<>(made, EvaluationTest::classes));
    }
    for (var made : ofNumbers) {
      same(new EvaluationMetric<>(made, EvaluationTest::numbers));
    }
    assertThat(
            List.of(1, 2, 3, 8).stream()
                .map(ranks -> value(ranks, EvaluationMetric.of(Tiny::lossSum)))
                .distinct())
        .hasSize(1);
  }

  private static void same(EvaluationMetric<Tiny.Net, RunningMetric> metric) {
    var expected = alone(metric);
    assertThat(expected).isFinite();
    for (var ranks : List.of(1, 2, 3, 8)) { // the last of eight has no batch
      assertThat(value(ranks, metric))
          .as("%s on %s ranks", metric.create(), ranks)
          .isEqualTo(expected);
    }
  }

  @Test
  void whatAMetricThrowsIsTheUsers() {
    var metric =
        new EvaluationMetric<Tiny.Net, RunningMetric>(
            () -> new F1Score(2, Averaging.MACRO), EvaluationTest::classes);
    assertThatThrownBy(() -> value(2, metric))
        .cause()
        .isInstanceOf(BellowsException.class)
        .hasMessageMatching(
            "evaluation: after step 4, rank [01], rows .*: F1Score: predictions must be scores"
                + " \\[n, 2, ..\\] .*");
  }
}
