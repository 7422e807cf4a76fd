package dev.bellows.spark.coordinator;

/**
 * Summarises one step over all ranks.
 *
 * @param step number of the step, from 0
 * @param epoch number of the epoch, from 0
 * @param shardLoss mean loss of each logical shard; NaN for one without rows
 * @param shardRows rows of each logical shard
 * @param rows rows of the step
 * @param gradNorm norm of the whole gradient
 * @param waitNs mean wait in collectives over the ranks
 * @param leastWaitNs least wait in collectives of any rank: what the others wait longer, they wait
 *     for slower ranks
 * @param stepNs longest step among the ranks
 */
public record StepSummary(
    long step,
    long epoch,
    double[] shardLoss,
    long[] shardRows,
    long rows,
    double gradNorm,
    long waitNs,
    long leastWaitNs,
    long stepNs) {}
