package dev.bellows.train;

import dev.bellows.autograd.GradMode;
import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;

/** Counts how often a model is right. */
public final class Evaluator {
  private Evaluator() {}

  /**
   * How many of the rows [first, end) get their label's class the highest logit, in evaluation mode
   * and without a graph; the model's mode is put back afterwards.
   *
   * @param predict logits [rows, classes]
   * @param label the name of the INT64 labels [rows]
   * @param batchRows rows at a time
   */
  public static <M extends Module> long correct(
      M model,
      BatchSource source,
      Predictor<M> predict,
      String label,
      long first,
      long end,
      int batchRows) {
    boolean training = model.isTraining();
    model.eval();
    long correct = 0;
    try (GradMode mode = GradMode.noGrad()) {
      for (long at = first; at < end; at += batchRows) {
        long[] rows = new long[(int) Math.min(batchRows, end - at)];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = at + i;
        }
        try (TensorScope scope = TensorScope.open()) {
          Batch batch = source.gather(rows);
          Tensor guess = predict.apply(model, batch).argmax(1, false);
          correct += guess.eq(batch.input(label)).sum().itemLong();
        }
      }
    } finally {
      model.train(training);
    }
    return correct;
  }
}
