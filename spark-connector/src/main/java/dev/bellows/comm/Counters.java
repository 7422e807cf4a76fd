package dev.bellows.comm;

import dev.bellows.comm.transport.Transport;
import java.util.concurrent.atomic.LongAdder;

/** What {@link CommStats} is taken from. */
final class Counters {
  final LongAdder operations = new LongAdder();
  final LongAdder doublings = new LongAdder();
  final LongAdder bytesSent = new LongAdder();
  final LongAdder bytesReceived = new LongAdder();
  final LongAdder framesSent = new LongAdder();
  final LongAdder framesReceived = new LongAdder();
  final LongAdder waitNanos = new LongAdder();
  final LongAdder reduceNanos = new LongAdder();

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
