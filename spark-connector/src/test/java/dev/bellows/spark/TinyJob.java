package dev.bellows.spark;

import static dev.bellows.spark.data.Column.column;

import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.optim.Adam;
import dev.bellows.optim.schedule.ReduceLROnPlateau;
import dev.bellows.spark.data.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A Spark application with executors in separate JVMs, and the tiny job on it. */
final class TinyJob {
  private TinyJob() {}

  static SparkSession localCluster(int executors) {
    return localClusterBuilder(executors).getOrCreate();
  }

  static SparkSession.Builder localClusterBuilder(int executors) {
    return SparkSession.builder()
        .master("local-cluster[" + executors + ",1,1024]")
        .appName("bellows-test")
        .config("spark.ui.enabled", "false")
        .config("spark.executor.memory", "600m")
        .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1");
  }

  /**
   * The strictest settings of Spark's serializer; code that works under them works under others.
   */
  static Map<String, String> strictSerializer() {
    return Map.of(
        "spark.serializer",
        "org.apache.spark.serializer.KryoSerializer",
        "spark.kryo.registrationRequired",
        "true",
        "spark.kryo.referenceTracking",
        "false",
        "spark.kryo.unsafe",
        "true");
  }

  static Column[] columns() {
    return new Column[] {column("x", DType.FLOAT32, Tiny.FEATURES), column("y", DType.INT64)};
  }

  static Dataset<Row> frame(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < Tiny.ROWS; row++) {
      var features = new ArrayList<Float>();
      for (var value : Tiny.features(row)) {
        features.add(value);
      }
      rows.add(RowFactory.create(features, Tiny.label(row)));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("x", DataTypes.createArrayType(DataTypes.FloatType))
            .add("y", DataTypes.LongType));
  }

  static TrainingJobBuilder<Tiny.Net> job(SparkSession spark, Dataset<Row> frame) {
    return TrainingJob.builder(spark)
        .model(() -> new Tiny.Net(8))
        .loss(Tiny::loss)
        .optimizer(parameters -> new Adam(parameters, 0.01))
        .data(frame, columns())
        .evaluation(frame)
        .predict(Tiny::logits, "y")
        .globalBatch(16)
        .shards(4)
        .epochs(3)
        .seed(7);
  }

  /**
   * A job with all that has a state: batch statistics, dropout, a rate that the metric changes, an
   * average of the weights and early stopping, which ends it.
   */
  static TrainingJobBuilder<Tiny.NormNet> stateful(SparkSession spark, Dataset<Row> frame) {
    return TrainingJob.builder(spark)
        .model(() -> new Tiny.NormNet(8))
        // Equal method references of one class are deserialized as one, of the type of the first.
        .loss((model, batch) -> Tiny.loss(model, batch))
        .optimizer(parameters -> new Adam(parameters, 0.3))
        .learningRate(
            LearningRate.plateau(0.3, ReduceLROnPlateau.options().factor(0.5).patience(0)))
        .average(WeightAverage.ema(0.7))
        .data(frame, columns())
        .evaluation(frame)
        .metric(Tiny::lossSum, ReduceLROnPlateau.Mode.MIN)
        .evaluationBatch(8)
        .earlyStopping(2)
        .globalBatch(13) // else the last shard of an epoch would have one row
        .shards(4)
        .epochs(40)
        .seed(7);
  }

  /** The same job, so slow that there is time to kill something. */
  static <M extends Module> TrainingJobBuilder<M> slow(TrainingJobBuilder<M> job) {
    return job.loss(
        (model, batch) -> {
          try {
            Thread.sleep(50);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return Tiny.loss(model, batch);
        });
  }
}
