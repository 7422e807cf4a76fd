package dev.bellows.spark;

import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import dev.bellows.spark.data.Column;
import dev.bellows.train.LossFunction;
import dev.bellows.train.NonFinite;
import dev.bellows.train.Predictor;
import dev.bellows.train.metric.Accuracy;
import dev.bellows.train.metric.RunningMetric;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Builds a {@link TrainingJob}. Functions given here run on executors, so what they capture must be
 * serializable. The job checks all settings before it starts and reports all problems together.
 *
 * @param <M> the model
 */
public final class TrainingJobBuilder<M extends Module> {
  private final SparkSession spark;
  private final SerializableSupplier<M> model;
  private final List<TrainingListener> listeners = new ArrayList<>();
  private LossFunction<M> loss;
  private OptimizerFactory optimizer;
  private LearningRate learningRate;
  private Dataset<Row> data;
  private List<Column> columns = List.of();
  private Dataset<Row> evaluation;
  private EvaluationMetric<M, ?> metric;
  private JobSettings settings = JobSettings.defaults();

  TrainingJobBuilder(SparkSession spark, SerializableSupplier<M> model) {
    this.spark = spark;
    this.model = model;
  }

  /** Sets the loss: the mean over the rows of a batch, a tensor of one element. */
  public TrainingJobBuilder<M> loss(LossFunction<M> value) {
    loss = value;
    return this;
  }

  /** Sets the optimizer of the model's parameters. */
  public TrainingJobBuilder<M> optimizer(OptimizerFactory value) {
    optimizer = value;
    return this;
  }

  /**
   * Sets the learning rate of each step, evaluated on the driver (default: the optimizer's own). It
   * is that of the first parameter group; other groups keep their ratio to it.
   */
  public TrainingJobBuilder<M> learningRate(LearningRate value) {
    learningRate = value;
    return this;
  }

  /** Sets the training rows, and the columns that a batch holds. */
  public TrainingJobBuilder<M> data(Dataset<Row> frame, Column... inputs) {
    data = frame;
    columns = List.of(inputs);
    return this;
  }

  /** Sets the rows to evaluate the model on; they have the columns of the training rows. */
  public TrainingJobBuilder<M> evaluation(Dataset<Row> frame) {
    evaluation = frame;
    return this;
  }

  /** Evaluates accuracy: the share of rows whose largest logit is that of the label. */
  public TrainingJobBuilder<M> predict(Predictor<M> logits, String labelColumn) {
    return metric(Accuracy::new, new AccuracyUpdate<>(logits, labelColumn), Mode.MAX);
  }

  /** Evaluates the mean over rows of a sum, which is reported and decides nothing. */
  public TrainingJobBuilder<M> metric(Metric<M> value) {
    return metric(value, null);
  }

  /** Evaluates the mean over rows of a sum, and sets which of its values are better. */
  public TrainingJobBuilder<M> metric(Metric<M> value, Mode better) {
    return evaluate(value == null ? null : EvaluationMetric.of(value), better);
  }

  /**
   * Evaluates a metric of {@link dev.bellows.train.metric}, or a subclass of the user's:
   *
   * <pre>{@code
   * .metric(
   *     () -> new F1Score(10, Averaging.MACRO),
   *     (f1, net, batch) -> f1.update(net.call(batch.input("image")), batch.input("label")),
   *     Mode.MAX)
   * }</pre>
   *
   * <p>Each executor updates its own with some of the batches, and their states are merged.
   *
   * @param create makes a metric that has seen no rows
   * @param update collects a batch
   * @param better which values are better
   */
  public <R extends RunningMetric> TrainingJobBuilder<M> metric(
      SerializableSupplier<R> create, MetricUpdate<M, R> update, Mode better) {
    return evaluate(new EvaluationMetric<>(create, update), better);
  }

  private TrainingJobBuilder<M> evaluate(EvaluationMetric<M, ?> value, Mode better) {
    metric = value;
    settings = settings.better(better);
    return this;
  }

  /** Sets whether to evaluate after every epoch and not only at the end (default false). */
  public TrainingJobBuilder<M> evaluateEpochs(boolean value) {
    settings = settings.evaluateEpochs(value);
    return this;
  }

  /** Stops training early; works like {@link #earlyStopping(int, double)} with minDelta 0. */
  public TrainingJobBuilder<M> earlyStopping(int patience) {
    return earlyStopping(patience, 0);
  }

  /**
   * Stops training after {@code patience} evaluations in a row without improvement, counted from
   * the best one (default 0: never), and gives the best weights as the result, also after all
   * epochs. The metric is then evaluated after each epoch. Training stops at once when the metric
   * is NaN or infinite; if it never was a number before, that is an error. Source: PyTorch
   * Lightning's {@code EarlyStopping}.
   *
   * @param minDelta a change of the metric of at most this is no improvement, ≥ 0
   */
  public TrainingJobBuilder<M> earlyStopping(int patience, double minDelta) {
    settings = settings.earlyStopping(patience, minDelta);
    return this;
  }

  /**
   * Sets the average of the weights that is kept while they are trained, evaluated, saved in
   * checkpoints and given as the result (default: none).
   */
  public TrainingJobBuilder<M> average(WeightAverage value) {
    settings = settings.average(value);
    return this;
  }

  /** Sets the rows of one evaluation batch, ≥ 1 (default 256). */
  public TrainingJobBuilder<M> evaluationBatch(int rows) {
    settings = settings.evaluationBatch(rows);
    return this;
  }

  /** Sets the rows of one step over all executors, ≥ 1 (default 32). */
  public TrainingJobBuilder<M> globalBatch(int rows) {
    settings = settings.train(s -> s.globalBatch(rows));
    return this;
  }

  /** Sets the number of passes over the data, ≥ 1 (default 1). */
  public TrainingJobBuilder<M> epochs(int count) {
    settings = settings.epochs(count);
    return this;
  }

  /** Sets the seed of initial weights, order of rows and dropout (default 0). */
  public TrainingJobBuilder<M> seed(long value) {
    settings = settings.train(s -> s.seed(value));
    return this;
  }

  /** Sets the number of executors, one rank per task slot (default: all available slots). */
  public TrainingJobBuilder<M> executors(int count) {
    settings = settings.executors(count);
    return this;
  }

  /** Sets the least number of executors to continue with after some were lost (default 1). */
  public TrainingJobBuilder<M> minExecutors(int count) {
    settings = settings.minExecutors(count);
    return this;
  }

  /**
   * Sets the number of logical shards that a global batch is cut into, which determines the bits of
   * the result and bounds the number of executors (default: the number of executors rounded up to a
   * power of two, or that of the checkpoint).
   */
  public TrainingJobBuilder<M> shards(int count) {
    settings = settings.train(s -> s.shards(count));
    return this;
  }

  /** Writes checkpoints to a directory on storage that driver and executors share. */
  public TrainingJobBuilder<M> checkpoint(String directory, CheckpointInterval every) {
    settings = settings.checkpoint(directory, every);
    return this;
  }

  /** Sets the number of checkpoints to keep, ≥ 1 (default 3). */
  public TrainingJobBuilder<M> keepLast(int count) {
    settings = settings.keepLast(count);
    return this;
  }

  /**
   * Sets whether the checkpoint with the best metric stays besides the last ones (default false).
   * The metric is then evaluated after each epoch, and each evaluation is followed by a checkpoint.
   * {@link Resume#BEST} continues from it.
   */
  public TrainingJobBuilder<M> keepBest(boolean value) {
    settings = settings.keepBest(value);
    return this;
  }

  /** Sets what to do with checkpoints of an earlier run (default {@link Resume#NEVER}). */
  public TrainingJobBuilder<M> resume(Resume value) {
    settings = settings.resume(value);
    return this;
  }

  /**
   * Sets the directory of the data snapshots, on storage that driver and executors share (default:
   * the checkpoint directory, or else a temporary directory, which suits clusters of one machine).
   */
  public TrainingJobBuilder<M> storage(String directory) {
    settings = settings.storage(directory);
    return this;
  }

  /**
   * Sets the file of the trained weights (default: {@code model.safetensors} in the storage or the
   * checkpoint directory; without either, a temporary file that is deleted when this JVM exits).
   */
  public TrainingJobBuilder<M> modelFile(String file) {
    settings = settings.modelFile(file);
    return this;
  }

  /** Sets what to do when a loss is NaN or infinite (default {@link NonFinite#STOP}). */
  public TrainingJobBuilder<M> nonFinite(NonFinite value) {
    settings = settings.train(s -> s.nonFinite(value));
    return this;
  }

  /** Sets the bytes of gradients that are sent together, ≥ 1 (default 25 MiB). */
  public TrainingJobBuilder<M> bucketBytes(long bytes) {
    settings = settings.train(s -> s.bucketBytes(bytes));
    return this;
  }

  /** Clips gradients to this 2-norm (default 0: no clipping). */
  public TrainingJobBuilder<M> maxGradNorm(double norm) {
    settings = settings.train(s -> s.maxGradNorm(norm));
    return this;
  }

  /**
   * Sets the type in which gradients are sent: FLOAT32 (default) or BFLOAT16, which halves their
   * bytes where each executor has one shard. Additions are FLOAT32, and the bits of the result do
   * not depend on the number of executors.
   */
  public TrainingJobBuilder<M> gradientType(DType type) {
    settings = settings.train(s -> s.gradientType(type));
    return this;
  }

  /**
   * Sets whether each executor keeps and steps only its part of the optimizer's state (ZeRO stage
   * 1; default false): the same bits, with the memory of the state divided by the number of
   * executors.
   */
  public TrainingJobBuilder<M> shardOptimizer(boolean value) {
    settings = settings.train(s -> s.shardOptimizer(value));
    return this;
  }

  /**
   * Sets whether executors with a GPU capture forward and backward as a graph of kernels (default
   * false), which is faster for small models; see {@link
   * dev.bellows.train.TrainSettings#captureGraph(boolean)} for what the loss function must not do.
   * The bits are the same.
   */
  public TrainingJobBuilder<M> captureGraph(boolean value) {
    settings = settings.train(s -> s.captureGraph(value));
    return this;
  }

  /** Sets how often training may restart from the newest checkpoint (default 3). */
  public TrainingJobBuilder<M> maxRestarts(int count) {
    settings = settings.maxRestarts(count);
    return this;
  }

  /** Sets the deadlines. */
  public TrainingJobBuilder<M> timeouts(Timeouts value) {
    settings = settings.timeouts(value);
    return this;
  }

  /** Adds a listener, as {@link ProgressPrinter}. */
  public TrainingJobBuilder<M> listener(TrainingListener value) {
    listeners.add(value);
    return this;
  }

  /** Builds the job. */
  public TrainingJob build() {
    return new TrainingJob(
        new JobConfig<>(
            spark,
            model,
            loss,
            optimizer,
            learningRate,
            data,
            columns,
            evaluation,
            metric,
            settings,
            List.copyOf(listeners)));
  }
}
