package dev.bellows.spark.worker;

import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.spark.Metric;
import dev.bellows.spark.OptimizerFactory;
import dev.bellows.spark.SerializableSupplier;
import dev.bellows.train.LossFunction;
import dev.bellows.train.NonFinite;
import java.io.Serializable;

/**
 * What is trained, and all that decides its bits.
 *
 * @param model makes the model
 * @param loss mean over a batch's rows
 * @param optimizer makes the optimizer
 * @param metric null: no evaluation
 * @param data training rows
 * @param evaluation evaluation rows; null: no evaluation
 * @param evaluationBatch rows of one evaluation batch
 * @param globalBatch rows of one step
 * @param shards logical shards
 * @param seed of initial weights, order of rows and dropout
 * @param nonFinite what a loss that is not finite does
 * @param bucketBytes size of a gradient bucket; 0: the default
 * @param maxGradNorm gradients are scaled down to this 2-norm; 0: never
 * @param gradientType FLOAT32, or BFLOAT16 for half the bytes between ranks
 * @param shardOptimizer whether each rank keeps only its part of the optimizer's state
 * @param captureGraph whether forward and backward become a graph of kernels where the device can
 * @param <M> the model
 */
public record Recipe<M extends Module>(
    SerializableSupplier<M> model,
    LossFunction<M> loss,
    OptimizerFactory optimizer,
    Metric<M> metric,
    SourceFactory data,
    SourceFactory evaluation,
    int evaluationBatch,
    int globalBatch,
    int shards,
    long seed,
    NonFinite nonFinite,
    long bucketBytes,
    double maxGradNorm,
    DType gradientType,
    boolean shardOptimizer,
    boolean captureGraph)
    implements Serializable {}
