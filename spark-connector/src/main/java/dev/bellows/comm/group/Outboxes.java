package dev.bellows.comm.group;

import dev.bellows.comm.transport.Transport;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Sends the frames of this rank: one {@link Outbox} for each peer. Confined to the event thread.
 */
final class Outboxes {
  private final Transport transport;
  private final Counters counters;
  private final Outbox[] outboxes;

  /** The peers whose outbox may have frames that may be sent. */
  private final BitSet sendable = new BitSet();

  private final boolean[] departed;
  private boolean stopped;

  Outboxes(Transport transport, Counters counters, long windowBytes) {
    this.transport = transport;
    this.counters = counters;
    this.departed = new boolean[transport.worldSize()];
    this.outboxes = new Outbox[transport.worldSize()];
    for (var i = 0; i < outboxes.length; i++) {
      outboxes[i] = new Outbox(windowBytes);
    }
  }

  /** Returns whether the peer has left the group, so that nothing is sent to it. */
  boolean departed(int peer) {
    return departed[peer];
  }

  void setDeparted(int peer, boolean value) {
    departed[peer] = value;
  }

  /** Queues a frame. */
  void post(int peer, Outbox.Outgoing frame) {
    if (departed[peer]) {
      frame.sent().run(); // The peer has left and needs nothing.
    } else {
      outboxes[peer].add(frame);
      sendable.set(peer);
    }
  }

  /** Resumes sending to a peer that accepts more bytes. */
  void writable(int peer) {
    sendable.set(peer);
  }

  /** Records that the peer has started all operations up to {@code sequence}. */
  void peerStarted(int peer, long sequence) {
    outboxes[peer].peerStarted(sequence);
    sendable.set(peer);
  }

  /** Counts the queued frames of a peer that has left as sent. */
  void drop(int peer) {
    outboxes[peer].clear(frame -> frame.sent().run());
  }

  /** Sends the queued frames that peers take. */
  void pump() {
    while (!stopped && !sendable.isEmpty()) {
      // From the next rank on: if all ranks began with the same one, it would be the bottleneck.
      var next = sendable.nextSetBit(transport.rank());
      var peer = next >= 0 ? next : sendable.nextSetBit(0);
      sendable.clear(peer);
      var wrote = false;
      while (!stopped && transport.writable(peer)) {
        var frame = outboxes[peer].poll();
        if (frame == null) {
          break;
        }
        write(peer, frame.header(), frame.payload(), frame.sent());
        wrote = true;
      }
      if (wrote) {
        transport.flush(peer);
      }
    }
  }

  private void write(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent) {
    counters.framesSent.increment();
    counters.bytesSent.add(payload == null ? 0 : payload.remaining());
    transport.write(peer, header, payload, sent);
  }

  /** Sends a frame at once. */
  void send(int peer, Frame.Builder header, ByteBuffer payload) {
    write(peer, header, payload, () -> {});
    transport.flush(peer);
  }

  /** Drops all queued frames and sends a last one to every peer that has not left. */
  void stop(Frame last, ByteBuffer payload) {
    stopped = true;
    for (var peer = 0; peer < outboxes.length; peer++) {
      outboxes[peer].clear(frame -> {});
      if (peer != transport.rank() && !departed[peer]) {
        send(peer, last.toBuilder(), payload == null ? null : payload.duplicate());
      }
    }
  }
}
