package dev.bellows.comm.algorithms;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.TreePartial;
import dev.bellows.comm.wire.Target;
import dev.bellows.comm.wire.Target.Held;
import dev.bellows.proto.comm.Frame;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.reduction.ReductionTree.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The reduction in tree order. The buffer is cut into one chunk per rank, its owner, and each chunk
 * into segments. Each rank sends, of each of its partials, the segments of chunk j to rank j
 * (PART); rank j adds them in tree order and sends each finished segment to all ranks (RESULT). So
 * each rank sends and receives about the bytes of a ring (2·(N−1)/N of the buffer, where each rank
 * brings one partial), in two hops instead of 2·(N−1), and adds while it sends.
 *
 * <p>A reduce-scatter is the same without RESULT: one hop, and {@code out} is the own chunk only.
 */
final class AllReduce extends Operation {
  private final Reduction reduction;
  private final int leaves;
  private final List<TreePartial> partials;
  private final ByteBuffer out;
  private final int segmentBytes;
  private final Chunks chunks;

  /** Whether each rank keeps its chunk only. */
  private final boolean scatter;

  private final List<SegmentSum> own = new ArrayList<>();
  private int ownDone;
  private int heardCount;
  private final BitSet results = new BitSet();
  private final long[] resultBytes;
  private final long[] partBytes;
  private final int[] announced;
  private long readBytes;

  AllReduce(
      GroupContext group,
      Reduction reduction,
      List<TreePartial> partials,
      ByteBuffer out,
      Chunks chunks,
      boolean scatter) {
    super(group, chunks.total());
    this.reduction = reduction;
    this.leaves = reduction.leaves();
    this.partials = partials;
    this.out = out;
    this.segmentBytes = chunks.segmentBytes();
    this.chunks = chunks;
    this.scatter = scatter;
    this.resultBytes = new long[worldSize];
    this.partBytes = new long[worldSize];
    this.announced = new int[worldSize];
  }

  @Override
  String name() {
    return scatter ? "reduceScatter" : "allReduce";
  }

  @Override
  Frame.Builder describe() {
    return describe(reduction)
        .setOp(scatter ? Frame.Op.REDUCE_SCATTER : Frame.Op.ALL_REDUCE)
        .setLayout(scatter ? chunks.layout() : 0)
        .setPartials(partials.size());
  }

  private ByteBuffer place(long offset, int bytes) {
    return Buffers.slice(out, (int) (scatter ? offset - chunks.start(me) : offset), bytes);
  }

  @Override
  void start() {
    for (var offset = chunks.start(me); offset < chunks.end(me); offset += segmentBytes) {
      var place = place(offset, chunks.length(me, offset));
      own.add(new SegmentSum(reduction, place));
    }
    for (var i = 1; i < worldSize; i++) {
      var peer = (me + i) % worldSize;
      if (partials.isEmpty() || chunks.size(peer) == 0) {
        post(peer, header(Frame.Kind.START), null);
      }
      for (var offset = chunks.start(peer); offset < chunks.end(peer); offset += segmentBytes) {
        for (var partial : partials) {
          post(
              peer,
              header(Frame.Kind.PART)
                  .setFirstLeaf(partial.firstLeaf())
                  .setEndLeaf(partial.endLeaf())
                  .setOffset(offset),
              slice(partial, peer, offset));
        }
      }
    }
  }

  private ByteBuffer slice(TreePartial partial, int owner, long offset) {
    var widening = reduction.widening(partial.leaves());
    return Buffers.slice(
        partial.data(), (int) offset * widening, chunks.length(owner, offset) * widening);
  }

  @Override
  public void startLocal() {
    for (var i = 0; i < own.size(); i++) {
      var offset = chunks.start(me) + (long) i * segmentBytes;
      for (var partial : partials) {
        add(i, partial.range(), slice(partial, me, offset), Held.PLACE);
      }
    }
  }

  private void add(int segment, Range range, ByteBuffer data, Held held) {
    var begin = group.nanoTime();
    var finished = own.get(segment).add(range, data, held);
    group.countReduce(group.nanoTime() - begin);
    if (!finished) {
      return;
    }
    ownDone++;
    if (scatter) {
      return;
    }
    var offset = chunks.start(me) + (long) segment * segmentBytes;
    for (var i = 1; i < worldSize; i++) {
      post(
          (me + i) % worldSize,
          header(Frame.Kind.RESULT).setOffset(offset),
          place(offset, chunks.length(me, offset)));
    }
  }

  @Override
  void admit(int from, Frame header, int payloadBytes) {
    var owner = header.getKind() == Frame.Kind.PART ? me : from;
    var offset = header.getOffset();
    var first = header.getFirstLeaf();
    var end = header.getEndLeaf();
    var widening = header.getKind() == Frame.Kind.PART ? reduction.widening(end - first) : 1;
    if ((scatter && header.getKind() == Frame.Kind.RESULT)
        || !chunks.isSegment(owner, offset, widening, payloadBytes)) {
      throw refused("each frame is one segment of its owner's chunk", from, header, payloadBytes);
    }
    if (header.getKind() == Frame.Kind.RESULT) {
      if (results.get(chunks.segment(from, offset))) {
        throw refused(message("each segment comes once; rank %s repeated offset %s", from, offset));
      }
      return;
    }
    if (!ReductionTree.isNode(leaves, first, end)) {
      throw refused(
          message(
              "a partial must be a node of the tree of %s leaves; rank %s sent [%s, %s)",
              leaves, from, first, end));
    }
    var overlap = own.get(chunks.segmentInChunk(me, offset)).overlap(first, end);
    if (overlap != null) {
      throw refused(
          message(
              "each leaf comes from one rank; rank %s sent [%s, %s), already there is %s",
              from, first, end, overlap));
    }
  }

  @Override
  ByteBuffer place(Frame header, int payloadBytes) {
    return header.getKind() == Frame.Kind.PART ? null : place(header.getOffset(), payloadBytes);
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
      partBytes[from] += chunks.length(me, offset);
      var range = new Range(header.getFirstLeaf(), header.getEndLeaf());
      add(chunks.segmentInChunk(me, offset), range, got.buffer(), got.held());
      return;
    }
    results.set(chunks.segment(from, offset));
    resultBytes[from] += chunks.length(from, offset);
    readBytes += chunks.length(from, offset);
  }

  @Override
  boolean complete() {
    // Hearing all, even those that bring nothing, finds ranks that started something else.
    return heardCount == worldSize - 1
        && ownDone == own.size()
        && (scatter || readBytes == totalBytes - chunks.size(me));
  }

  @Override
  public boolean needs(int peer) {
    return !heard(peer)
        || resultBytes[peer] < resultsOf(peer)
        || partBytes[peer] < expectedParts(peer);
  }

  private long resultsOf(int peer) {
    return scatter ? 0 : chunks.size(peer);
  }

  private long expectedParts(int peer) {
    return announced[peer] * chunks.size(me);
  }

  @Override
  public String progress(int peer) {
    var read = resultBytes[peer] + partBytes[peer];
    var expected = resultsOf(peer) + expectedParts(peer);
    return ", " + read + " of " + expected + " bytes read";
  }
}
