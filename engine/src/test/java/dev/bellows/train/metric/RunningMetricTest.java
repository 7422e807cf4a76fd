package dev.bellows.train.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values in comments are scikit-learn's formulas on the same numbers. */
@Timeout(60)
class RunningMetricTest {
  private static final Tensor TRUTH = Tensor.of(new long[] {0, 1, 2, 2, 1, 0, 2, 2});
  private static final Tensor GUESS = Tensor.of(new long[] {0, 2, 2, 2, 1, 1, 0, 2});

  private static double of(RunningMetric metric, Tensor predictions, Tensor targets) {
    metric.update(predictions, targets);
    return metric.compute();
  }

  @Test
  void ratesOfClasses() {
    // class 0: tp 1, fp 1, fn 1; class 1: tp 1, fp 1, fn 1; class 2: tp 3, fp 1, fn 1
    Precision precision = new Precision(3, Averaging.MACRO);
    assertThat(of(precision, GUESS, TRUTH)).isEqualTo((0.5 + 0.5 + 0.75) / 3);
    assertThat(precision.perClass()).containsExactly(0.5, 0.5, 0.75);
    assertThat(of(new Recall(3, Averaging.MICRO), GUESS, TRUTH)).isEqualTo(5.0 / 8);
    assertThat(of(new Recall(3, Averaging.WEIGHTED), GUESS, TRUTH)).isEqualTo(0.625);
    assertThat(of(new F1Score(3, Averaging.WEIGHTED), GUESS, TRUTH))
        .isEqualTo((2 * 0.5 + 2 * 0.5 + 4 * 0.75) / 8);
    // class 3 is neither true nor predicted: not in the mean; an absent class has rate 0
    assertThat(of(new F1Score(4, Averaging.MACRO), GUESS, TRUTH)).isEqualTo((0.5 + 0.5 + 0.75) / 3);
    assertThat(
            of(
                new Precision(3, Averaging.MACRO),
                Tensor.of(new long[] {0, 0}),
                Tensor.of(new long[] {0, 1})))
        .isEqualTo(0.25);
    Tensor probabilities = Tensor.of(new float[] {0.2f, 0.5f, 0.9f, 0.1f, 0.7f});
    Tensor binary = Tensor.of(new long[] {0, 1, 1, 1, 0});
    assertThat(of(new Precision(), probabilities, binary)).isEqualTo(2.0 / 3);
    assertThat(of(new Recall(), probabilities, binary)).isEqualTo(2.0 / 3);
    assertThat(of(new F1Score(), probabilities, binary)).isEqualTo(2.0 / 3);
    assertThat(new F1Score().compute()).isNaN();
  }

  @Test
  void confusionMatrixOfScoresAndOfImages() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    assertThat(of(matrix, GUESS, TRUTH)).isEqualTo(5.0 / 8);
    assertThat(matrix.matrix().toLongArray()).containsExactly(1, 1, 0, 0, 1, 1, 1, 0, 3);
    Tensor scores = Tensor.zeros(2, 3, 2, 1);
    scores.set(1, 0, 2, 1, 0);
    ConfusionMatrix pixels = new ConfusionMatrix(3);
    pixels.update(scores, Tensor.of(new long[] {0, 2, 1, 0}, 2, 2, 1));
    assertThat(pixels.matrix().toLongArray()).containsExactly(2, 0, 0, 1, 0, 0, 0, 0, 1);
  }

  @Test
  void accuracyOfTheLargestScores() {
    Tensor scores =
        Tensor.of(new float[] {1, 2, 3, /**/ 2, 2, 1, /**/ 0, Float.NaN, 5, /**/ 3, 1, 2}, 4, 3);
    Tensor truth = Tensor.of(new long[] {1, 1, 2, 1});
    assertThat(of(new Accuracy(), scores, truth)).isZero();
    assertThat(of(new Accuracy(2), scores, truth)).isEqualTo(0.75);
    assertThat(of(new Accuracy(3), scores, truth)).isEqualTo(1);
    assertThat(new Accuracy().compute()).isNaN();
  }

  @Test
  void areaUnderTheCurve() {
    Tensor scores = Tensor.of(new double[] {0.1, 0.4, 0.35, 0.8});
    Tensor truth = Tensor.of(new long[] {0, 0, 1, 1});
    assertThat(of(new RocAuc(), scores, truth)).isEqualTo(0.75); // scikit-learn's example
    assertThat(
            of(
                new RocAuc(),
                Tensor.of(new double[] {1, 1, 0, -0.0, 2, -3}),
                Tensor.of(new long[] {1, 0, 1, 0, 1, 0})))
        // pairs of (1, 0, 2) and (1, 0, -3): 0.5 1 1, 0 0.5 1, 1 1 1
        .isEqualTo(7.0 / 9);
    assertThat(of(new RocAuc(), scores, Tensor.ones(4))).isNaN();
    Generator random = new Generator(3);
    Tensor many = Tensor.rand(random, DType.FLOAT32, 1000).mul(50).floor();
    Tensor classes = Tensor.randint(random, 0, 2, DType.INT64, 1000);
    double[] s = many.toDoubleArray();
    long[] t = classes.toLongArray();
    double pairs = 0;
    double all = 0;
    for (int i = 0; i < s.length; i++) {
      for (int j = 0; j < s.length; j++) {
        if (t[i] == 1 && t[j] == 0) {
          all++;
          pairs += s[i] > s[j] ? 1 : s[i] == s[j] ? 0.5 : 0;
        }
      }
    }
    assertThat(of(new RocAuc(), many, classes)).isEqualTo(pairs / all);
  }

  @Test
  void regression() {
    Tensor guess = Tensor.of(new double[] {2.5, 0.0, 2, 8});
    Tensor truth = Tensor.of(new double[] {3, -0.5, 2, 7});
    assertThat(of(new MeanSquaredError(), guess, truth))
        .isEqualTo(0.375); // scikit-learn's examples
    assertThat(of(new MeanAbsoluteError(), guess, truth)).isEqualTo(0.5);
    assertThat(of(new R2Score(), guess, truth)).isCloseTo(0.9486081370449679, within(1e-16));
    Tensor far = truth.add(1e9);
    assertThat(of(new R2Score(), far, far.add(0.5))).isCloseTo(1 - 1 / 29.1875, within(1e-12));
    assertThat(of(new R2Score(), Tensor.ones(3), Tensor.ones(3))).isEqualTo(1);
    assertThat(of(new R2Score(), Tensor.zeros(3), Tensor.ones(3))).isZero();
    assertThat(of(new R2Score(), Tensor.ones(1), Tensor.ones(1))).isNaN();
    assertThat(
            of(
                new MeanAbsoluteError(),
                Tensor.full(Double.NaN, DType.FLOAT64, 2),
                truth.narrow(0, 0, 2)))
        .isNaN();
    assertThat(new MeanSquaredError().compute()).isNaN();
  }

  @Test
  void meanOfRows() {
    RowMean mean = new RowMean();
    mean.update(Tensor.of(new double[] {1e16, 1}), Tensor.of(new long[] {2, 1}));
    mean.update(Tensor.of(new double[] {-1e16}), Tensor.of(new long[] {2}));
    assertThat(mean.compute()).isEqualTo(0.2); // no rounding in between
    mean.update(Tensor.of(new double[] {Double.NaN}), Tensor.of(new long[] {1}));
    assertThat(mean.compute()).isNaN();
    assertThatThrownBy(() -> mean.update(Tensor.ones(2), Tensor.ones(1)))
        .hasMessageStartingWith("RowMean: predictions and targets must have the same shape");
  }

  @Test
  void perplexityOfTokens() {
    Tensor logits = Tensor.of(new double[] {0, 0, 0, Math.log(2), 1, 1}, 1, 3, 2);
    Tensor truth = Tensor.of(new long[] {0, 1, -100}, 1, 3);
    // probabilities 1/2 and 2/3
    assertThat(of(new Perplexity(), logits, truth)).isCloseTo(Math.sqrt(2 * 1.5), within(1e-12));
    assertThat(of(new Perplexity(1), logits, Tensor.of(new long[] {0, 1, 0}, 1, 3)))
        .isCloseTo(2, within(1e-12));
  }

  @Test
  void sumsAreExact() {
    ExactSum sum = new ExactSum();
    double[] terms = {
      1e308, 1, -1e308, 1e-320, 0x1p-1074, Double.MAX_VALUE, -Double.MAX_VALUE, -3.5
    };
    for (double term : terms) {
      sum.add(term);
    }
    BigDecimal expected = BigDecimal.ZERO;
    for (double term : terms) {
      expected = expected.add(new BigDecimal(term));
    }
    assertThat(sum.exact()).isEqualByComparingTo(expected);
    assertThat(sum.value()).isEqualTo(-2.5);
    Generator random = new Generator(1);
    double[] values = Tensor.randn(random, DType.FLOAT64, 500).toDoubleArray();
    ExactSum one = new ExactSum();
    ExactSum two = new ExactSum();
    BigDecimal exact = BigDecimal.ZERO;
    for (int i = 0; i < values.length; i++) {
      double value = Math.scalb(values[i], (i * 37) % 900 - 450);
      (i % 3 == 0 ? one : two).add(value);
      exact = exact.add(new BigDecimal(value));
    }
    one.merge(two.state(), 0);
    assertThat(one.exact()).isEqualByComparingTo(exact);
    assertThat(one.value()).isEqualTo(exact.doubleValue());
    one.add(Double.POSITIVE_INFINITY);
    assertThat(one.value()).isEqualTo(Double.POSITIVE_INFINITY);
    one.add(Double.NEGATIVE_INFINITY);
    assertThat(one.value()).isNaN();
  }

  /** Rows in any parts and any order give the same bits. */
  @Test
  void partsMergeExactly() {
    Generator random = new Generator(8);
    Tensor scores = Tensor.randn(random, DType.FLOAT32, 90, 2);
    Tensor classes = Tensor.randint(random, 0, 2, DType.INT64, 90);
    List<Supplier<RunningMetric>> ofScores =
        List.of(Accuracy::new, F1Score::new, Perplexity::new, () -> new ConfusionMatrix(2));
    List<Supplier<RunningMetric>> ofNumbers =
        List.of(
            RocAuc::new, RowMean::new, MeanSquaredError::new, MeanAbsoluteError::new, R2Score::new);
    for (Supplier<RunningMetric> made : ofScores) {
      merges(made, scores, classes);
    }
    for (Supplier<RunningMetric> made : ofNumbers) {
      merges(made, scores.select(1, 0), classes);
    }
  }

  private static void merges(Supplier<RunningMetric> made, Tensor predictions, Tensor targets) {
    RunningMetric whole = made.get();
    double expected = of(whole, predictions, targets);
    assertThat(expected).isFinite();
    List<RunningMetric> parts = new ArrayList<>();
    for (int from : new int[] {50, 0, 20}) {
      int rows = from == 50 ? 40 : from == 0 ? 20 : 30;
      RunningMetric part = made.get();
      part.update(predictions.narrow(0, from, rows), targets.narrow(0, from, rows));
      parts.add(part);
    }
    RunningMetric merged = parts.get(0);
    merged.merge(parts.get(1));
    merged.mergeState(parts.get(2).state());
    merged.update(predictions.narrow(0, 0, 0), targets.narrow(0, 0, 0));
    assertThat(merged.compute()).isEqualTo(expected);
    assertThat(Arrays.equals(merged.state(), whole.state())).isTrue();
    whole.reset();
    assertThat(whole.compute()).isNaN();
    assertThat(of(whole, predictions, targets)).isEqualTo(expected);
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> new Accuracy(3).update(Tensor.ones(2, 2), TRUTH))
        .hasMessage(
            "Accuracy: predictions must be scores [n, classes >= 3], targets classes [n]; got"
                + " predictions FLOAT32 [2, 2], targets INT64 [8]");
    assertThatThrownBy(() -> new F1Score().update(GUESS, TRUTH))
        .hasMessage("F1Score: targets must be classes in [0, 2); got 2");
    assertThatThrownBy(() -> new F1Score(3, Averaging.BINARY))
        .hasMessageStartingWith("F1Score: BINARY must be of 2 classes");
    assertThatThrownBy(() -> new ConfusionMatrix(3).update(Tensor.ones(8), TRUTH))
        .hasMessageContaining("predictions must be scores [n, 3, ..] or classes [n, ..]");
    assertThatThrownBy(() -> new MeanSquaredError().update(Tensor.ones(2, 1), Tensor.ones(2)))
        .hasMessageContaining("must have the same shape; got predictions FLOAT32 [2, 1]");
    assertThatThrownBy(() -> new RocAuc().update(Tensor.ones(1), Tensor.full(2, DType.INT64, 1)))
        .hasMessage("RocAuc: scores must be numbers and targets 0 or 1; got score 1.0, target 2.0");
    assertThatThrownBy(() -> new Perplexity().update(Tensor.ones(2, 3), Tensor.ones(2)))
        .hasMessageContaining("predictions must be logits [.., classes]");
    assertThatThrownBy(() -> new Accuracy().merge(new RocAuc()))
        .hasMessage("Accuracy.merge: metrics must be of one class; got RocAuc");
    assertThatThrownBy(() -> new ConfusionMatrix(3).merge(new ConfusionMatrix(2)))
        .hasMessage(
            "ConfusionMatrix.merge: states must be of metrics with the same options; got 4 numbers,"
                + " not 9");
  }
}
