package dev.bellows.comm.algorithms;

import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** Sends the root's buffer to every other rank, in segments. */
final class Broadcast extends Operation {
  private final ByteBuffer data;
  private final int root;
  private final int segmentBytes;
  private final BitSet segments = new BitSet();
  private long read;

  Broadcast(GroupContext group, ByteBuffer data, int root) {
    super(group, data.remaining());
    this.data = data;
    this.root = root;
    this.segmentBytes = group.segmentBytes();
  }

  @Override
  String name() {
    return "broadcast";
  }

  @Override
  Frame.Builder describe() {
    return Frame.newBuilder().setOp(Frame.Op.BROADCAST).setRoot(root);
  }

  @Override
  void start() {
    if (me != root) {
      post(root, header(Frame.Kind.START), null);
      return;
    }
    for (var i = 1; i < worldSize; i++) {
      postSegments((me + i) % worldSize, Frame.Kind.RESULT, data);
    }
  }

  @Override
  void admit(int from, Frame header, int payloadBytes) {
    var offset = header.getOffset();
    if (me == root
        || from != root
        || header.getKind() != Frame.Kind.RESULT
        || offset < 0
        || offset >= totalBytes
        || offset % segmentBytes != 0
        || payloadBytes != segmentLength(offset)
        || segments.get((int) (offset / segmentBytes))) {
      throw refused("each segment comes once from root " + root, from, header, payloadBytes);
    }
  }

  @Override
  ByteBuffer place(Frame header, int payloadBytes) {
    return Buffers.slice(data, (int) header.getOffset(), payloadBytes);
  }

  @Override
  void take(int from, Frame header, Target got) {
    segments.set((int) (header.getOffset() / segmentBytes));
    read += segmentLength(header.getOffset());
  }

  @Override
  boolean complete() {
    return me == root || read == totalBytes;
  }

  @Override
  public boolean needs(int peer) {
    return peer == root && !complete();
  }

  @Override
  public String progress(int peer) {
    return ", " + read + " of " + totalBytes + " bytes read";
  }
}
