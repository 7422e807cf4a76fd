package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.spark.UserCode;
import dev.bellows.spark.coordinator.MetricSums;
import dev.bellows.tensor.TensorScope;
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
      long batches = (source.rows() + batchRows - 1) / batchRows;
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
}
