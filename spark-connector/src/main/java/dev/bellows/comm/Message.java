package dev.bellows.comm;

import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;

/**
 * One message between two ranks, at either of them. The receiver says READY, and then the sender
 * sends the segments in order: so data never comes before there is a place for it.
 */
final class Message extends Operation {
  private final ByteBuffer data;
  private final int peer;
  private final int tag;
  private final boolean sends;
  private boolean ready;
  private boolean empty;
  private long read;

  Message(Group group, PendingWork work, ByteBuffer data, int peer, int tag, boolean sends) {
    super(group, work, data.remaining());
    this.data = data;
    this.peer = peer;
    this.tag = tag;
    this.sends = sends;
  }

  Messages.Lane lane() {
    return new Messages.Lane(peer, tag, sends);
  }

  @Override
  String name() {
    return (sends ? "send to rank " : "receive from rank ") + peer + " with tag " + tag;
  }

  @Override
  Frame.Builder describe() {
    return Frame.newBuilder().setTag(tag);
  }

  @Override
  void start() {
    if (!sends) {
      post(peer, header(Frame.Kind.READY), null);
    }
  }

  /** The receiver waits for so many bytes. */
  void ready(long bytes) {
    if (bytes != totalBytes) {
      throw refused(
          "sender and receiver must have buffers of one size; rank "
              + me
              + " sends "
              + totalBytes
              + " bytes, rank "
              + peer
              + " receives "
              + bytes);
    }
    ready = true;
    if (totalBytes == 0) {
      post(peer, header(Frame.Kind.MESSAGE), null);
    }
    postSegments(peer, Frame.Kind.MESSAGE, data);
  }

  @Override
  void admit(int from, Frame header, int payloadBytes) {
    if (sends || header.getOffset() != read || payloadBytes != segmentLength(read)) {
      throw refused(
          "segments must come in order; got offset "
              + header.getOffset()
              + ", "
              + payloadBytes
              + " bytes after "
              + read
              + " of "
              + totalBytes);
    }
  }

  @Override
  ByteBuffer place(Frame header, int payloadBytes) {
    return Buffers.slice(data, (int) header.getOffset(), payloadBytes);
  }

  @Override
  void take(int from, Frame header, Target got) {
    read += segmentLength(header.getOffset());
    empty = totalBytes == 0;
  }

  @Override
  boolean complete() {
    return sends ? ready : read == totalBytes && (empty || totalBytes > 0);
  }

  @Override
  boolean needs(int other) {
    return other == peer && !complete();
  }

  @Override
  String progress(int other) {
    return sends ? ", it is not ready" : ", " + read + " of " + totalBytes + " bytes read";
  }
}
