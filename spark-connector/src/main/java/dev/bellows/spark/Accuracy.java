package dev.bellows.spark;

import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import dev.bellows.train.Predictor;

/**
 * Counts the rows whose largest logit is at the index of their label.
 *
 * @param predictor returns the logits [rows, classes]
 * @param label name of the INT64 column of labels
 */
record Accuracy<M extends Module>(Predictor<M> predictor, String label) implements Metric<M> {
  @Override
  public double sum(M model, Batch batch) {
    var logits = predictor.apply(model, batch);
    if (logits == null) {
      throw new IllegalArgumentException("predict: must give logits; got null");
    }
    return logits.argmax(1, false).eq(batch.input(label)).sum().itemLong();
  }
}
