package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.optim.AveragedModel;
import dev.bellows.optim.SGD;
import dev.bellows.optim.schedule.ReduceLROnPlateau;
import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import dev.bellows.spark.checkpoint.CheckpointDirectory;
import dev.bellows.spark.checkpoint.CheckpointInfo;
import dev.bellows.spark.data.LocalSpark;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.metric.Accuracy;
import dev.bellows.train.metric.Averaging;
import dev.bellows.train.metric.F1Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests what jobs decide by their metric, and the weights that they keep besides. */
@Timeout(120)
class MetricJobTest {
  private static final int STEPS_PER_EPOCH = 4;

  /** Calls of the loss function by all ranks of this JVM, before which it fails. */
  private static final AtomicInteger CALLS_LEFT = new AtomicInteger();

  private static SparkSession spark;
  private static Dataset<Row> frame;
  private static TrainingResult undisturbed;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
    frame = TinyJob.frame(spark);
    undisturbed = TinyJob.stateful(spark, frame).executors(1).build().run();
  }

  private static TrainingJobBuilder<Tiny.NormNet> job() {
    return TinyJob.stateful(spark, frame).executors(2);
  }

  private TrainingJobBuilder<Tiny.NormNet> saved(Resume resume) {
    return job().checkpoint(directory.toString(), CheckpointInterval.everySteps(3)).resume(resume);
  }

  private static void assertUserError(TrainingJobBuilder<?> job, String pattern) {
    var failure = catchThrowableOfType(BellowsException.class, () -> job.build().run());
    assertThat(failure).hasMessageMatching(pattern);
    assertThat(failure.category()).isEqualTo(BellowsException.Category.USER);
  }

  private static Tensor failing(Module model, Batch batch) {
    if (CALLS_LEFT.getAndDecrement() == 0) {
      throw new IllegalStateException("planned");
    }
    return Tiny.loss(model, batch);
  }

  @Test
  void stopsEarlyWithTheBestWeights() {
    var results = undisturbed.evaluations();
    assertThat(results).hasSize((int) undisturbed.epochs());
    assertThat(undisturbed.steps()).isEqualTo(undisturbed.epochs() * STEPS_PER_EPOCH);
    var best = results.get(results.size() - 3); // patience 2
    assertThat(results).allMatch(r -> r.metric() >= best.metric());
    assertThat(undisturbed.modelStep()).isEqualTo(best.step()).isPositive();
    assertThat(undisturbed.metric()).hasValue(best.metric());
    var shorter = job().epochs((int) best.step() / STEPS_PER_EPOCH).build().run();
    assertThat(shorter.steps()).isEqualTo(best.step());
    assertThat(shorter.weightsSha256()).isEqualTo(undisturbed.weightsSha256());
  }

  @Test
  void aResumedJobDecidesAsOneThatWasNot() {
    CALLS_LEFT.set(4 * (int) (undisturbed.modelStep() + 2));
    assertUserError(saved(Resume.NEVER).loss(MetricJobTest::failing), ".*planned.*");
    var after = saved(Resume.REQUIRED).executors(1).build().run();
    assertThat(after.startStep()).isPositive();
    assertSame(after);
    var again = saved(Resume.REQUIRED).build().run(); // nothing is left to do
    assertThat(again.startStep()).isEqualTo(undisturbed.steps());
    assertSame(again);
    assertUserError(
        saved(Resume.REQUIRED).average(WeightAverage.swa(2)),
        "resume: checkpoint \\S+ has average ema\\(0.7\\), the job has swa\\(2\\); both must be"
            + " equal");
    assertUserError(
        saved(Resume.REQUIRED).earlyStopping(2, 100),
        "resume: checkpoint \\S+ must hold the best weights for earlyStopping, those of step 4; it"
            + " has those of step \\d+\\. Resume with the settings of its run, or without"
            + " earlyStopping");
    assertUnlike(saved(Resume.REQUIRED).metric(Tiny::lossSum, Mode.MAX), "RowMean, MAX");
    assertUnlike(saved(Resume.BEST).predict(Tiny::logits, "y"), "Accuracy, MAX");
    assertUnlike(
        saved(Resume.REQUIRED).evaluation(frame.limit(40)),
        "RowMean, MIN, rows with fingerprint \\w+");
    var longer = saved(Resume.REQUIRED).earlyStopping(0).epochs((int) undisturbed.epochs() + 1);
    assertThat(longer.build().run().steps()).isEqualTo(undisturbed.steps() + STEPS_PER_EPOCH);
  }

  private static void assertUnlike(TrainingJobBuilder<?> job, String here) {
    assertUserError(
        job,
        "resume: checkpoint \\S+ has evaluations of RowMean, MIN, rows with fingerprint \\w+, the"
            + " job evaluates "
            + here
            + "; \\[learningRate\\(plateau\\), earlyStopping.*\\] must not compare them\\. Resume"
            + " with metric, mode and evaluation rows of the checkpoint's run, or without"
            + " \\[learningRate.*\\], or start over with resume\\(START_OVER\\)");
  }

  @Test
  void aJobThatComparesNothingLeavesOtherEvaluationsBehind() {
    var plain = saved(Resume.NEVER).learningRate(null).earlyStopping(0).epochs(2);
    assertThat(plain.evaluateEpochs(true).build().run().evaluations()).hasSize(1);
    var lines = new CopyOnWriteArrayList<String>();
    var other =
        plain
            .resume(Resume.REQUIRED)
            .predict(Tiny::logits, "y")
            .epochs(4)
            .listener(messages(lines))
            .build()
            .run();
    assertThat(other.startStep()).isEqualTo(8);
    assertThat(other.evaluations()).extracting(Evaluations.Result::step).containsExactly(12L);
    assertThat(lines)
        .anyMatch(
            line ->
                line.matches(
                    "resume: checkpoint \\S+ has evaluations of RowMean, MIN, rows.*, the job"
                        + " evaluates Accuracy, MAX, rows.*; those of the checkpoint are left"
                        + " out"));
    var without = plain.evaluation(null).metric(null).evaluateEpochs(false).epochs(5).build().run();
    assertThat(without.evaluations()).isEqualTo(other.evaluations());
  }

  private static void assertSame(TrainingResult result) {
    assertThat(result.weightsSha256()).isEqualTo(undisturbed.weightsSha256());
    assertThat(result.evaluations()).isEqualTo(undisturbed.evaluations());
    assertThat(result.metric()).isEqualTo(undisturbed.metric());
    assertThat(result.steps()).isEqualTo(undisturbed.steps());
    assertThat(result.modelStep()).isEqualTo(undisturbed.modelStep());
  }

  @Test
  void keepsTheBestCheckpointAndTheRateOfThePlateau() {
    var result =
        job()
            .checkpoint(directory.toString(), CheckpointInterval.everySteps(1000))
            .keepBest(true)
            .keepLast(1)
            .build()
            .run();
    var store = new CheckpointDirectory(directory.toString(), new Configuration());
    assertThat(store.list())
        .extracting(CheckpointInfo::step)
        .containsExactly(result.steps(), result.modelStep());
    assertThat(store.best(Mode.MIN).manifest().step()).isEqualTo(result.modelStep());

    var optimizer = new SGD(List.of(Tensor.zeros(1).setRequiresGrad(true)), 0.3);
    var plateau =
        new ReduceLROnPlateau(optimizer, ReduceLROnPlateau.options().factor(0.5).patience(0));
    var results = result.evaluations();
    // The last step's rate follows from the evaluations before its epoch.
    results.subList(0, results.size() - 1).forEach(r -> plateau.step(r.metric()));
    assertThat(store.newest().manifest().lr()).isEqualTo(plateau.getLastLr()[0]).isLessThan(0.3);

    var best = saved(Resume.BEST).build().run();
    assertThat(best.startStep()).isEqualTo(result.modelStep());
    assertSame(best);
  }

  @Test
  void anyMetricDecidesWithTheSameBitsForAnyNumberOfExecutors() {
    var results = new ArrayList<TrainingResult>();
    for (var executors : List.of(1, 2)) {
      var place = directory.resolve("on" + executors).toString();
      var job = job().executors(executors).keepBest(true).keepLast(1);
      job.checkpoint(place, CheckpointInterval.everySteps(1000));
      // EarlyStopping("f1", mode="max", patience=2), ModelCheckpoint(monitor="f1", mode="max")
      job.metric(
              () -> new F1Score(3, Averaging.MACRO),
              (f1, net, batch) -> f1.update(net.call(batch.input("x")), batch.input("y")),
              Mode.MAX)
          .earlyStopping(2);
      results.add(job.build().run());
      var store = new CheckpointDirectory(place, new Configuration());
      assertThat(store.best(Mode.MAX).manifest().step()).isEqualTo(results.get(0).modelStep());
    }
    var one = results.get(0);
    var best = one.evaluations().get(one.evaluations().size() - 3);
    assertThat(one.evaluations()).allMatch(r -> r.metric() <= best.metric() && r.metric() > 0);
    assertThat(one.modelStep()).isEqualTo(best.step());
    assertThat(one.metric()).hasValue(best.metric());
    assertThat(results.get(1).evaluations()).isEqualTo(one.evaluations());
    assertThat(results.get(1).weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(results.get(1).metric()).isEqualTo(one.metric());
  }

  /** Evaluation batches by all ranks of this JVM, after which the metric is no number. */
  private static final AtomicInteger NUMBERS_LEFT = new AtomicInteger();

  private static double lossOrNaN(Module model, Batch batch) {
    return NUMBERS_LEFT.getAndDecrement() > 0 ? Tiny.lossSum(model, batch) : Double.NaN;
  }

  @Test
  void aMetricThatIsNoNumberStopsWithTheBestWeightsOrIsAnError() {
    var lines = new CopyOnWriteArrayList<String>();
    NUMBERS_LEFT.set(2 * 7);
    var job = job().metric(MetricJobTest::lossOrNaN, Mode.MIN).earlyStopping(5);
    var stopped = job.listener(messages(lines)).build().run();
    assertThat(stopped.steps()).isEqualTo(3 * STEPS_PER_EPOCH);
    assertThat(stopped.modelStep()).isIn(4L, 8L);
    assertThat(lines)
        .contains(
            "earlyStopping: stopped after step 12 of 160, as the metric was NaN; the metric was"
                + " best after step "
                + stopped.modelStep());
    var error =
        "earlyStopping: the metric must be a number; it was NaN after step 4, and no evaluation"
            + " before gave one\\. Correct the metric or the evaluation rows, or train without"
            + " earlyStopping";
    assertUserError(job, error);
    assertUserError(
        job().metric((model, batch) -> 1 / 0.0, Mode.MAX), error.replace("NaN", "Infinity"));
    lines.clear();
    job.earlyStopping(0).learningRate(null).keepBest(true).epochs(2);
    job.checkpoint(directory.toString(), CheckpointInterval.everyEpochs(1)).build().run();
    assertThat(lines)
        .contains(
            "keepBest: no evaluation gave a number, the last NaN after step 8; so no checkpoint is"
                + " the best, and the newest are kept");
  }

  private static TrainingListener messages(List<String> lines) {
    return new TrainingListener() {
      @Override
      public void message(String line) {
        lines.add(line);
      }
    };
  }

  /** Averages the weights of a run's checkpoints, one for each step. */
  private String averaged(WeightAverage rule) {
    var store = new CheckpointDirectory(directory.toString(), new Configuration());
    var model = new Tiny.NormNet(8);
    AveragedModel<Tiny.NormNet> average = rule.of(model);
    var oldestFirst = new ArrayList<>(store.list());
    Collections.reverse(oldestFirst);
    for (var info : oldestFirst) {
      if (rule.takes(info.step(), STEPS_PER_EPOCH)) {
        var weights = new LinkedHashMap<String, Tensor>();
        store.load(info.manifest()).forEach((key, t) -> weights.put(key.replace("model.", ""), t));
        weights.keySet().removeIf(key -> key.startsWith("optimizer."));
        model.loadStateDict(StateDict.of(weights));
        average.updateParameters(model);
      }
    }
    return HexFormat.of().formatHex(WeightsHash.of(average.module().stateDict().asMap()));
  }

  @Test
  void givesTheAverageOfTheWeights() {
    var plain = job().learningRate(null).average(null).earlyStopping(0).epochs(3);
    plain.checkpoint(directory.toString(), CheckpointInterval.everySteps(1)).keepLast(20);
    plain.build().run();
    for (var rule : List.of(WeightAverage.ema(0.9), WeightAverage.swa(1))) {
      var result = job().learningRate(null).average(rule).earlyStopping(0).epochs(3).build().run();
      assertThat(result.weightsSha256()).as("%s", rule).isEqualTo(averaged(rule));
    }
    assertThat(WeightAverage.swa(1).takes(4, 4)).isFalse();
    assertThat(WeightAverage.swa(1).takes(8, 4)).isTrue();
    assertThat(WeightAverage.swa(1).takes(9, 4)).isFalse();
  }

  @Test
  void mistakesAreNamedBeforeAnythingRuns() {
    assertUserError(
        job().evaluation(null),
        "evaluation: must be set, for \\[learningRate\\(plateau\\), earlyStopping\\]; got none");
    assertUserError(
        job().metric((model, batch) -> 0),
        "metric: which values are better must be known, for \\[learningRate\\(plateau\\),"
            + " earlyStopping\\]; pass metric\\(metric, MIN\\) or metric\\(metric, MAX\\)");
    assertUserError(
        job()
            .metric(
                () -> new F1Score(1, Averaging.MACRO),
                (f1, net, batch) -> f1.update(net.call(batch.input("x")), batch.input("y")),
                Mode.MAX),
        "metric: .*classes must be at least 2; got 1.*");
    assertUserError(
        job().metric(Accuracy::new, null, Mode.MAX),
        "metric: must have a function that makes it and one that updates it; got null");
    assertUserError(job().keepBest(true), "keepBest: needs a checkpoint directory; got none");
    assertUserError(
        job().resume(Resume.BEST), "resume: BEST needs a checkpoint directory; got none");
    assertUserError(
        saved(Resume.BEST),
        "resume: BEST needs a checkpoint of an evaluated state; there is none in file:.*");
    assertUserError(
        job().earlyStopping(-1, Double.NaN),
        "earlyStopping: patience and minDelta must be at least 0; got -1, NaN");
    assertUserError(
        job().average(WeightAverage.ema(1.5)), "average: decay must be in \\[0, 1\\]; got 1.5");
    assertUserError(
        job().average(WeightAverage.swa(40)),
        "average: the epochs before swa must be at least 0 and less than epochs; got 40 of 40");
  }
}
