package dev.bellows.optim;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * A copy of a model whose weights are averages of the model's: the mean of all it is given (SWA),
 * or an exponential moving average (EMA). Buffers are copied, or averaged with {@link #useBuffers}.
 * The model that is averaged stays as it is. Source: Izmailov et al., Averaging Weights Leads to
 * Wider Optima, 2018; PyTorch's {@code torch.optim.swa_utils.AveragedModel}.
 *
 * <pre>{@code
 * AveragedModel<Net> ema = AveragedModel.ema(net, 0.999);
 * for (...) {
 *   optimizer.step();
 *   ema.updateParameters(net);
 * }
 * ema.module().eval();
 * }</pre>
 *
 * @param <M> the model's class
 */
public final class AveragedModel<M extends Module> extends Module {
  private static final String COUNT = "n_averaged";

  private final M module;
  private final Average average;
  private boolean buffers;

  /** How an average takes in one more value. */
  @FunctionalInterface
  public interface Average {
    /**
     * Changes {@code averaged} in place; called with recording off.
     *
     * @param count how many values it has taken in, at least 1
     */
    void update(Tensor averaged, Tensor value, long count);
  }

  private AveragedModel(M model, Average average) {
    register(COUNT, Buffer.of(Tensor.zeros(DType.INT64)));
    this.module = model.deepCopy();
    this.average = average;
  }

  /**
   * Averages with equal weights, as stochastic weight averaging does. The statistics of batch
   * normalisation can then be computed with {@link
   * dev.bellows.nn.layer.BatchNorms#updateStatistics}.
   */
  public static <M extends Module> AveragedModel<M> swa(M model) {
    return of(
        model, (averaged, value, count) -> averaged.add_(value.sub(averaged).div_(count + 1)));
  }

  /**
   * Averages with weights that fall by decay at each update; PyTorch's default is 0.999.
   *
   * @throws IllegalArgumentException if decay is not in [0, 1]
   */
  public static <M extends Module> AveragedModel<M> ema(M model, double decay) {
    if (!(decay >= 0 && decay <= 1)) {
      throw new IllegalArgumentException(
          "Invalid decay value " + decay + " provided. Please provide a value in [0,1] range.");
    }
    return of(model, (averaged, value, count) -> averaged.lerp_(value, 1 - decay));
  }

  /** Averages by a function of the user's. */
  public static <M extends Module> AveragedModel<M> of(M model, Average average) {
    return new AveragedModel<>(model, average);
  }

  /** Sets whether floating-point buffers are averaged, too, instead of copied; default false. */
  public AveragedModel<M> useBuffers(boolean use) {
    buffers = use;
    return this;
  }

  /** Returns the model with averaged weights. */
  public M module() {
    return module;
  }

  /** Returns how many times the weights were averaged. */
  public long count() {
    return (long) getBuffer(COUNT).item();
  }

  /**
   * Takes in the current weights of the model; the first time they are copied.
   *
   * @throws IllegalArgumentException if the model has other parameters or buffers
   */
  @SuppressWarnings("try")
  public void updateParameters(M model) {
    long taken = count();
    try (GradMode mode = GradMode.noGrad()) {
      update(module.namedParameters(), model.namedParameters(), taken, true);
      update(module.namedBuffers(), model.namedBuffers(), taken, buffers);
      getBuffer(COUNT).add_(1);
    }
  }

  private void update(
      Map<String, ? extends Tensor> averaged,
      Map<String, ? extends Tensor> values,
      long taken,
      boolean mean) {
    if (!averaged.keySet().equals(values.keySet())) {
      throw new IllegalArgumentException(
          message(
              "updateParameters: the model must have %s; has %s",
              averaged.keySet(), values.keySet()));
    }
    averaged.forEach(
        (name, mine) -> {
          Tensor value = values.get(name);
          if (!Arrays.equals(mine.shape(), value.shape())) {
            throw new IllegalArgumentException(
                message(
                    "updateParameters: %s must have the shape %s; has %s",
                    name, Arrays.toString(mine.shape()), Arrays.toString(value.shape())));
          }
          Tensor there = value.detach().to(mine.device());
          if (taken == 0 || !mean || !mine.dtype().isFloatingPoint()) {
            mine.copy_(there);
          } else {
            average.update(mine, there, taken);
          }
        });
  }

  @Override
  protected Tensor forward(Tensor input) {
    return module.call(input);
  }

  @Override
  protected Tensor forward(Tensor first, Tensor second) {
    return module.call(first, second);
  }

  @Override
  protected Tensor forward(Tensor first, Tensor second, Tensor third) {
    return module.call(first, second, third);
  }

  @Override
  protected Tensor forward(Tensor first, Tensor second, Tensor third, Tensor fourth) {
    return module.call(first, second, third, fourth);
  }
}
