/** The executors' side of a training job: one long-running task for each rank. */
package dev.bellows.spark.worker;
