package dev.bellows.spark;

import dev.bellows.nn.Module;
import dev.bellows.spark.data.Column;
import dev.bellows.train.LossFunction;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Functions, data and settings of a job as given by the user; null if not given. */
record JobConfig<M extends Module>(
    SparkSession spark,
    SerializableSupplier<M> model,
    LossFunction<M> loss,
    OptimizerFactory optimizer,
    LearningRate learningRate,
    Dataset<Row> data,
    List<Column> columns,
    Dataset<Row> evaluation,
    EvaluationMetric<M, ?> metric,
    JobSettings settings,
    List<TrainingListener> listeners) {

  /** Returns the settings that compare results of evaluations. */
  List<String> comparing() {
    var users = metricUsers();
    if (settings.resume() == Resume.BEST) {
      users.add("resume(BEST)");
    }
    return users;
  }

  /** Returns the settings that need an evaluation after each epoch. */
  List<String> metricUsers() {
    var users = new ArrayList<String>();
    if (learningRate != null && learningRate.needsEvaluations()) {
      users.add("learningRate(plateau)");
    }
    if (settings.rules().stopsEarly()) {
      users.add("earlyStopping");
    }
    if (settings.rules().keepBest()) {
      users.add("keepBest");
    }
    return users;
  }
}
