package dev.bellows.spark.data;

import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Joins neighbouring buckets into groups of about equal size: partition {@code g} of {@code n}
 * holds buckets from {@code g·buckets/n} to below {@code (g+1)·buckets/n}. Records after the last
 * bucket are dropped.
 */
record BucketGroups(int buckets) implements PartitionCoalescer, java.io.Serializable {
  @Override
  public PartitionGroup[] coalesce(int groups, RDD<?> parent) {
    PartitionGroup[] all = new PartitionGroup[groups];
    for (int g = 0; g < groups; g++) {
      all[g] = new PartitionGroup(Option.empty());
      int end = (int) ((g + 1L) * buckets / groups);
      for (int b = (int) ((long) g * buckets / groups); b < end; b++) {
        all[g].partitions().append(parent.partitions()[b]);
      }
    }
    return all;
  }
}
