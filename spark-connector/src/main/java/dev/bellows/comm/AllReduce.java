package dev.bellows.comm;

import dev.bellows.proto.comm.Frame;
import dev.bellows.train.ReductionTree;
import dev.bellows.train.ReductionTree.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The tree sum. The buffer is cut into one chunk per rank, its owner, and each chunk into segments.
 * Each rank sends, of each of its partials, the segments of chunk j to rank j (PART); rank j adds
 * them in tree order and sends each finished segment to all ranks (RESULT). So each rank sends and
 * receives about the bytes of a ring (2·(N−1)/N of the buffer, where each rank brings one partial),
 * in two hops instead of 2·(N−1), and adds while it sends.
 */
final class AllReduce extends Operation {
  /** Chunks start at multiples of a cache line. */
  private static final int CHUNK_ALIGN = 64;

  private final int leaves;
  private final List<TreePartial> partials;
  private final ByteBuffer out;
  private final ElementType type;
  private final int segmentBytes;
  private final long chunkBytes;
  private final List<SegmentSum> own = new ArrayList<>();
  private int ownDone;
  private int heardCount;
  private final BitSet results = new BitSet();
  private final long[] resultBytes;
  private final long[] partBytes;
  private final int[] announced;
  private long readBytes;

  AllReduce(
      Group group,
      PendingWork work,
      int leaves,
      List<TreePartial> partials,
      ByteBuffer out,
      ElementType type) {
    super(group, work, out.remaining());
    this.leaves = leaves;
    this.partials = partials;
    this.out = out;
    this.type = type;
    this.segmentBytes = group.segmentBytes();
    var perRank = (totalBytes + worldSize - 1) / worldSize;
    this.chunkBytes = (perRank + CHUNK_ALIGN - 1) / CHUNK_ALIGN * CHUNK_ALIGN;
    this.resultBytes = new long[worldSize];
    this.partBytes = new long[worldSize];
    this.announced = new int[worldSize];
  }

  @Override
  String name() {
    return "allReduce";
  }

  @Override
  Frame.Builder describe() {
    return Frame.newBuilder()
        .setOp(Frame.Op.ALL_REDUCE)
        .setElement(Frame.Element.forNumber(type.ordinal() + 1))
        .setLeaves(leaves)
        .setPartials(partials.size());
  }

  private long chunkStart(int rank) {
    return Math.min(totalBytes, rank * chunkBytes);
  }

  private long chunkEnd(int rank) {
    return chunkStart(rank + 1);
  }

  private int length(int owner, long offset) {
    return (int) Math.min(segmentBytes, chunkEnd(owner) - offset);
  }

  @Override
  void start() {
    for (var offset = chunkStart(me); offset < chunkEnd(me); offset += segmentBytes) {
      var place = Buffers.slice(out, (int) offset, length(me, offset));
      own.add(new SegmentSum(leaves, type, place, group.scratch(), group.sums()));
    }
    for (var i = 1; i < worldSize; i++) {
      var peer = (me + i) % worldSize;
      if (partials.isEmpty() || chunkStart(peer) == chunkEnd(peer)) {
        post(peer, header(Frame.Kind.START), null);
      }
      for (var offset = chunkStart(peer); offset < chunkEnd(peer); offset += segmentBytes) {
        for (var partial : partials) {
          post(
              peer,
              header(Frame.Kind.PART)
                  .setFirstLeaf(partial.firstLeaf())
                  .setEndLeaf(partial.endLeaf())
                  .setOffset(offset),
              Buffers.slice(partial.data(), (int) offset, length(peer, offset)));
        }
      }
    }
  }

  @Override
  void startLocal() {
    for (var i = 0; i < own.size(); i++) {
      var offset = chunkStart(me) + (long) i * segmentBytes;
      for (var partial : partials) {
        var slice = Buffers.slice(partial.data(), (int) offset, length(me, offset));
        add(i, new Range(partial.firstLeaf(), partial.endLeaf()), slice, false);
      }
    }
  }

  private void add(int segment, Range range, ByteBuffer data, boolean scratch) {
    var begin = System.nanoTime();
    var finished = own.get(segment).add(range, data, scratch);
    group.countReduce(System.nanoTime() - begin);
    if (!finished) {
      return;
    }
    ownDone++;
    var offset = chunkStart(me) + (long) segment * segmentBytes;
    for (var i = 1; i < worldSize; i++) {
      post(
          (me + i) % worldSize,
          header(Frame.Kind.RESULT).setOffset(offset),
          Buffers.slice(out, (int) offset, length(me, offset)));
    }
  }

  @Override
  void admit(int from, Frame header, int payloadBytes) {
    var owner = header.getKind() == Frame.Kind.PART ? me : from;
    var offset = header.getOffset();
    var first = header.getFirstLeaf();
    var end = header.getEndLeaf();
    if (offset < chunkStart(owner)
        || offset >= chunkEnd(owner)
        || (offset - chunkStart(owner)) % segmentBytes != 0
        || payloadBytes != length(owner, offset)) {
      throw refused(
          "each frame is one segment of its owner's chunk; got "
              + header.getKind()
              + " of rank "
              + from
              + ", offset "
              + offset
              + ", "
              + payloadBytes
              + " bytes of "
              + totalBytes);
    }
    if (header.getKind() == Frame.Kind.RESULT) {
      if (results.get(resultIndex(from, offset))) {
        throw refused("each segment comes once; rank " + from + " repeated offset " + offset);
      }
      return;
    }
    if (!ReductionTree.isNode(leaves, first, end)) {
      throw refused(
          "a partial must be a node of the tree of "
              + leaves
              + " leaves; rank "
              + from
              + " sent ["
              + first
              + ", "
              + end
              + ")");
    }
    var overlap = own.get(segment(offset)).overlap(first, end);
    if (overlap != null) {
      throw refused(
          "each leaf comes from one rank; rank "
              + from
              + " sent ["
              + first
              + ", "
              + end
              + "), already there is "
              + overlap);
    }
  }

  @Override
  ByteBuffer place(Frame header, int payloadBytes) {
    return header.getKind() == Frame.Kind.PART
        ? null
        : Buffers.slice(out, (int) header.getOffset(), payloadBytes);
  }

  private int segment(long offset) {
    return (int) ((offset - chunkStart(me)) / segmentBytes);
  }

  /** Chunks are numbered through, each with as many segments as the largest has. */
  private int resultIndex(int owner, long offset) {
    var perChunk = (chunkBytes + segmentBytes - 1) / segmentBytes;
    return (int) (owner * perChunk + (offset - chunkStart(owner)) / segmentBytes);
  }

  @Override
  void hear(int from, Frame header) {
    heardCount++;
    announced[from] = header.getPartials();
  }

  @Override
  void take(int from, Frame header, Target got) {
    var offset = header.getOffset();
    if (header.getKind() == Frame.Kind.PART) {
      partBytes[from] += length(me, offset);
      var range = new Range(header.getFirstLeaf(), header.getEndLeaf());
      add(segment(offset), range, got.buffer(), true);
      return;
    }
    results.set(resultIndex(from, offset));
    resultBytes[from] += length(from, offset);
    readBytes += length(from, offset);
  }

  @Override
  boolean complete() {
    // Hearing all, even those that bring nothing, finds ranks that started something else.
    return heardCount == worldSize - 1
        && ownDone == own.size()
        && readBytes == totalBytes - (chunkEnd(me) - chunkStart(me));
  }

  @Override
  boolean needs(int peer) {
    return !heard(peer)
        || resultBytes[peer] < chunkEnd(peer) - chunkStart(peer)
        || partBytes[peer] < expectedParts(peer);
  }

  private long expectedParts(int peer) {
    return announced[peer] * (chunkEnd(me) - chunkStart(me));
  }

  @Override
  String progress(int peer) {
    var read = resultBytes[peer] + partBytes[peer];
    var expected = chunkEnd(peer) - chunkStart(peer) + expectedParts(peer);
    return ", " + read + " of " + expected + " bytes read";
  }
}
