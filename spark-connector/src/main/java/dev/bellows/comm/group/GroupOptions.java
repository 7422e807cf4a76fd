package dev.bellows.comm.group;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.algorithms.Algorithm;

/**
 * The options of a group over any transport.
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

  static GroupOptions of(CommConfig config) {
    return new GroupOptions(
        config.generation(),
        config.segmentBytes(),
        config.doublingBytes(),
        config.windowBytes(),
        config.operationTimeoutMs(),
        config.stallMs(),
        config.heartbeatIntervalMs(),
        config.heartbeatTimeoutMs());
  }

  /** Returns the interval at which deadlines are checked. */
  long tickMs() {
    var shortest = Math.min(operationTimeoutMs / 10, heartbeatIntervalMs / 2);
    return Math.max(5, Math.min(250, shortest));
  }
}
