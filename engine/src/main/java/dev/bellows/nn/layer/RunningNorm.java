package dev.bellows.nn.layer;

import dev.bellows.autograd.GradMode;
import dev.bellows.errors.Messages;
import dev.bellows.memory.DType;
import dev.bellows.nn.BatchNormArgs;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.BufferRule;
import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.ShardGroup;
import dev.bellows.tensor.Tensor;

/**
 * Parameters and running statistics of batch and instance normalisation. In a training job each
 * logical shard is normalised by its own statistics, and the running ones are the mean over the
 * shards of a step, weighted by their rows.
 */
abstract class RunningNorm extends Module {
  /** [numFeatures], initially 1; null if not affine. */
  @MayBeNull public final Parameter weight;

  /** [numFeatures], initially 0; null if not affine. */
  @MayBeNull public final Parameter bias;

  private final long numFeatures;
  private final double eps;
  private Double momentum;
  private boolean synchronizes;
  // transient, as they are registered under PyTorch's names
  private final transient Buffer runningMean;
  private final transient Buffer runningVar;
  private final transient Buffer numBatchesTracked;

  RunningNorm(long numFeatures, NormOptions options) {
    if (numFeatures < 0) {
      throw new IllegalArgumentException(
          Messages.message(
              "%s: numFeatures must not be negative; got %s",
              getClass().getSimpleName(), numFeatures));
    }
    this.numFeatures = numFeatures;
    this.eps = options.eps();
    this.momentum = options.momentum();
    DType type = options.dtype();
    weight = options.isAffine() ? Parameter.of(Tensor.ones(type, numFeatures)) : null;
    bias = options.isAffine() ? Parameter.of(Tensor.zeros(type, numFeatures)) : null;
    boolean tracks = options.tracksRunningStats();
    runningMean = tracks ? statistic("running_mean", Tensor.zeros(type, numFeatures)) : null;
    runningVar = tracks ? statistic("running_var", Tensor.ones(type, numFeatures)) : null;
    numBatchesTracked =
        tracks
            ? register(
                "num_batches_tracked", Buffer.of(Tensor.zeros(DType.INT64), BufferRule.FIRST_SHARD))
            : null;
  }

  private Buffer statistic(String name, Tensor initial) {
    return register(name, Buffer.of(initial, BufferRule.MEAN));
  }

  /** Returns the running mean [numFeatures], initially 0; null if it is not tracked. */
  public final Buffer runningMean() {
    return runningMean;
  }

  /** Returns the running variance [numFeatures], initially 1; null if it is not tracked. */
  public final Buffer runningVar() {
    return runningVar;
  }

  /** Returns the number (INT64) of batches seen in training; null if it is not tracked. */
  public final Buffer numBatchesTracked() {
    return numBatchesTracked;
  }

  /** Sets the running statistics to their initial values. */
  @SuppressWarnings("try")
  public final void resetRunningStats() {
    if (runningMean != null) {
      try (GradMode mode = GradMode.noGrad()) {
        runningMean.zero_();
        runningVar.fill_(1);
        numBatchesTracked.zero_();
      }
    }
  }

  /**
   * Sets the part of the new statistics in the running ones, null: the mean of all; returns the
   * old.
   */
  final Double setMomentum(Double value) {
    Double before = momentum;
    momentum = value;
    return before;
  }

  /** Makes training use the statistics of all shards of a step. */
  final void synchronize() {
    synchronizes = true;
  }

  /** Returns the length of the vector that shards add; 0 if each uses its own statistics. */
  final int synchronizedValues() {
    return synchronizes ? Math.toIntExact(2 * numFeatures + 1) : 0;
  }

  @Override
  protected final String typeName() {
    return synchronizes ? "SyncBatchNorm" : super.typeName();
  }

  /** Returns the arguments of a call, which is counted in training if {@code counts}. */
  @SuppressWarnings("try")
  final BatchNormArgs args(boolean counts) {
    double factor = momentum == null ? 0 : momentum;
    if (isTraining() && runningMean != null && counts) {
      try (GradMode mode = GradMode.noGrad()) {
        numBatchesTracked.add_(1);
      }
      if (momentum == null) {
        factor = 1.0 / numBatchesTracked.itemLong();
      }
    }
    return BatchNormArgs.create()
        .affine(weight, bias)
        .training(isTraining())
        .momentum(factor)
        .eps(eps);
  }

  /** Normalises each channel of the batch, or of the batches of all shards. */
  final Tensor batchNorm(Tensor x) {
    ShardGroup group = synchronizes ? ShardGroup.current() : null;
    return group == null
        ? Functional.batchNorm(x, runningMean, runningVar, args(true))
        : group.batchNorm(this, x, runningMean, runningVar, args(true));
  }

  /**
   * Checks the number of dimensions.
   *
   * @param expected as PyTorch says it, for example "2D or 3D"
   */
  static void checkDims(Tensor x, int least, int most, String expected) {
    if (x.dim() < least || x.dim() > most) {
      throw new IllegalArgumentException(
          Messages.message("expected %s input (got %sD input)", expected, x.dim()));
    }
  }

  @Override
  protected final String extraRepr() {
    return numFeatures
        + ", eps="
        + eps
        + ", momentum="
        + momentum
        + ", affine="
        + (weight != null)
        + ", track_running_stats="
        + (runningMean != null);
  }
}
