package dev.bellows.comm;

import dev.bellows.reduction.ReductionTree;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The ranks of one job in one generation of its membership.
 *
 * <p>Operations are asynchronous and any number may be in flight. They are numbered in the order in
 * which they are started, and every rank must start the same operations in the same order. Every
 * operation has a deadline (by default 60 s after its start). The first failure ends the group:
 * every pending and later operation fails, on all ranks.
 *
 * <p>Buffers are direct, in native byte order, and used from position to limit, which stay as they
 * are. All methods may be called from any thread; if several threads start operations, the caller
 * keeps their order.
 */
public interface ProcessGroup extends AutoCloseable {
  /** Returns this rank, 0 ≤ rank &lt; worldSize. */
  int rank();

  /** Returns the number of ranks. */
  int worldSize();

  /**
   * Sums the leaves of one fixed binary tree: out = ((leaf 0 + leaf 1) + (leaf 2 + leaf 3)) + …, as
   * {@link ReductionTree} says, element by element with one rounding for each addition. So the bits
   * of the result depend neither on the number of ranks nor on which rank holds which leaf (only
   * the payload bits of a NaN may differ).
   *
   * @param leaves the number of leaves, at least 1
   * @param partials nodes of the tree that this rank brings, possibly none; over all ranks they
   *     hold each leaf exactly once. Their data is left as it is.
   * @param out gets the sum on every rank. It may be the very same memory as the data of one
   *     partial, but must not overlap any in another way.
   * @param type what all the buffers hold
   * @throws CommException ({@code USER}) if an argument breaks these rules
   */
  default Work allReduce(int leaves, List<TreePartial> partials, ByteBuffer out, ElementType type) {
    return allReduce(leaves, partials, out, type, ReduceKind.SUM);
  }

  /**
   * Reduces the leaves in the same way by any kind of reduction. Each rank sends and receives about
   * 2·(N−1)/N of the bytes where each brings one partial, in two steps.
   *
   * @param kind equal on all ranks; for {@code MEAN} and {@code MAX} the partials are sums or
   *     maxima of their leaves, not yet divided
   * @throws CommException ({@code USER}) if an argument breaks the rules, or for {@code MEAN} of
   *     INT64
   */
  Work allReduce(
      int leaves, List<TreePartial> partials, ByteBuffer out, ElementType type, ReduceKind kind);

  /**
   * Reduces as {@link #allReduce}, bit for bit, but each rank gets only its chunk: the elements
   * from {@code bounds[rank]} to {@code bounds[rank + 1]}. One step; about (N−1)/N of the bytes.
   *
   * @param partials as long as {@code bounds[worldSize]} elements
   * @param out as long as this rank's chunk; may be the very same memory as this chunk of one
   *     partial, but must not overlap any in another way
   * @param bounds worldSize + 1 element numbers from 0, never falling, equal on all ranks
   * @throws CommException ({@code USER}) if an argument breaks these rules
   */
  Work reduceScatter(
      int leaves,
      List<TreePartial> partials,
      ByteBuffer out,
      int[] bounds,
      ElementType type,
      ReduceKind kind);

  /**
   * Gives every rank the chunks of all. Each rank brings the elements from {@code bounds[rank]} to
   * {@code bounds[rank + 1]} in their place in {@code data}; the others are overwritten.
   *
   * @param data as long as {@code bounds[worldSize]} elements
   * @param bounds as for {@link #reduceScatter}
   * @throws CommException ({@code USER}) if an argument breaks these rules
   */
  Work allGather(ByteBuffer data, int[] bounds, ElementType type);

  /**
   * Copies {@code data} of rank {@code root} to {@code data} of all ranks; the size must be equal.
   *
   * @throws CommException ({@code USER}) if the buffer is not direct or root is no rank
   */
  Work broadcast(ByteBuffer data, int root);

  /**
   * Sends {@code data} to one other rank. Not a collective: only the two ranks take part. The
   * messages of a pair of ranks in one direction with one tag are matched in the order in which
   * each side starts them. Nothing is sent before the other rank has started {@link #receive}.
   *
   * @param to another rank
   * @param tag 0 or more
   * @throws CommException ({@code USER}) if the buffer is not direct, or {@code to} or {@code tag}
   *     is out of range
   */
  Work send(ByteBuffer data, int to, int tag);

  /**
   * Receives what one other rank sends with the same tag.
   *
   * @param data gets the message; as long as the sender's
   * @param from another rank
   * @param tag 0 or more
   * @throws CommException as {@link #send}
   */
  Work receive(ByteBuffer data, int from, int tag);

  /** Ends when all ranks have started it. */
  Work barrier();

  /**
   * Describes the first operation pending longer than {@link CommConfig#stallMs}: operation,
   * generation, sequence, the peer it waits for, bytes read of all bytes, and when that peer last
   * sent something; null if there is none. Updated a few times a second.
   */
  String stall();

  /** Returns the counters so far. */
  CommStats stats();

  /**
   * Ends the group in failure: fails every pending operation at once and tells the peers.
   *
   * @param cause what went wrong; a {@link CommException} keeps its category, anything else is
   *     {@code RETRYABLE}
   */
  void abort(Throwable cause);

  /**
   * Leaves the group: notifies the peers, closes the connections and ends the threads. Peers that
   * wait for nothing from this rank do not fail. Operations still pending here fail, here and at
   * the peers.
   */
  @Override
  void close();
}
