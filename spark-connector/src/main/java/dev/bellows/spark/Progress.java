package dev.bellows.spark;

/**
 * How far a job is.
 *
 * @param step number of steps done
 * @param steps number of steps of the whole training
 * @param epoch epoch of the last step, from 1
 * @param epochs number of epochs
 * @param loss mean loss over the rows of the last step
 * @param samplesPerSecond rows for each second, over the last few seconds
 * @param allReduceShare part of the time spent waiting for gradients, 0 to 1
 * @param stragglerShare part of the time spent waiting for slower ranks, 0 to {@code
 *     allReduceShare}: the mean wait over the ranks without the least wait of any, step by step
 * @param etaSeconds what is left at this speed
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
