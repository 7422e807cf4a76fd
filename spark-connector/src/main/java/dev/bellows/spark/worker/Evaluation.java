package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.proto.coordinator.Metric;
import dev.bellows.spark.UserCode;
import dev.bellows.spark.coordinator.MetricSums;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import dev.bellows.train.GradientExchange;
import dev.bellows.train.StepPosition;

/**
 * Measures a model on every worldSize-th batch of the evaluation rows. Batches are the same for any
 * number of ranks, and the driver adds their sums in order: so the result is the same, too.
 *
 * @param device where the model is, and so where batches go
 */
record Evaluation<M extends Module>(Recipe<M> recipe, M model, Device device, BatchSource source) {

  /** Evaluates this rank's batches, after {@code done} steps. */
  MetricSums run(long done, int rank, int worldSize) {
    var sums = new MetricSums();
    var training = model.isTraining();
    model.eval();
    try (var noGrad = GradMode.noGrad()) {
      assert noGrad != null;
      var batchRows = recipe.settings().evaluationBatch();
      var batches = batches();
      for (long batch = rank; batch < batches; batch += worldSize) {
        var first = batch * batchRows;
        var rows = new long[(int) Math.min(batchRows, source.rows() - first)];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = first + i;
        }
        try (var scope = TensorScope.open()) {
          assert scope != null;
          var there = source.gather(rows).to(device);
          var sum =
              UserCode.call(
                  "evaluation",
                  () ->
                      message(
                          "after step %s, rank %s, %s",
                          done, rank, StepPosition.describeRows(rows)),
                  () -> recipe.metric().sum(model, there));
          sums.add(batch, sum, rows.length);
        }
      }
    } finally {
      model.train(training);
    }
    return sums;
  }

  private long batches() {
    var batchRows = recipe.settings().evaluationBatch();
    return (source.rows() + batchRows - 1) / batchRows;
  }

  /**
   * Returns the mean over the batches of all ranks, added in the order of the batches, as the
   * driver adds them. Every rank must call this.
   */
  double mean(MetricSums mine, GradientExchange exchange) {
    var batches = batches();
    var ranks = exchange.worldSize();
    var bounds = new long[ranks + 1];
    for (int rank = 0; rank < ranks; rank++) {
      bounds[rank + 1] = bounds[rank] + (batches - rank + ranks - 1) / ranks;
    }
    try (var scope = TensorScope.open()) {
      assert scope != null;
      var sums = Tensor.zeros(DType.FLOAT64, batches);
      var place = sums.narrow(0, bounds[exchange.rank()], mine.messages().size());
      place.copy_(Tensor.of(mine.messages().stream().mapToDouble(Metric::getSum).toArray()));
      exchange.startGather(sums, bounds).await();
      var all = sums.toDoubleArray();
      double sum = 0;
      for (long batch = 0; batch < batches; batch++) {
        sum += all[Math.toIntExact(bounds[(int) (batch % ranks)] + batch / ranks)];
      }
      return sum / source.rows();
    }
  }
}
