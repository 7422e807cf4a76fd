/** Benchmarks that compare Bellows with its peers; each checks its own result. */
package dev.bellows.benchmarks;
