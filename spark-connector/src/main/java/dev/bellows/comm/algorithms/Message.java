package dev.bellows.comm.algorithms;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;

/**
 * Transfers one message between two ranks, at either of them. The receiver sends READY, and then
 * the sender sends the segments in order, so that data never arrives before it has a destination.
 */
public final class Message extends Operation {
  private final ByteBuffer data;
  private final Lane lane;
  private boolean ready;
  private boolean empty;
  private long read;

  /** The messages that this rank sends to a peer, or receives from it, with one tag. */
  public record Lane(int peer, int tag, boolean sends) {}

  Message(GroupContext group, ByteBuffer data, Lane lane) {
    super(group, data.remaining());
    this.data = data;
    this.lane = lane;
  }

  /** Returns the lane in which it is numbered. */
  public Lane lane() {
    return lane;
  }

  @Override
  String name() {
    return (lane.sends ? "send to rank " : "receive from rank ")
        + lane.peer
        + " with tag "
        + lane.tag;
  }

  @Override
  Frame.Builder describe() {
    return Frame.newBuilder().setTag(lane.tag);
  }

  @Override
  void start() {
    if (!lane.sends) {
      post(lane.peer, header(Frame.Kind.READY), null);
    }
  }

  /** Returns whether the receiver waits for it. */
  public boolean isReady() {
    return ready;
  }

  /**
   * Sends the segments to a receiver that waits for so many bytes.
   *
   * @throws CommException ({@code FATAL}) if this rank sends another number of bytes
   */
  public void ready(long bytes) {
    if (bytes != totalBytes) {
      throw refused(
          message(
              "sender and receiver must have buffers of one size; rank %s sends %s bytes, rank %s"
                  + " receives %s",
              me, totalBytes, lane.peer, bytes));
    }
    ready = true;
    if (totalBytes == 0) {
      post(lane.peer, header(Frame.Kind.MESSAGE), null);
    }
    postSegments(lane.peer, Frame.Kind.MESSAGE, data);
  }

  @Override
  void admit(int from, Frame header, int payloadBytes) {
    if (lane.sends || header.getOffset() != read || payloadBytes != segmentLength(read)) {
      throw refused(
          message(
              "segments must come in order; got offset %s, %s bytes after %s of %s",
              header.getOffset(), payloadBytes, read, totalBytes));
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
    return lane.sends ? ready : read == totalBytes && (empty || totalBytes > 0);
  }

  @Override
  public boolean needs(int other) {
    return other == lane.peer && !complete();
  }

  @Override
  public String progress(int other) {
    return lane.sends ? ", it is not ready" : ", " + read + " of " + totalBytes + " bytes read";
  }
}
