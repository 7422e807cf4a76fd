/** Whole jobs on a local Spark cluster: how training speed grows with executors. */
package dev.bellows.benchmarks.job;
