package dev.bellows.spark;

/**
 * The progress of a job.
 *
 * @param step number of completed steps
 * @param steps number of steps of the whole training
 * @param epoch epoch of the last step, from 1
 * @param epochs number of epochs
 * @param loss mean loss over the rows of the last step
 * @param samplesPerSecond rows per second, over the last few seconds
 * @param allReduceShare fraction of the time spent waiting for gradients, 0 to 1
 * @param stragglerShare fraction of the time spent waiting for slower ranks, 0 to {@code
 *     allReduceShare}: the mean wait over the ranks minus the smallest, step by step
 * @param etaSeconds estimated remaining time at this speed
 * @param endOfEpoch whether this was the last step of its epoch
 */
public record Progress(
    long step,
    long steps,
    long epoch,
    long epochs,
    double loss,
    double samplesPerSecond,
    double allReduceShare,
    double stragglerShare,
    double etaSeconds,
    boolean endOfEpoch) {}
