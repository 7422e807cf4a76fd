package dev.bellows.comm.group;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.algorithms.Operation;
import dev.bellows.comm.transport.Transport;
import dev.bellows.proto.comm.Frame;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** Finds operations that take too long and peers that are silent. Confined to the event thread. */
final class Watch {
  private final GroupLoop loop;
  private final Transport transport;
  private final GroupOptions options;
  private final Outboxes outboxes;
  private volatile String stall;
  private long lastTick;

  Watch(GroupLoop loop, Transport transport, GroupOptions options, Outboxes outboxes) {
    this.loop = loop;
    this.transport = transport;
    this.options = options;
    this.outboxes = outboxes;
    this.lastTick = transport.nanoTime();
  }

  /** Returns the result of {@link ProcessGroup#stall}. Any thread. */
  String stall() {
    return stall;
  }

  /**
   * Looks once.
   *
   * @param pending the operations that have begun and not ended, in order
   */
  void look(Collection<PendingWork<?>> pending) {
    var now = transport.nanoTime();
    var late = now - lastTick > TimeUnit.MILLISECONDS.toNanos(options.heartbeatTimeoutMs()) / 2;
    lastTick = now;
    stall = null;
    for (var work : pending) {
      var operation = work.operation();
      var waitedMs = TimeUnit.NANOSECONDS.toMillis(now - work.startNanos());
      if (waitedMs > options.stallMs() && stall == null) {
        stall = loop.waited(operation, "has waited " + waitedMs + " ms") + lastHeard(operation);
      }
      if (waitedMs > options.operationTimeoutMs()) {
        loop.fail(
            operation,
            CommException.retryable(loop.waited(operation, "waited " + waitedMs + " ms")));
        return;
      }
    }
    for (var peer = 0; peer < transport.worldSize() && !loop.isFailed(); peer++) {
      if (peer != transport.rank() && !outboxes.departed(peer)) {
        lookAt(peer, late);
      }
    }
  }

  /**
   * @param late whether this thread was stalled: bytes may wait in the socket, so silence is judged
   *     the next time
   */
  private void lookAt(int peer, boolean late) {
    var silentMs = TimeUnit.NANOSECONDS.toMillis(transport.idleReadNanos(peer));
    if (silentMs > options.heartbeatTimeoutMs() && !late) {
      loop.lost(peer, CommException.retryable("nothing came for " + silentMs + " ms"));
    } else if (transport.idleWriteNanos(peer)
        > TimeUnit.MILLISECONDS.toNanos(options.heartbeatIntervalMs())) {
      outboxes.send(peer, Frame.newBuilder().setKind(Frame.Kind.HEARTBEAT), null);
    }
  }

  private String lastHeard(Operation operation) {
    var peer = operation.slowest();
    return peer < 0
        ? ""
        : ", last heard "
            + TimeUnit.NANOSECONDS.toMillis(transport.idleReadNanos(peer))
            + " ms ago";
  }
}
