package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.EvaluationMetric;
import dev.bellows.spark.UserCode;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import dev.bellows.train.GradientExchange;
import dev.bellows.train.StepPosition;
import dev.bellows.train.metric.RunningMetric;
import java.util.Arrays;
import java.util.concurrent.Callable;

/**
 * Measures a model on every worldSize-th batch of the evaluation rows, and merges what all ranks
 * collected. Batches are the same for any number of ranks, and metrics are exact: so the result is
 * the same, too.
 *
 * @param device where the model is, and so where batches go
 */
record Evaluation<M extends Module>(Recipe<M> recipe, M model, Device device, BatchSource source) {
  /** Most numbers in the states of all ranks, which are exchanged as one tensor below 2 GiB. */
  private static final long MOST_NUMBERS = Integer.MAX_VALUE / Long.BYTES;

  /** Returns the metric of all rows after {@code done} steps. Every rank must call this. */
  double run(long done, GradientExchange exchange) {
    return run(recipe.metric(), done, exchange);
  }

  private <R extends RunningMetric> double run(
      EvaluationMetric<M, R> measured, long done, GradientExchange exchange) {
    var mine = measured.create();
    var training = model.isTraining();
    model.eval();
    try (var noGrad = GradMode.noGrad()) {
      assert noGrad != null;
      collect(measured, mine, done, exchange);
    } finally {
      model.train(training);
    }
    var states = gather(call(done, exchange, mine::state), exchange);
    return call(
        done,
        exchange,
        () -> {
          var all = measured.create();
          for (var state : states) {
            all.mergeState(state);
          }
          return all.compute();
        });
  }

  /** Updates a metric with this rank's batches. */
  private <R extends RunningMetric> void collect(
      EvaluationMetric<M, R> measured, R mine, long done, GradientExchange exchange) {
    var batchRows = recipe.settings().evaluationBatch();
    var batches = (source.rows() + batchRows - 1) / batchRows;
    for (long batch = exchange.rank(); batch < batches; batch += exchange.worldSize()) {
      var first = batch * batchRows;
      var rows = new long[(int) Math.min(batchRows, source.rows() - first)];
      Arrays.setAll(rows, i -> first + i);
      try (var scope = TensorScope.open()) {
        assert scope != null;
        var there = source.gather(rows).to(device);
        UserCode.call(
            "evaluation",
            () -> where(done, exchange) + ", " + StepPosition.describeRows(rows),
            () -> {
              measured.update().update(mine, model, there);
              return null;
            });
      }
    }
  }

  private static String where(long done, GradientExchange exchange) {
    return message("after step %s, rank %s", done, exchange.rank());
  }

  private static <T> T call(long done, GradientExchange exchange, Callable<T> code) {
    return UserCode.call("metric", () -> where(done, exchange), code);
  }

  /** Returns the states of all ranks, in order. */
  private static long[][] gather(long[] mine, GradientExchange exchange) {
    var ranks = exchange.worldSize();
    var one = new long[ranks + 1];
    Arrays.setAll(one, rank -> rank);
    var lengths = gather(new long[] {mine.length}, one, exchange);
    var bounds = new long[ranks + 1];
    for (int rank = 0; rank < ranks; rank++) {
      bounds[rank + 1] = bounds[rank] + lengths[rank];
    }
    if (bounds[ranks] > MOST_NUMBERS) {
      throw BellowsException.user(
          message(
              "metric: states of all ranks must have at most %s numbers; got %s",
              MOST_NUMBERS, bounds[ranks]));
    }
    var all = gather(mine, bounds, exchange);
    var states = new long[ranks][];
    Arrays.setAll(
        states, rank -> Arrays.copyOfRange(all, (int) bounds[rank], (int) bounds[rank + 1]));
    return states;
  }

  /** Returns the numbers of all ranks, of which each has those from its bound to the next. */
  private static long[] gather(long[] mine, long[] bounds, GradientExchange exchange) {
    var total = bounds[bounds.length - 1];
    if (total == 0) {
      return new long[0];
    }
    try (var scope = TensorScope.open()) {
      assert scope != null;
      var all = Tensor.zeros(DType.INT64, total);
      all.narrow(0, bounds[exchange.rank()], mine.length).copy_(Tensor.of(mine));
      exchange.startGather(all, bounds).await();
      return all.toLongArray();
    }
  }
}
