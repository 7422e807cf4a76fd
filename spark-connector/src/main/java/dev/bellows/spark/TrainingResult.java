package dev.bellows.spark;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a training job made.
 *
 * @param modelFile the trained weights (safetensors, PyTorch's keys)
 * @param weightsSha256 of the trained weights, see {@link WeightsHash}
 * @param steps number of steps of the whole training, those before a resume included
 * @param epochs number of epochs
 * @param finalLoss mean loss of the last step's rows; NaN if this run did no step
 * @param metric mean of the metric over the evaluation rows, if there are any
 * @param checkpoint the newest checkpoint, if checkpoints are on
 * @param startStep the step this run started from; 0 unless resumed
 * @param restarts how often workers were lost and training went on
 * @param executors number of executors at the end
 * @param seconds of this run, from the first worker's start to the last one's end
 * @param samplesPerSecond rows trained in this run for each second spent in steps
 * @param allReduceShare part of the steps' time spent waiting for gradients, 0 to 1
 * @param stragglerShare part of the steps' time spent waiting for slower ranks, 0 to {@code
 *     allReduceShare}: the mean wait over the ranks without the least wait of any, step by step
 */
public record TrainingResult(
    String modelFile,
    String weightsSha256,
    long steps,
    long epochs,
    double finalLoss,
    OptionalDouble metric,
    Optional<String> checkpoint,
    long startStep,
    int restarts,
    int executors,
    double seconds,
    double samplesPerSecond,
    double allReduceShare,
    double stragglerShare) {}
