package dev.bellows.comm.algorithms;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Each rank sends its chunk to every other rank, in segments, from and to its place in the buffer:
 * one step; a rank sends (N−1) times its chunk and receives the rest of the buffer once.
 */
final class AllGather extends Operation {
  private final ByteBuffer data;
  private final ElementType type;
  private final Chunks chunks;
  private final int segmentBytes;
  private final BitSet segments = new BitSet();
  private final long[] read;
  private long allRead;
  private int heardCount;

  AllGather(GroupContext group, ByteBuffer data, ElementType type, Chunks chunks) {
    super(group, chunks.total());
    this.data = data;
    this.type = type;
    this.chunks = chunks;
    this.segmentBytes = chunks.segmentBytes();
    this.read = new long[worldSize];
  }

  @Override
  String name() {
    return "allGather";
  }

  @Override
  Frame.Builder describe() {
    return Frame.newBuilder()
        .setOp(Frame.Op.ALL_GATHER)
        .setElement(element(type))
        .setLayout(chunks.layout());
  }

  @Override
  void start() {
    for (var i = 1; i < worldSize; i++) {
      var peer = (me + i) % worldSize;
      if (chunks.size(me) == 0) {
        post(peer, header(Frame.Kind.START), null);
      }
      for (var offset = chunks.start(me); offset < chunks.end(me); offset += segmentBytes) {
        post(
            peer,
            header(Frame.Kind.RESULT).setOffset(offset),
            Buffers.slice(data, (int) offset, chunks.length(me, offset)));
      }
    }
  }

  @Override
  void admit(int from, Frame header, int payloadBytes) {
    var offset = header.getOffset();
    if (header.getKind() != Frame.Kind.RESULT
        || !chunks.isSegment(from, offset, 1, payloadBytes)
        || segments.get(chunks.segment(from, offset))) {
      throw refused("each segment of its owner's chunk comes once", from, header, payloadBytes);
    }
  }

  @Override
  ByteBuffer place(Frame header, int payloadBytes) {
    return Buffers.slice(data, (int) header.getOffset(), payloadBytes);
  }

  @Override
  void hear(int from, Frame header) {
    heardCount++;
  }

  @Override
  void take(int from, Frame header, Target got) {
    var offset = header.getOffset();
    segments.set(chunks.segment(from, offset));
    read[from] += chunks.length(from, offset);
    allRead += chunks.length(from, offset);
  }

  @Override
  boolean complete() {
    return heardCount == worldSize - 1 && allRead == totalBytes - chunks.size(me);
  }

  @Override
  public boolean needs(int peer) {
    return !heard(peer) || read[peer] < chunks.size(peer);
  }

  @Override
  public String progress(int peer) {
    return ", " + read[peer] + " of " + chunks.size(peer) + " bytes read";
  }
}
