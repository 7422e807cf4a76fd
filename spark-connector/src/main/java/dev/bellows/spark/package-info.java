/** Training jobs on Spark: the user's interface and its results. */
package dev.bellows.spark;
