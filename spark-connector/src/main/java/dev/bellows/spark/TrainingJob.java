package dev.bellows.spark;

import dev.bellows.nn.Module;
import java.security.SecureRandom;
import org.apache.spark.sql.SparkSession;

/**
 * Trains a model on the executors of a Spark application.
 *
 * <pre>{@code
 * var result = TrainingJob.builder(spark)
 *     .model(() -> new LeNet())
 *     .loss((model, batch) -> crossEntropy(model.call(batch.input("image")), batch.input("label")))
 *     .optimizer(params -> new AdamW(params, 1e-3))
 *     .data(frame, column("image", FLOAT32, 1, 28, 28), column("label", INT64))
 *     .globalBatch(256).epochs(5).seed(1)
 *     .checkpoint("hdfs:///runs/lenet", everySteps(500))
 *     .resume(AUTO)
 *     .build().run();
 * }</pre>
 *
 * <p>The trained weights depend on model, data, seed, global batch and number of shards alone, not
 * on the number of executors or on executors that were lost.
 */
public final class TrainingJob {
  private final JobConfig<?> config;

  TrainingJob(JobConfig<?> config) {
    this.config = config;
  }

  /** Starts a builder of a job. */
  public static Start builder(SparkSession spark) {
    return new Start(spark);
  }

  /**
   * Trains and returns when the trained weights are written.
   *
   * @throws BellowsException {@code USER}: settings, data or model are wrong, all problems of the
   *     settings together and before any executor starts, or the job was cancelled in Spark; {@code
   *     RETRYABLE}: executors were lost too often, or never came; {@code FATAL}: ranks disagree
   */
  public TrainingResult run() {
    return new JobRunner<>(config, new SecureRandom(), Time.SYSTEM).run();
  }

  /** Builder of a job without a model. */
  public static final class Start {
    private final SparkSession spark;

    private Start(SparkSession spark) {
      this.spark = spark;
    }

    /**
     * Sets the model, which is created on every executor with equal weights: the default generator
     * starts from the job's seed.
     */
    public <M extends Module> TrainingJobBuilder<M> model(SerializableSupplier<M> model) {
      return new TrainingJobBuilder<>(spark, model);
    }
  }
}
