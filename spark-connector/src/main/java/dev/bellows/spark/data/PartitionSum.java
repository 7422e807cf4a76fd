package dev.bellows.spark.data;

/**
 * What encoding one partition of the frame came to.
 *
 * @param partition number of the partition
 * @param content sum over its rows
 * @param error the message of its first row that does not fit, or null
 */
record PartitionSum(int partition, ContentSum content, String error) {}
