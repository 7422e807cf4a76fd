/** Training jobs on Spark: what a user writes and what it answers. */
package dev.bellows.spark;
