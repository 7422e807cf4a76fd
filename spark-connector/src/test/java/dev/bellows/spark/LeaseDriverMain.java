package dev.bellows.spark;

import dev.bellows.spark.data.LocalSpark;
import java.time.Duration;

/** A driver of one executor in its own JVM: checkpoint directory, seed, lease in ms, resume. */
public final class LeaseDriverMain {
  private LeaseDriverMain() {}

  /** Trains slowly; the last line reports how it ended. */
  public static void main(String[] args) {
    var spark = LocalSpark.session();
    try {
      var result =
          TinyJob.slow(TinyJob.job(spark, TinyJob.frame(spark)))
              .executors(1)
              .seed(Long.parseLong(args[1]))
              .checkpoint(args[0], CheckpointInterval.everySteps(1))
              .timeouts(Timeouts.defaults().withLease(Duration.ofMillis(Long.parseLong(args[2]))))
              .resume(Resume.valueOf(args[3]))
              .build()
              .run();
      System.out.println("ended: from " + result.startStep() + " " + result.weightsSha256());
    } catch (BellowsException e) {
      System.out.println("ended: " + e.category() + " " + e.getMessage());
    }
  }
}
