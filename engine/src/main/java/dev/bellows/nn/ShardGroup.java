package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.function.Supplier;

/**
 * The logical shards of a training step, over which a layer adds values in forward. A train loop
 * makes one for the models that need it; outside of it there is none, and a layer uses the values
 * of its input alone. Source: the process group of PyTorch's {@code torch.nn.SyncBatchNorm}.
 */
public final class ShardGroup {
  private static final ThreadLocal<ShardGroup> CURRENT = new ThreadLocal<>();

  private final Adder adder;

  /** Adds values over all shards, each of which calls it from its own thread. */
  @FunctionalInterface
  public interface Adder {
    /**
     * Returns the sum, after all shards have called.
     *
     * @param layer the same for all shards
     * @param isBackward whether the values are gradients
     * @param values as many from each shard
     */
    double[] sum(Module layer, boolean isBackward, double... values);
  }

  /** Creates a group that adds by {@code adder}. */
  public ShardGroup(Adder adder) {
    this.adder = adder;
  }

  /** Returns the group of the shard that this thread runs; null outside a synchronised step. */
  public static ShardGroup current() {
    return CURRENT.get();
  }

  /** Runs a shard in this thread, with this group as the current one. */
  public <T> T run(Supplier<T> shard) {
    ShardGroup before = CURRENT.get();
    CURRENT.set(this);
    try {
      return shard.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /**
   * Computes {@link Functional#batchNorm}, in training with the statistics of all shards.
   *
   * @param layer that has the statistics
   * @param x [n, c, ..]; may be empty if others are not
   * @param runningMean [c], or null
   * @param runningVar [c], or null
   */
  public Tensor batchNorm(
      Module layer, Tensor x, Tensor runningMean, Tensor runningVar, BatchNormArgs args) {
    return Normalization.batchNorm(
        x, runningMean, runningVar, args, values -> allReduce(layer, values));
  }

  /**
   * Adds values over all shards, in the order of the reduction tree; their gradients are added
   * likewise in backward. All shards must call it for the same layers in the same order.
   *
   * @param layer that needs the sum
   * @param values FLOAT64 of one dimension, of the same length for all shards
   * @return the sum, of the shape and on the device of {@code values}
   * @throws IllegalArgumentException if the type or shape differs
   */
  public Tensor allReduce(Module layer, Tensor values) {
    if (values.dtype() != DType.FLOAT64 || values.dim() != 1) {
      throw new IllegalArgumentException(
          message(
              "allReduce: values of shards must be FLOAT64 [n]; got %s %s",
              values.dtype(), values.shape()));
    }
    return new Sum(layer, false).apply(values);
  }

  /** The sum, whose gradient is the sum of the gradients. */
  private final class Sum extends Function {
    private final Module layer;
    private final boolean isBackward;

    Sum(Module layer, boolean isBackward) {
      this.layer = layer;
      this.isBackward = isBackward;
    }

    @Override
    public String name() {
      return "ShardSum";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      double[] sum = adder.sum(layer, isBackward, in[0].toDoubleArray());
      return new Tensor[] {Tensor.of(sum).to(in[0].device())};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      return new Tensor[] {new Sum(layer, true).apply(gradOutputs[0].contiguous())};
    }
  }
}
