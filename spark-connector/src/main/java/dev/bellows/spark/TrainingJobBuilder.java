package dev.bellows.spark;

import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.spark.data.Column;
import dev.bellows.train.LossFunction;
import dev.bellows.train.NonFinite;
import dev.bellows.train.Predictor;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Describes a {@link TrainingJob}. Functions given here run on executors, so what they capture must
 * be serializable. Settings are checked when the job runs, all together.
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
  private Metric<M> metric;
  private JobSettings settings = JobSettings.defaults();

  TrainingJobBuilder(SparkSession spark, SerializableSupplier<M> model) {
    this.spark = spark;
    this.model = model;
  }

  /** The mean loss over a batch's rows, one element. */
  public TrainingJobBuilder<M> loss(LossFunction<M> value) {
    loss = value;
    return this;
  }

  /** The optimizer of the model's parameters. */
  public TrainingJobBuilder<M> optimizer(OptimizerFactory value) {
    optimizer = value;
    return this;
  }

  /** The learning rate of each step, evaluated on the driver; default: the optimizer's own. */
  public TrainingJobBuilder<M> learningRate(LearningRate value) {
    learningRate = value;
    return this;
  }

  /** The training rows, and what of them a batch holds. */
  public TrainingJobBuilder<M> data(Dataset<Row> frame, Column... inputs) {
    data = frame;
    columns = List.of(inputs);
    return this;
  }

  /** Rows to measure the model on, with the columns of the training rows. */
  public TrainingJobBuilder<M> evaluation(Dataset<Row> frame) {
    evaluation = frame;
    return this;
  }

  /** Measures accuracy on the evaluation rows: how often the largest logit is that of the label. */
  public TrainingJobBuilder<M> predict(Predictor<M> logits, String labelColumn) {
    metric = Metric.accuracy(logits, labelColumn);
    return this;
  }

  /** Measures something else on the evaluation rows. */
  public TrainingJobBuilder<M> metric(Metric<M> value) {
    metric = value;
    return this;
  }

  /** Whether to evaluate after every epoch and not only at the end (default: no). */
  public TrainingJobBuilder<M> evaluateEpochs(boolean value) {
    settings = settings.evaluateEpochs(value);
    return this;
  }

  /** Rows of one evaluation batch (default 256). */
  public TrainingJobBuilder<M> evaluationBatch(int rows) {
    settings = settings.evaluationBatch(rows);
    return this;
  }

  /** Rows of one step over all executors (default 32). */
  public TrainingJobBuilder<M> globalBatch(int rows) {
    settings = settings.train(s -> s.globalBatch(rows));
    return this;
  }

  /** Passes over the data (default 1). */
  public TrainingJobBuilder<M> epochs(int count) {
    settings = settings.epochs(count);
    return this;
  }

  /** Decides initial weights, order of rows and dropout (default 0). */
  public TrainingJobBuilder<M> seed(long value) {
    settings = settings.train(s -> s.seed(value));
    return this;
  }

  /** Number of executors, one rank on each task slot (default: all slots there are). */
  public TrainingJobBuilder<M> executors(int count) {
    settings = settings.executors(count);
    return this;
  }

  /** With how few executors training goes on after some were lost (default 1). */
  public TrainingJobBuilder<M> minExecutors(int count) {
    settings = settings.minExecutors(count);
    return this;
  }

  /**
   * Number of logical shards a global batch is cut into, which decides the bits of the result and
   * bounds the number of executors (default: the executors rounded up to a power of two, or what
   * the checkpoint says).
   */
  public TrainingJobBuilder<M> shards(int count) {
    settings = settings.train(s -> s.shards(count));
    return this;
  }

  /** Where checkpoints go, on storage that driver and executors share, and how often. */
  public TrainingJobBuilder<M> checkpoint(String directory, CheckpointInterval every) {
    settings = settings.checkpoint(directory, every);
    return this;
  }

  /** How many checkpoints stay (default 3). */
  public TrainingJobBuilder<M> keepLast(int count) {
    settings = settings.keepLast(count);
    return this;
  }

  /** What to do with checkpoints of an earlier run (default {@link Resume#NEVER}). */
  public TrainingJobBuilder<M> resume(Resume value) {
    settings = settings.resume(value);
    return this;
  }

  /**
   * Where the data is laid down for the executors, on storage that they share with the driver
   * (default: the checkpoint directory, or else a temporary directory, for clusters of one
   * machine).
   */
  public TrainingJobBuilder<M> storage(String directory) {
    settings = settings.storage(directory);
    return this;
  }

  /**
   * Where the trained weights go (default: {@code model.safetensors} with the checkpoints, or in
   * the storage; without any directory a temporary file, which goes with this JVM).
   */
  public TrainingJobBuilder<M> modelFile(String file) {
    settings = settings.modelFile(file);
    return this;
  }

  /** What a loss that is NaN or infinite does (default {@link NonFinite#STOP}). */
  public TrainingJobBuilder<M> nonFinite(NonFinite value) {
    settings = settings.train(s -> s.nonFinite(value));
    return this;
  }

  /** Bytes of gradients that are sent together (default 25 MiB). */
  public TrainingJobBuilder<M> bucketBytes(long bytes) {
    settings = settings.train(s -> s.bucketBytes(bytes));
    return this;
  }

  /** Scales gradients down to at most this 2-norm (default: never). */
  public TrainingJobBuilder<M> maxGradNorm(double norm) {
    settings = settings.train(s -> s.maxGradNorm(norm));
    return this;
  }

  /**
   * BFLOAT16: gradients are rounded for the way between executors, which halves their bytes where
   * each executor has one shard (default FLOAT32: not rounded). Additions are FLOAT32, and the bits
   * of the result still do not depend on the number of executors.
   */
  public TrainingJobBuilder<M> gradientType(DType type) {
    settings = settings.train(s -> s.gradientType(type));
    return this;
  }

  /**
   * Whether each executor keeps and steps only its part of the optimizer's state (ZeRO stage 1;
   * default false): the same bits with the memory of the state divided by the executors.
   */
  public TrainingJobBuilder<M> shardOptimizer(boolean value) {
    settings = settings.train(s -> s.shardOptimizer(value));
    return this;
  }

  /**
   * Whether forward and backward become a graph of kernels on executors that have a GPU (default
   * false), which pays for small models; see {@link
   * dev.bellows.train.TrainSettings#captureGraph(boolean)} for what the loss function must not do.
   * The bits are the same.
   */
  public TrainingJobBuilder<M> captureGraph(boolean value) {
    settings = settings.train(s -> s.captureGraph(value));
    return this;
  }

  /** How often training starts again after executors were lost (default 3). */
  public TrainingJobBuilder<M> maxRestarts(int count) {
    settings = settings.maxRestarts(count);
    return this;
  }

  /** How long to wait for what. */
  public TrainingJobBuilder<M> timeouts(Timeouts value) {
    settings = settings.timeouts(value);
    return this;
  }

  /** Hears of the job while it runs; see {@link ProgressPrinter}. */
  public TrainingJobBuilder<M> listener(TrainingListener value) {
    listeners.add(value);
    return this;
  }

  /** The job. */
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
