package dev.bellows.comm;

/**
 * Counters of one group since it was opened.
 *
 * @param operations operations that succeeded
 * @param doublings the all-reduces among them that ran by recursive doubling
 * @param bytesSent payload bytes sent
 * @param bytesReceived payload bytes received
 * @param sharedBytesSent the bytes sent through shared memory
 * @param sharedBytesReceived the bytes received through shared memory
 * @param framesSent frames sent, heartbeats included
 * @param framesReceived frames received, heartbeats included
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
