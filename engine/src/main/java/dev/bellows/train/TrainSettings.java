package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.optim.Optimizer;
import dev.bellows.tensor.Tensor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Settings of a {@link TrainLoop}, immutable. A method with an argument returns a copy in which
 * that setting is changed. {@link #problems} holds the range of each setting and its error.
 */
public final class TrainSettings implements Serializable, Cloneable {
  private static final long serialVersionUID = 1L;

  /** Collectives number the leaves of the reduction tree with 16 bits. */
  private static final int MAX_SHARDS = 65_535;

  private static final TrainSettings DEFAULTS = new TrainSettings();

  private int globalBatch = 32;
  private int shards;
  private long seed;
  private double maxGradNorm;
  private long bucketBytes = 25L << 20;
  private DType gradientType = DType.FLOAT32;
  private boolean shardOptimizer;
  private boolean captureGraph;
  private NonFinite nonFinite = NonFinite.STOP;

  private TrainSettings() {}

  /** Returns the default settings. */
  public static TrainSettings defaults() {
    return DEFAULTS;
  }

  private TrainSettings with(Consumer<TrainSettings> change) {
    try {
      TrainSettings copy = (TrainSettings) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the settings that are out of range, as {@code name: rule; got value}. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    atLeast(problems, "globalBatch", globalBatch, 1);
    atLeast(problems, "shards", shards, 0);
    require(
        problems,
        shards <= globalBatch,
        message(
            "globalBatch: must be at least shards, so that each has a row; got globalBatch %s,"
                + " shards %s",
            globalBatch, shards));
    require(
        problems,
        shards <= MAX_SHARDS,
        "shards: must be at most " + MAX_SHARDS + "; got " + shards);
    atLeast(problems, "bucketBytes", bucketBytes, 1);
    require(
        problems,
        maxGradNorm >= 0, // false for NaN
        "maxGradNorm: must be at least 0; got " + maxGradNorm);
    require(
        problems,
        gradientType == DType.FLOAT32 || gradientType == DType.BFLOAT16,
        "gradientType: must be FLOAT32 or BFLOAT16; got " + gradientType);
    return problems;
  }

  /**
   * Returns why a loop with these settings cannot train parameters with an optimizer, as {@code
   * optimizer: rule}; empty if it can.
   */
  public List<String> problems(Optimizer optimizer, Collection<? extends Tensor> parameters) {
    List<String> problems = new ArrayList<>();
    require(
        problems,
        !optimizer.needsClosure(),
        message(
            "optimizer: must step once for each gradient; %s computes the loss several times in a"
                + " step, so use it alone, with step(closure)",
            optimizer.name()));
    require(
        problems,
        optimizer.updatesOnly(parameters),
        "optimizer: must have parameters of the model only, else ranks would differ; register the"
            + " others in the model");
    if (shardOptimizer) {
      try {
        optimizer.requireElementwise();
      } catch (IllegalStateException e) {
        problems.add("optimizer: " + e.getMessage());
      }
    }
    return problems;
  }

  private static void atLeast(List<String> problems, String name, long value, long least) {
    require(problems, value >= least, name + ": must be at least " + least + "; got " + value);
  }

  private static void require(List<String> problems, boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  /** Returns the rows of one step over all ranks. */
  public int globalBatch() {
    return globalBatch;
  }

  /** Sets the rows of one step over all ranks, ≥ 1 (default 32). */
  public TrainSettings globalBatch(int rows) {
    return with(s -> s.globalBatch = rows);
  }

  /** Returns the number S of logical shards; 0: not chosen. */
  public int shards() {
    return shards;
  }

  /**
   * Sets the number S of logical shards, at most {@link #globalBatch}. A rank adds up the gradients
   * of its shards before it exchanges them once a step: more shards than ranks accumulate
   * gradients, in less memory. Default 0: a loop takes 1, a job a number that suits its executors.
   */
  public TrainSettings shards(int count) {
    return with(s -> s.shards = count);
  }

  /** Returns the seed of the order of rows and of random numbers in the model. */
  public long seed() {
    return seed;
  }

  /** Sets the seed of the order of rows and of random numbers in the model (default 0). */
  public TrainSettings seed(long value) {
    return with(s -> s.seed = value);
  }

  /** Returns the largest 2-norm of the gradient; 0: no clipping. */
  public double maxGradNorm() {
    return maxGradNorm;
  }

  /** Scales the gradient down to at most this 2-norm (default 0: never). */
  public TrainSettings maxGradNorm(double norm) {
    return with(s -> s.maxGradNorm = norm);
  }

  /** Returns the bytes of gradients that are sent together. */
  public long bucketBytes() {
    return bucketBytes;
  }

  /**
   * Sets the bytes of gradients that are sent together, ≥ 1 (default 25 MiB); the first and the
   * last bucket have at most 1 MiB.
   */
  public TrainSettings bucketBytes(long bytes) {
    return with(s -> s.bucketBytes = bytes);
  }

  /** Returns the type of gradients between ranks. */
  public DType gradientType() {
    return gradientType;
  }

  /**
   * Sets the type of gradients between ranks: FLOAT32 (default), or BFLOAT16, to which FLOAT32
   * gradients are rounded (to nearest, ties to even): the gradient of each shard, and the sum of
   * all; additions are FLOAT32. So the bits still do not depend on the number of ranks.
   */
  public TrainSettings gradientType(DType type) {
    return with(s -> s.gradientType = type);
  }

  /** Returns whether each rank keeps and updates only its part of the optimizer's state. */
  public boolean shardOptimizer() {
    return shardOptimizer;
  }

  /**
   * Sets whether each rank keeps and steps only its part of the optimizer's state (ZeRO stage 1;
   * default false); the bits are the same. Gradients are then reduce-scattered and parameters
   * all-gathered, as many bytes as an all-reduce; with {@link #maxGradNorm} gradients are
   * all-reduced all the same, half as much again.
   */
  public TrainSettings shardOptimizer(boolean value) {
    return with(s -> s.shardOptimizer = value);
  }

  /** Returns whether forward and backward are captured as a graph of kernels. */
  public boolean captureGraph() {
    return captureGraph;
  }

  /**
   * Sets whether forward and backward are captured as a graph of kernels where the model's device
   * can do that (CUDA; default false): the host then launches all of them at once, which pays for
   * small models. The loss function runs on the host twice for each set of batch shapes, and then
   * no more: what it does besides tensor operations (counting, logging, hooks) is not repeated. It
   * must not wait for the device. The bits are the same.
   */
  public TrainSettings captureGraph(boolean value) {
    return with(s -> s.captureGraph = value);
  }

  /** Returns the reaction to a loss that is NaN or infinite. */
  public NonFinite nonFinite() {
    return nonFinite;
  }

  /** Sets what a loss that is NaN or infinite does (default {@link NonFinite#STOP}). */
  public TrainSettings nonFinite(NonFinite policy) {
    return with(s -> s.nonFinite = policy);
  }
}
