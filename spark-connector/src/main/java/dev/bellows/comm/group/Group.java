package dev.bellows.comm.group;

import dev.bellows.comm.CommStats;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.Work;
import dev.bellows.comm.algorithms.Operations;
import dev.bellows.comm.algorithms.ScratchPool;
import dev.bellows.comm.algorithms.Sums;
import dev.bellows.comm.transport.Transport;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The process group over any transport: makes operations and hands them to its {@link GroupLoop}.
 */
final class Group implements ProcessGroup {
  private static final long SCRATCH_BYTES = 64L << 20;

  private final GroupLoop loop;
  private final Operations operations;

  private Group(GroupLoop loop) {
    this.loop = loop;
    this.operations = new Operations(loop);
  }

  static Group start(Transport transport, GroupOptions options) {
    return start(transport, options, new ScratchPool(SCRATCH_BYTES), new Sums());
  }

  static Group start(Transport transport, GroupOptions options, ScratchPool scratch, Sums sums) {
    var loop = new GroupLoop(transport, options, scratch, sums);
    loop.start();
    return new Group(loop);
  }

  @Override
  public int rank() {
    return loop.rank();
  }

  @Override
  public int worldSize() {
    return loop.worldSize();
  }

  @Override
  public String stall() {
    return loop.stall();
  }

  @Override
  public CommStats stats() {
    return loop.stats();
  }

  @Override
  public Work allReduce(
      int leaves, List<TreePartial> partials, ByteBuffer out, ElementType type, ReduceKind kind) {
    return loop.submit(operations.allReduce(leaves, partials, out, type, kind));
  }

  @Override
  public Work reduceScatter(
      int leaves,
      List<TreePartial> partials,
      ByteBuffer out,
      int[] bounds,
      ElementType type,
      ReduceKind kind) {
    return loop.submit(operations.reduceScatter(leaves, partials, out, bounds, type, kind));
  }

  @Override
  public Work allGather(ByteBuffer data, int[] bounds, ElementType type) {
    return loop.submit(operations.allGather(data, bounds, type));
  }

  @Override
  public Work broadcast(ByteBuffer data, int root) {
    return loop.submit(operations.broadcast(data, root));
  }

  @Override
  public Work barrier() {
    return loop.submit(operations.barrier());
  }

  @Override
  public Work send(ByteBuffer data, int to, int tag) {
    return loop.submit(operations.send(data, to, tag));
  }

  @Override
  public Work receive(ByteBuffer data, int from, int tag) {
    return loop.submit(operations.receive(data, from, tag));
  }

  @Override
  public void abort(Throwable cause) {
    loop.abort(cause);
  }

  @Override
  public void close() {
    loop.close();
  }
}
