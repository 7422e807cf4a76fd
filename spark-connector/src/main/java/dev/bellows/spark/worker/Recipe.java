package dev.bellows.spark.worker;

import dev.bellows.nn.Module;
import dev.bellows.spark.EvaluationMetric;
import dev.bellows.spark.JobSettings;
import dev.bellows.spark.OptimizerFactory;
import dev.bellows.spark.SerializableSupplier;
import dev.bellows.train.LossFunction;
import java.io.Serializable;

/**
 * Holds the functions and settings of a job, equal for all ranks.
 *
 * @param model makes the model
 * @param loss mean over a batch's rows
 * @param optimizer makes the optimizer
 * @param metric null: no evaluation
 * @param data training rows
 * @param evaluation evaluation rows; null: no evaluation
 * @param settings of the job, with the number of shards decided
 * @param <M> the model
 */
public record Recipe<M extends Module>(
    SerializableSupplier<M> model,
    LossFunction<M> loss,
    OptimizerFactory optimizer,
    EvaluationMetric<M, ?> metric,
    SourceFactory data,
    SourceFactory evaluation,
    JobSettings settings)
    implements Serializable {}
