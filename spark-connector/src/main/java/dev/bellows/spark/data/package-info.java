/**
 * Training data written from a DataFrame once: part files of tensor rows with a manifest, written
 * by the executors, cached on their disks, and read by row number.
 */
package dev.bellows.spark.data;
