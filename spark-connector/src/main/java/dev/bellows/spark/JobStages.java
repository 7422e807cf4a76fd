package dev.bellows.spark;

import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** Tracks the stages of those Spark jobs whose properties match. */
abstract class JobStages extends SparkListener {
  private final Predicate<Properties> fits;
  private final Set<Integer> stages = new HashSet<>();

  JobStages(Predicate<Properties> fits) {
    this.fits = fits;
  }

  @Override
  public final synchronized void onJobStart(SparkListenerJobStart job) {
    if (job.properties() != null && fits.test(job.properties())) {
      var ids = job.stageIds().iterator();
      while (ids.hasNext()) {
        stages.add((Integer) ids.next());
      }
    }
  }

  final synchronized boolean holds(int stage) {
    return stages.contains(stage);
  }
}
