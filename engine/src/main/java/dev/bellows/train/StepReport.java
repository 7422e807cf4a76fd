package dev.bellows.train;

/**
 * What one step did on one rank.
 *
 * @param step number of the step, from 0
 * @param epoch number of the epoch it belongs to, from 0
 * @param firstShard the first of this rank's shards
 * @param shardLoss mean loss of each of this rank's shards; 0 for a shard without rows
 * @param shardRows rows of each of this rank's shards
 * @param gradNorm 2-norm of the whole gradient before clipping; NaN where no clipping asked for it
 * @param waitNs nanoseconds spent waiting for other ranks
 * @param stepNs nanoseconds the step took in all
 */
public record StepReport(
    long step,
    long epoch,
    int firstShard,
    double[] shardLoss,
    long[] shardRows,
    double gradNorm,
    long waitNs,
    long stepNs) {
  /** Returns the rows of all of this rank's shards. */
  public long rows() {
    long rows = 0;
    for (long each : shardRows) {
      rows += each;
    }
    return rows;
  }

  /** Returns Σ loss·rows over this rank's shards, added from the first to the last. */
  public double lossSum() {
    double sum = 0;
    for (int i = 0; i < shardLoss.length; i++) {
      sum += shardLoss[i] * shardRows[i];
    }
    return sum;
  }
}
