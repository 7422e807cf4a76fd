package dev.bellows.train.metric;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** e to the power of the mean cross-entropy of tokens. */
public final class Perplexity extends ElementSums {
  private final long ignoreIndex;

  /** Creates the metric of all tokens but those of class −100, as of the cross-entropy loss. */
  public Perplexity() {
    this(-100);
  }

  /** Creates the metric of all tokens but those of class {@code ignoreIndex}. */
  public Perplexity(long ignoreIndex) {
    super(1);
    this.ignoreIndex = ignoreIndex;
  }

  /**
   * Collects a batch.
   *
   * @param predictions logits [.., classes], floating point
   * @param targets classes [..], whole numbers
   */
  @Override
  public void update(Tensor predictions, Tensor targets) {
    int last = predictions.dim() - 1;
    if (last < 0
        || !predictions.dtype().isFloatingPoint()
        || targets.dtype().isFloatingPoint()
        || !Arrays.equals(Arrays.copyOf(predictions.shape(), last), targets.shape())) {
      throw refusal(
          "predictions must be logits [.., classes], targets classes [..]", predictions, targets);
    }
    Tensor counted = targets.ne(ignoreIndex);
    Tensor safe =
        targets.to(DType.INT64).where(counted, Tensor.zeros(DType.INT64).to(targets.device()));
    double[] logProbs =
        predictions.logSoftmax(last).gather(last, safe.unsqueeze(last)).toDoubleArray();
    boolean[] counts = counted.toBooleanArray();
    long tokens = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i]) {
        sums[0].add(-logProbs[i]);
        tokens++;
      }
    }
    count(tokens);
  }

  @Override
  void add(double guess, double truth) {
    throw new UnsupportedOperationException("Perplexity: rows are logits and classes");
  }

  @Override
  public double compute() {
    return Math.exp(mean(0));
  }

  @Override
  public String toString() {
    return message("Perplexity(%s)", ignoreIndex);
  }
}
