package dev.bellows.spark.data;

/**
 * The summary of encoding one partition of the frame.
 *
 * @param partition number of the partition
 * @param content sum over its rows
 * @param error the message of its first invalid row, or null
 */
record PartitionSum(int partition, ContentSum content, String error) {}
