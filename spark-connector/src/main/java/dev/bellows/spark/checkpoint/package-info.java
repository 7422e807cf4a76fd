/**
 * Checkpoints on any Hadoop file system: part files written by the workers, one manifest written
 * last by the driver, and their verification, listing and removal.
 */
package dev.bellows.spark.checkpoint;
