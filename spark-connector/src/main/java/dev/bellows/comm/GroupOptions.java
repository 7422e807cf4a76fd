package dev.bellows.comm;

/**
 * What a group over any transport needs to know.
 *
 * @param generation the membership epoch
 * @param segmentBytes the largest payload of a frame
 * @param doublingBytes the largest buffer of a {@link Algorithm#DOUBLING} all-reduce
 * @param windowBytes how much a peer may send ahead of an operation's start here
 */
record GroupOptions(
    int generation,
    int segmentBytes,
    int doublingBytes,
    int windowBytes,
    long operationTimeoutMs,
    long stallMs,
    long heartbeatIntervalMs,
    long heartbeatTimeoutMs) {

  /** How often deadlines are looked at. */
  long tickMs() {
    var shortest = Math.min(operationTimeoutMs / 10, heartbeatIntervalMs / 2);
    return Math.max(5, Math.min(250, shortest));
  }
}
