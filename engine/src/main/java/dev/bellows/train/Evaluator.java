package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;

/** Counts how often a model is right. */
public final class Evaluator {
  private Evaluator() {}

  /**
   * Counts the rows of [first, end) whose label's class has the highest logit. Evaluates in
   * evaluation mode and without a graph, and restores each module's mode.
   *
   * @param predict logits [rows, classes]
   * @param label the name of the INT64 labels [rows]
   * @param batchRows rows at a time, at least 1
   * @throws IllegalArgumentException if batchRows is less, or logits or labels have another shape
   */
  public static <M extends Module> long correct(
      M model,
      BatchSource source,
      Predictor<M> predict,
      String label,
      long first,
      long end,
      int batchRows) {
    if (batchRows < 1) {
      throw new IllegalArgumentException(
          "evaluate: batchRows must be at least 1; got " + batchRows);
    }
    Map<Module, Boolean> modes = new IdentityHashMap<>();
    model.modules().forEach(module -> modes.put(module, module.isTraining()));
    model.eval();
    long correct = 0;
    try (GradMode mode = GradMode.noGrad()) {
      for (long at = first; at < end; at += batchRows) {
        long[] rows = new long[(int) Math.min(batchRows, end - at)];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = at + i;
        }
        try (TensorScope scope = TensorScope.open()) {
          Batch batch = source.gather(rows).to(ModelDevice.of(model));
          Tensor logits = predict.apply(model, batch);
          checkShapes(logits, label, batch.input(label), rows.length);
          correct += logits.argmax(1, false).eq(batch.input(label)).sum().itemLong();
        }
      }
    } finally {
      restore(model, modes);
    }
    return correct;
  }

  /** Labels of another shape would be broadcast against the guesses, and counted many times. */
  private static void checkShapes(Tensor logits, String label, Tensor labels, int rows) {
    if (logits.dim() != 2
        || logits.size(0) != rows
        || labels.dim() != 1
        || labels.size(0) != rows) {
      throw new IllegalArgumentException(
          message(
              "evaluate: logits must be [rows, classes] and label %s [rows], with %s rows here; got"
                  + " logits %s, label %s",
              label, rows, logits.shape(), labels.shape()));
    }
  }

  /**
   * Restores the modes. Setting a mode also sets it in all modules below, so those above come
   * first.
   */
  private static void restore(Module model, Map<Module, Boolean> modes) {
    Deque<Module> order = new ArrayDeque<>();
    model.apply(order::push);
    order.forEach(module -> module.train(modes.getOrDefault(module, module.isTraining())));
  }
}
