package dev.bellows.spark;

import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import dev.bellows.train.Predictor;
import dev.bellows.train.metric.Accuracy;

/**
 * Compares the class of the largest logit with a column of labels.
 *
 * @param predictor returns the logits [rows, classes]
 * @param label name of the column of labels, whole numbers
 */
record AccuracyUpdate<M extends Module>(Predictor<M> predictor, String label)
    implements MetricUpdate<M, Accuracy> {
  @Override
  public void update(Accuracy accuracy, M model, Batch batch) {
    var logits = predictor.apply(model, batch);
    if (logits == null) {
      throw new IllegalArgumentException("predict: must give logits; got null");
    }
    accuracy.update(logits, batch.input(label));
  }
}
