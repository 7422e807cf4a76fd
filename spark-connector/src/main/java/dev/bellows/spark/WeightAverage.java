package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Module;
import dev.bellows.optim.AveragedModel;
import java.io.Serializable;

/**
 * An average of the weights that a job keeps while it trains, evaluates with, and gives as its
 * result: exponential ({@link #ema}) or with equal weights ({@link #swa}). Buffers, such as running
 * statistics, are those of the trained model.
 */
public final class WeightAverage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final boolean exponential;
  private final double decay;
  private final int epochsBefore;

  private WeightAverage(boolean exponential, double decay, int epochsBefore) {
    this.exponential = exponential;
    this.decay = decay;
    this.epochsBefore = epochsBefore;
  }

  /**
   * Averages after each step, with weights that fall by {@code decay}: average ← decay·average + (1
   * − decay)·weights; the first step's weights are copied.
   *
   * @param decay in [0, 1]; usual are 0.99 to 0.9999
   */
  public static WeightAverage ema(double decay) {
    return new WeightAverage(true, decay, 0);
  }

  /**
   * Averages the weights after each epoch, with equal weights, once {@code epochsBefore} epochs are
   * done; before the first of them the trained weights are evaluated.
   *
   * @param epochsBefore ≥ 0 and less than the epochs of the job
   */
  public static WeightAverage swa(int epochsBefore) {
    return new WeightAverage(false, 0, epochsBefore);
  }

  /** Returns what is out of range, or null. */
  String problem(int epochs) {
    if (exponential) {
      return decay >= 0 && decay <= 1
          ? null
          : message("average: decay must be in [0, 1]; got %s", decay);
    }
    return epochsBefore >= 0 && epochsBefore < epochs
        ? null
        : message(
            "average: the epochs before swa must be at least 0 and less than epochs; got %s of %s",
            epochsBefore, epochs);
  }

  /** Returns whether the weights after {@code done} steps are averaged. */
  public boolean takes(long done, long stepsPerEpoch) {
    return exponential || done % stepsPerEpoch == 0 && done / stepsPerEpoch > epochsBefore;
  }

  /** Returns the average of a model, which has taken in nothing yet. */
  public <M extends Module> AveragedModel<M> of(M model) {
    return exponential ? AveragedModel.ema(model, decay) : AveragedModel.swa(model);
  }

  /** Returns the text that checkpoints have of it. */
  @Override
  public String toString() {
    return exponential ? "ema(" + decay + ")" : "swa(" + epochsBefore + ")";
  }
}
