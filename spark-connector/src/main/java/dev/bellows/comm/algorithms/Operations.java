package dev.bellows.comm.algorithms;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TreePartial;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Creates the operations of one group, after checking their arguments; any thread. All throw {@link
 * CommException} ({@code USER}) as documented in {@link ProcessGroup}.
 */
public final class Operations {
  private final GroupContext group;

  /** Creates the operations of a group. */
  public Operations(GroupContext group) {
    this.group = group;
  }

  /** Creates an all-reduce by the algorithm that should take less time. */
  public Operation allReduce(
      int leaves, List<TreePartial> partials, ByteBuffer out, ElementType type, ReduceKind kind) {
    var bytes = out.remaining();
    var checked = Arguments.partials("allReduce", leaves, partials, bytes, out, type, kind);
    var result = Buffers.view(out);
    var reduction = reduction(leaves, type, kind);
    var segment = segmentBytes(type);
    var doublingLimit = Math.min(segment, group.doublingBytes());
    if (Algorithm.choose(group.worldSize(), bytes, doublingLimit) == Algorithm.DOUBLING) {
      return new DoublingAllReduce(group, reduction, checked, result);
    }
    var chunks = Chunks.even(bytes, group.worldSize(), segment);
    return new AllReduce(group, reduction, checked, result, chunks, false);
  }

  /** Creates a reduce-scatter: each rank gets its chunk of the result. */
  public Operation reduceScatter(
      int leaves,
      List<TreePartial> partials,
      ByteBuffer out,
      int[] bounds,
      ElementType type,
      ReduceKind kind) {
    var total = Arguments.bounds("reduceScatter", bounds, group.worldSize(), type);
    var checked = Arguments.partials("reduceScatter", leaves, partials, total, out, type, kind);
    var chunks = Chunks.of(bounds, type.bytes(), segmentBytes(type));
    Arguments.size("reduceScatter", "out", out, chunks.size(group.rank()));
    var result = Buffers.view(out);
    return new AllReduce(group, reduction(leaves, type, kind), checked, result, chunks, true);
  }

  private Reduction reduction(int leaves, ElementType type, ReduceKind kind) {
    return new Reduction(leaves, type, kind, group.scratch(), group.sums());
  }

  /**
   * Returns the bytes of a segment of the result, whose widened leaves must fit into a frame, too.
   */
  private int segmentBytes(ElementType type) {
    return group.segmentBytes() * type.bytes() / type.partialBytes(2);
  }

  /** Creates an all-gather: each rank gets the chunks of all. */
  public Operation allGather(ByteBuffer data, int[] bounds, ElementType type) {
    var total = Arguments.bounds("allGather", bounds, group.worldSize(), type);
    var checked = Buffers.checked("allGather", "data", data, type.bytes());
    Arguments.size("allGather", "data", checked, total);
    var chunks = Chunks.of(bounds, type.bytes(), group.segmentBytes());
    return new AllGather(group, checked, type, chunks);
  }

  /** Creates a broadcast: each rank gets the root's buffer. */
  public Operation broadcast(ByteBuffer data, int root) {
    if (root < 0 || root >= group.worldSize()) {
      throw CommException.user(
          message(
              "broadcast: root must be a rank of the group; got %s of %s",
              root, group.worldSize()));
    }
    return new Broadcast(group, Buffers.checked("broadcast", "data", data, 1), root);
  }

  /** Ends when all ranks have started it. */
  public Operation barrier() {
    return new Barrier(group);
  }

  /** Creates a message to another rank. */
  public Message send(ByteBuffer data, int to, int tag) {
    return pointToPoint("send", data, to, tag, true);
  }

  /** Creates the receipt of a message from another rank. */
  public Message receive(ByteBuffer data, int from, int tag) {
    return pointToPoint("receive", data, from, tag, false);
  }

  private Message pointToPoint(String name, ByteBuffer data, int peer, int tag, boolean sends) {
    if (peer < 0 || peer >= group.worldSize() || peer == group.rank()) {
      throw CommException.user(
          message(
              "%s: needs another rank of the group; got rank %s of %s at rank %s",
              name, peer, group.worldSize(), group.rank()));
    }
    if (tag < 0) {
      throw CommException.user(message("%s: tag must be at least 0; got %s", name, tag));
    }
    var checked = Buffers.checked(name, "data", data, 1);
    return new Message(group, checked, new Message.Lane(peer, tag, sends));
  }
}
