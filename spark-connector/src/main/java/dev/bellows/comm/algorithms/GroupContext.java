package dev.bellows.comm.algorithms;

import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;

/** What operations use of their group; on the event thread, except where noted. */
public interface GroupContext {
  /** This rank. Any thread. */
  int rank();

  /** The number of ranks. Any thread. */
  int worldSize();

  /** The membership epoch. Any thread. */
  int generation();

  /** The largest payload of a frame. Any thread. */
  int segmentBytes();

  /** The largest buffer of an all-reduce by recursive doubling. Any thread. */
  int doublingBytes();

  /** The pool of direct buffers; only the reference may be passed on other threads. */
  ScratchPool scratch();

  /** The element-wise additions; only the reference may be passed on other threads. */
  Sums sums();

  /** "rank 1 (10.0.0.7:40112)". */
  String describe(int peer);

  /** The clock of {@link #countReduce}. */
  long nanoTime();

  /** Counts time spent in additions. */
  void countReduce(long nanos);

  /** Queues a frame; {@code payload} must not change until {@code sent} has run. */
  void post(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent);

  /** Sends what may be sent and ends the operations that are done. */
  void settle();
}
