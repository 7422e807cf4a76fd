package dev.bellows.comm;

/**
 * Counters of one group since it was opened.
 *
 * @param operations operations that ended well
 * @param doublings those of them that were all-reduces by recursive doubling; the other all-reduces
 *     went through the owners of chunks
 * @param bytesSent payload bytes given to the network
 * @param bytesReceived payload bytes taken from it
 * @param sharedBytesSent those bytes sent that went through shared memory
 * @param sharedBytesReceived those bytes received that came through shared memory
 * @param framesSent frames given to the network, heartbeats included
 * @param framesReceived frames taken from it
 * @param waitNanos time that callers spent in {@link Work#await}, in nanoseconds
 * @param reduceNanos time spent in additions, in nanoseconds
 */
public record CommStats(
    long operations,
    long doublings,
    long bytesSent,
    long bytesReceived,
    long sharedBytesSent,
    long sharedBytesReceived,
    long framesSent,
    long framesReceived,
    long waitNanos,
    long reduceNanos) {}
