package dev.bellows.spark;

/** A driver to be killed: arguments are the checkpoint directory and the number of executors. */
public final class DriverMain {
  private DriverMain() {}

  /** Trains slowly. */
  public static void main(String[] args) {
    var executors = Integer.parseInt(args[1]);
    try (var spark = TinyJob.localCluster(executors)) {
      TinyJob.slow(TinyJob.stateful(spark, TinyJob.frame(spark)))
          .executors(executors)
          .checkpoint(args[0], CheckpointInterval.everySteps(1))
          .build()
          .run();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
