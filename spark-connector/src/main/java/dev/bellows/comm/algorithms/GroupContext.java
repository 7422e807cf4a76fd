package dev.bellows.comm.algorithms;

import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;

/** What operations use of their group; on the event thread, except where noted. */
public interface GroupContext {
  /** Returns this rank. Any thread. */
  int rank();

  /** Returns the number of ranks. Any thread. */
  int worldSize();

  /** Returns the generation. Any thread. */
  int generation();

  /** Returns the largest payload of a frame. Any thread. */
  int segmentBytes();

  /** Returns the largest buffer of an all-reduce by recursive doubling. Any thread. */
  int doublingBytes();

  /** Returns the pool of direct buffers; other threads may only pass the reference on. */
  ScratchPool scratch();

  /** Returns the element-wise additions; other threads may only pass the reference on. */
  Sums sums();

  /** Describes a peer: "rank 1 (10.0.0.7:40112)". */
  String describe(int peer);

  /** Returns the time for {@link #countReduce}. */
  long nanoTime();

  /** Counts time spent in additions. */
  void countReduce(long nanos);

  /** Queues a frame; {@code payload} must not change until {@code sent} has run. */
  void post(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent);

  /** Sends what may be sent and ends the operations that are done. */
  void settle();
}
