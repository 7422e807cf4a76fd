package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Metric;
import java.util.ArrayList;
import java.util.List;

/** Collects the metric of a rank, batch by batch. */
public final class MetricSums {
  private final List<Metric> metrics = new ArrayList<>();

  /** Adds the sum of the metric over the rows of one batch. */
  public void add(long batch, double sum, long rows) {
    metrics.add(
        Metric.newBuilder().setBatch(Math.toIntExact(batch)).setSum(sum).setRows(rows).build());
  }

  /** Returns the sums as messages. */
  public List<Metric> messages() {
    return List.copyOf(metrics);
  }
}
