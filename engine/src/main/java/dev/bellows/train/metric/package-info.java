/** Metrics that are collected over batches and shards, exactly. */
package dev.bellows.train.metric;
