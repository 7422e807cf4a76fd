package dev.bellows.comm.group;

import dev.bellows.comm.CommStats;
import dev.bellows.comm.algorithms.Algorithm;
import dev.bellows.comm.transport.Transport;
import java.util.concurrent.atomic.LongAdder;

/** Counts what {@link CommStats} reports. */
final class Counters {
  final LongAdder operations = new LongAdder();
  final LongAdder doublings = new LongAdder();
  final LongAdder bytesSent = new LongAdder();
  final LongAdder bytesReceived = new LongAdder();
  final LongAdder framesSent = new LongAdder();
  final LongAdder framesReceived = new LongAdder();
  final LongAdder waitNanos = new LongAdder();
  final LongAdder reduceNanos = new LongAdder();

  /** Counts an operation that ended well. */
  void ended(Algorithm algorithm) {
    operations.increment();
    doublings.add(algorithm == Algorithm.DOUBLING ? 1 : 0);
  }

  CommStats snapshot(Transport transport) {
    return new CommStats(
        operations.sum(),
        doublings.sum(),
        bytesSent.sum(),
        bytesReceived.sum(),
        transport.sharedBytesSent(),
        transport.sharedBytesReceived(),
        framesSent.sum(),
        framesReceived.sum(),
        waitNanos.sum(),
        reduceNanos.sum());
  }
}
