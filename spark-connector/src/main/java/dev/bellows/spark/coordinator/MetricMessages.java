package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Metric;
import java.util.List;
import java.util.OptionalDouble;

/** Converts the metric of all evaluation rows to and from messages. */
public final class MetricMessages {
  private MetricMessages() {}

  /** Returns a metric as a message. */
  public static Metric of(double metric) {
    return Metric.newBuilder().setSum(metric).setRows(1).build();
  }

  /** Returns the metric in a rank's message; empty: it evaluated nothing. */
  static OptionalDouble of(List<Metric> metrics) {
    return metrics.stream().mapToDouble(m -> m.getSum() / m.getRows()).findFirst();
  }
}
