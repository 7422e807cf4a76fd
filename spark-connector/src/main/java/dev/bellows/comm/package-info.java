/**
 * Collectives between the ranks of a training job: process groups over Netty or inside one JVM,
 * whose sums have the same bits for every number of ranks. Knows nothing of Spark.
 *
 * <p>The pieces: a {@link dev.bellows.comm.NettyEndpoint} listens and connects; the process group
 * numbers operations and moves their frames on one event-loop thread, to which all its state is
 * confined; each operation cuts its buffer into one chunk per rank and each chunk into segments; a
 * transport carries frames and knows nothing of operations.
 */
package dev.bellows.comm;
