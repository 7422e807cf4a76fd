package dev.bellows.comm.group;

import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;

/** One frame on its way. */
final class SimFrame {
  final SimTransport from;
  final int peer;
  final Frame header;
  final int payloadBytes;
  final int wireBytes;
  final Runnable sent;

  /** When it may leave. */
  long ready;

  /** Waits behind this one for the same peer. */
  SimFrame next;

  /** The sender's memory until {@link #sent}, then a copy; null if payloads are not real. */
  ByteBuffer payload;

  /** Whether it left before the sender hung up; else it never arrives. */
  boolean gone;

  SimFrame(
      SimTransport from,
      int peer,
      Frame header,
      ByteBuffer payload,
      int payloadBytes,
      int wireBytes,
      Runnable sent) {
    this.from = from;
    this.peer = peer;
    this.header = header;
    this.payload = payload;
    this.payloadBytes = payloadBytes;
    this.wireBytes = wireBytes;
    this.sent = sent;
  }

  /** What the network has taken can change no more. */
  void copyPayload() {
    if (payload != null) {
      payload = ByteBuffer.allocate(payloadBytes).put(payload.duplicate()).flip();
    }
  }
}
