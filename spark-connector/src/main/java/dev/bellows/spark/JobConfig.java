package dev.bellows.spark;

import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.spark.data.Column;
import dev.bellows.train.LossFunction;
import dev.bellows.train.NonFinite;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * All settings of a job as the user gave them; a number that was not given is 0, another thing
 * null.
 */
record JobConfig<M extends Module>(
    SparkSession spark,
    SerializableSupplier<M> model,
    LossFunction<M> loss,
    OptimizerFactory optimizer,
    LearningRate learningRate,
    Dataset<Row> data,
    List<Column> columns,
    Dataset<Row> evaluation,
    Metric<M> metric,
    boolean evaluateEpochs,
    int evaluationBatch,
    int globalBatch,
    int epochs,
    long seed,
    int executors,
    int minExecutors,
    int shards,
    String checkpointDirectory,
    CheckpointInterval interval,
    int keepLast,
    Resume resume,
    String storage,
    String modelFile,
    NonFinite nonFinite,
    long bucketBytes,
    double maxGradNorm,
    DType gradientType,
    boolean shardOptimizer,
    boolean captureGraph,
    int maxRestarts,
    Timeouts timeouts,
    List<TrainingListener> listeners) {}
