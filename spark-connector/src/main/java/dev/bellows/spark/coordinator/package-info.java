/** The driver's side of a training job: membership, plans, reports, and the end. */
package dev.bellows.spark.coordinator;
