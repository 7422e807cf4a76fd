package dev.bellows.train;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.optim.GradClip;
import dev.bellows.optim.Optimizer;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The train loop of one rank, alone or one of many.
 *
 * <p>The rows of an epoch come in the order of a permutation keyed by (seed, epoch), cut into
 * global batches; the last batch of an epoch may be smaller. A batch is cut into S logical shards
 * of consecutive positions, whose sizes differ by at most one; a smaller last batch is cut into
 * fewer shards if some had a single row. For each of its shards this rank runs forward and
 * backward, with its own random numbers and the loss weighted by the shard's part of the batch; the
 * gradient of the step is the sum over all shards in the order of the {@link ReductionTree}. So the
 * weights after any step depend on model, data, seed, batch size and S, but not on how the shards
 * are dealt out to ranks.
 *
 * <p>While a shard is computed, the rows of the next one are gathered by another thread, if the
 * source gives its batches on the CPU; an error of the source comes from the step that uses the
 * rows.
 *
 * <p>A buffer that forward changes follows its {@link dev.bellows.nn.BufferRule}, from the values
 * of all shards, too.
 *
 * <p>A model with {@link dev.bellows.nn.layer.SyncBatchNorm} has all shards of the rank under way
 * at * once, each in its own thread, of which one runs at a time; memory is that of all of them.
 *
 * <p>A parameter that no shard's loss depends on counts as having the gradient 0 (PyTorch passes it
 * over): weight decay and momentum continue. Freeze it before the loop is made to leave it alone.
 *
 * <p>Not thread-safe; all calls come from one thread.
 *
 * @param <M> the model's class
 */
public final class TrainLoop<M extends Module> implements AutoCloseable {
  private final M model;
  private final LossFunction<M> loss;
  private final Optimizer optimizer;
  private final TrainSettings settings;
  private final int shards;
  private final ReductionTree.Range range;
  private final Device device;
  private final GradientBuckets buckets;
  private final ShardGraphs<M> graphs;
  private final ShardBuffers shardBuffers;
  private final GatherAhead gather;
  private final ShardTurns turns;
  private StepPosition position;

  private TrainLoop(Builder<M> b) {
    this.model = b.model;
    this.loss = b.loss;
    this.optimizer = b.optimizer;
    this.settings = b.settings;
    this.shards = b.shards();
    this.range = b.range == null ? new ReductionTree.Range(0, shards) : b.range;
    this.device = ModelDevice.of(model); // the buckets see to it that it stays
    // A norm of the whole gradient with the same bits on every rank needs the whole gradient.
    this.buckets =
        new GradientBuckets(
            model.parameters(),
            settings.bucketBytes(),
            shards,
            range,
            b.exchange,
            settings.gradientType() == DType.BFLOAT16,
            settings.shardOptimizer() && settings.maxGradNorm() == 0);
    if (settings.shardOptimizer()) {
      optimizer.partition(buckets.partition());
    }
    this.shardBuffers = new ShardBuffers(model, shards, range, b.exchange);
    this.turns = ShardTurns.of(model, shards, range, b.exchange);
    if (turns != null) {
      buckets.hold();
    }
    this.graphs =
        settings.captureGraph() ? new ShardGraphs<>(model, loss, buckets, turns != null) : null;
    this.gather = new GatherAhead(b.source, settings, shards, range);
    this.position = between(0);
  }

  /** Starts the description of a loop. */
  public static <M extends Module> Builder<M> builder(
      M model, LossFunction<M> loss, Optimizer optimizer, BatchSource source) {
    return new Builder<>(model, loss, optimizer, source);
  }

  /** Steps that one pass over the rows takes: rows / globalBatch, rounded up. */
  public long stepsPerEpoch() {
    return gather.stepsPerEpoch();
  }

  /** Returns the model. */
  public M model() {
    return model;
  }

  /** Returns the optimizer. */
  public Optimizer optimizer() {
    return optimizer;
  }

  /** Returns the position of the loop; after {@link #step} threw, where it was. */
  public StepPosition position() {
    return position;
  }

  private StepPosition between(long step) {
    return new StepPosition(StepPosition.Code.LOOP, step, -1, shards, new long[0]);
  }

  /**
   * Runs one step.
   *
   * @param step its number since the start of training, from 0
   * @throws NonFiniteLossException if a loss is NaN or infinite and the loop stops at that
   * @throws dev.bellows.errors.TrainingException ({@code USER}) if forward changed a buffer without
   *     a {@link dev.bellows.nn.BufferRule}
   */
  public StepReport step(long step) {
    shardBuffers.begin();
    try {
      return run(step);
    } catch (RuntimeException | Error e) {
      shardBuffers.restore();
      throw e;
    }
  }

  private StepReport run(long step) {
    long start = System.nanoTime();
    position = between(step);
    ShardsOfStep own = new ShardsOfStep(step);
    model.train();
    buckets.begin();
    try {
      own.runAll();
      position = between(step);
    } finally {
      buckets.stopCollecting();
    }
    if (range.size() == 0) {
      buckets.startWithoutShards();
    }
    double norm = Double.NaN;
    long waited;
    try (TensorScope scope = TensorScope.open()) {
      waited = buckets.finish();
      shardBuffers.finish();
      if (settings.maxGradNorm() > 0) {
        norm = GradClip.clipGradNorm(model.parameters(), settings.maxGradNorm());
      }
      optimizer.step();
      optimizer.zeroGrad();
      if (settings.shardOptimizer()) {
        waited += gatherParameters();
      }
    }
    return new StepReport(
        step,
        step / stepsPerEpoch(),
        range.first(),
        own.loss,
        own.rows,
        norm,
        waited,
        System.nanoTime() - start);
  }

  /** Runs this rank's shards of a step; the state of the loop changes with the shard that runs. */
  private final class ShardsOfStep implements ShardTurns.Steps {
    private final long step;
    private final long batchRows;
    private final double[] loss = new double[range.size()];
    private final long[] rows = new long[range.size()];
    private final Map<Integer, StepPosition> waiting = new HashMap<>();

    ShardsOfStep(long step) {
      this.step = step;
      this.batchRows = gather.batchRows(step);
    }

    void runAll() {
      int first = range.first();
      if (turns != null) {
        int used = gather.shardsWithRows(step);
        turns.run(used, this);
        first = Math.max(first, Math.min(used, range.end()));
      }
      for (int shard = first; shard < range.end(); shard++) {
        run(shard);
      }
    }

    @Override
    public void run(int shard) {
      long[] numbers = gather.rows(step, shard);
      int local = shard - range.first();
      rows[local] = numbers.length;
      buckets.beginShard(shard);
      double weight = (double) numbers.length / batchRows;
      if (numbers.length > 0) {
        loss[local] = runShard(step, shard, numbers, weight);
      }
      buckets.endShard();
      shardBuffers.endShard(shard, weight);
    }

    @Override
    public void leave(int shard) {
      waiting.put(shard, position);
      shardBuffers.leaveShard(shard);
    }

    @Override
    public void enter(int shard) {
      position = waiting.get(shard);
      shardBuffers.enterShard(shard);
      buckets.resumeShard(shard);
    }
  }

  /** Returns how many shards ran as captured graphs so far; for tests. */
  long graphLaunches() {
    return graphs == null ? 0 : graphs.launches();
  }

  @SuppressWarnings("try")
  private long gatherParameters() {
    long start = System.nanoTime();
    try (GradMode mode = GradMode.noGrad()) {
      buckets.gatherParameters();
    }
    return System.nanoTime() - start;
  }

  /**
   * Gives each tensor of the optimizer's state, whole, by its key in {@link Optimizer#stateDict},
   * in order. If the state is sharded, every rank must call this, and a tensor is closed after
   * {@code each} has returned, so that one rank never holds all of them.
   */
  public void optimizerTensors(BiConsumer<String, Tensor> each) {
    optimizer.eachState(
        (parameter, key, tensor) -> {
          if (!settings.shardOptimizer()) {
            each.accept(key, tensor);
            return;
          }
          try (TensorScope scope = TensorScope.open()) {
            each.accept(key, buckets.gather(parameter, tensor));
          }
        });
  }

  /** Returns the bytes of each tensor that {@link #optimizerTensors} gives. */
  public Map<String, Long> optimizerBytes() {
    Map<String, Long> bytes = new LinkedHashMap<>();
    optimizer.eachState(
        (parameter, key, tensor) -> {
          Tensor whole = settings.shardOptimizer() ? parameter : tensor;
          bytes.put(key, whole.numel() * tensor.dtype().bytes());
        });
    return bytes;
  }

  private double runShard(long step, int shard, long[] rows, double weight) {
    position = new StepPosition(StepPosition.Code.LOOP, step, shard, shards, rows);
    Generator before = Generator.current();
    try (TensorScope scope = TensorScope.open()) {
      Batch batch = gather.take(step, shard, rows);
      if (graphs != null && graphs.accepts(device, batch, weight)) {
        position = position.in(StepPosition.Code.LOSS);
        double mean = graphs.run(batch);
        requireFinite(mean);
        graphs.take();
        return mean;
      }
      Batch there = batch.to(device);
      position = position.in(StepPosition.Code.LOSS);
      Tensor value = value(loss, model, there);
      double mean = value.item();
      requireFinite(mean);
      position = position.in(StepPosition.Code.BACKWARD);
      value.backward(Tensor.fullLike(value.detach(), weight));
      position = position.in(StepPosition.Code.LOOP);
      return mean;
    } finally {
      Generator.setCurrent(before);
    }
  }

  static <M extends Module> Tensor value(LossFunction<M> loss, M model, Batch batch) {
    Tensor value = loss.apply(model, batch);
    if (value == null) {
      throw new IllegalArgumentException("the loss must be a tensor; got null");
    }
    return value;
  }

  private void requireFinite(double mean) {
    if (settings.nonFinite() == NonFinite.STOP && !Double.isFinite(mean)) {
      throw new NonFiniteLossException(position, mean);
    }
  }

  /**
   * Releases what the loop holds. Waits at most 15 s for rows that are gathered ahead.
   *
   * @throws dev.bellows.errors.TrainingException ({@code RETRYABLE}) if the source's gather does
   *     not end, not even when interrupted; all else is released
   */
  @Override
  public void close() {
    try {
      gather.close();
    } finally {
      if (graphs != null) {
        graphs.close();
      }
      if (turns != null) {
        turns.close();
      }
      shardBuffers.close();
      buckets.close();
    }
  }

  /**
   * Describes a {@link TrainLoop}.
   *
   * @param <M> the model's class
   */
  public static final class Builder<M extends Module> {
    private final M model;
    private final LossFunction<M> loss;
    private final Optimizer optimizer;
    private final BatchSource source;
    private TrainSettings settings = TrainSettings.defaults();
    private ReductionTree.Range range;
    private GradientExchange exchange = GradientExchange.LOCAL;

    private Builder(M model, LossFunction<M> loss, Optimizer optimizer, BatchSource source) {
      this.model = model;
      this.loss = loss;
      this.optimizer = optimizer;
      this.source = source;
    }

    /** Sets all settings at once; default {@link TrainSettings#defaults}. */
    public Builder<M> settings(TrainSettings value) {
      this.settings = value;
      return this;
    }

    /** Sets the shards [first, end) of this rank; default all. */
    public Builder<M> shardRange(int first, int end) {
      this.range = new ReductionTree.Range(first, end);
      return this;
    }

    /** Sets {@link TrainSettings#globalBatch(int)}. */
    public Builder<M> globalBatch(int rows) {
      return settings(settings.globalBatch(rows));
    }

    /** Sets {@link TrainSettings#shards(int)}. */
    public Builder<M> shards(int count) {
      return settings(settings.shards(count));
    }

    /** Sets {@link TrainSettings#seed(long)}. */
    public Builder<M> seed(long value) {
      return settings(settings.seed(value));
    }

    /** Sets {@link TrainSettings#maxGradNorm(double)}. */
    public Builder<M> maxGradNorm(double norm) {
      return settings(settings.maxGradNorm(norm));
    }

    /** Sets {@link TrainSettings#bucketBytes(long)}. */
    public Builder<M> bucketBytes(long bytes) {
      return settings(settings.bucketBytes(bytes));
    }

    /** Sets {@link TrainSettings#gradientType(DType)}. */
    public Builder<M> gradientType(DType type) {
      return settings(settings.gradientType(type));
    }

    /** Sets {@link TrainSettings#shardOptimizer(boolean)}. */
    public Builder<M> shardOptimizer(boolean value) {
      return settings(settings.shardOptimizer(value));
    }

    /** Sets {@link TrainSettings#captureGraph(boolean)}. */
    public Builder<M> captureGraph(boolean value) {
      return settings(settings.captureGraph(value));
    }

    /** Sets {@link TrainSettings#nonFinite(NonFinite)}. */
    public Builder<M> nonFinite(NonFinite policy) {
      return settings(settings.nonFinite(policy));
    }

    /** Sets how gradients are summed over ranks; default {@link GradientExchange#LOCAL}. */
    public Builder<M> exchange(GradientExchange value) {
      this.exchange = value;
      return this;
    }

    /**
     * Makes the loop.
     *
     * @throws IllegalArgumentException naming every setting that is out of range
     */
    public TrainLoop<M> build() {
      List<String> problems = settings.problems();
      if (range != null && range.end() > shards()) {
        problems.add(message("shardRange must lie in the shards; got %s of %s", range, shards()));
      }
      if (source.rows() <= 0) {
        problems.add("data must have rows; got none");
      }
      problems.addAll(settings.problems(optimizer, model.parameters()));
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException("trainLoop: " + String.join("; ", problems));
      }
      return new TrainLoop<>(this);
    }

    private int shards() {
      return Math.max(1, settings.shards());
    }
  }
}
