package dev.bellows.comm.transport;

import dev.bellows.comm.CommException;
import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;

/**
 * Carries frames between ranks, in order for each pair. One event thread does everything; except
 * where noted, methods are called on it only.
 */
public interface Transport {
  /** Returns this rank. Any thread. */
  int rank();

  /** Returns the number of ranks. Any thread. */
  int worldSize();

  /** Describes a peer: "rank 1 (10.0.0.7:40112)". Any thread. */
  String describe(int peer);

  /** Begins to deliver to {@code receiver}, and to call its tick every {@code tickMs}. */
  void start(Receiver receiver, long tickMs);

  /**
   * Runs a task on the event thread, after those before it. Any thread.
   *
   * @throws java.util.concurrent.RejectedExecutionException after the end
   */
  void execute(Runnable task);

  /** Returns the time for deadlines and durations, as {@link System#nanoTime}. Any thread. */
  default long nanoTime() {
    return System.nanoTime();
  }

  /** Reports that a caller begins to wait for the event thread. Any thread. */
  default void callerWaits() {}

  /** Reports that a caller has stopped waiting. Any thread. */
  default void callerGoesOn() {}

  /** Returns whether the caller is the event thread. Any thread. */
  boolean inLoop();

  /** Returns whether the peer accepts more bytes now; its receiver is called when it does again. */
  boolean writable(int peer);

  /**
   * Queues one frame. The contents of {@code payload} must not change until {@code sent} has run.
   *
   * @param header all fields but job, generation, from and payload
   */
  void write(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent);

  /** Returns the payload bytes sent to all peers through shared memory. Any thread. */
  default long sharedBytesSent() {
    return 0;
  }

  /** Returns the payload bytes received from all peers through shared memory. Any thread. */
  default long sharedBytesReceived() {
    return 0;
  }

  /** Sends the queued frames. */
  void flush(int peer);

  /** Returns the time since the last read from the peer. */
  long idleReadNanos(int peer);

  /** Returns the time since the last write to the peer. */
  long idleWriteNanos(int peer);

  /** Drops everything that comes from now on: no buffer is written to any more. */
  void discardInput();

  /** Closes one connection. */
  void closePeer(int peer);

  /**
   * Sends the queued frames, for at most {@code graceMs}, and then runs {@code then}: no buffer is
   * read any more. The connections close once the peers have read all.
   */
  void finish(long graceMs, Runnable then);

  /** Ends the threads; blocks unless called on the event thread. Any thread. */
  void terminate();

  /** Receives frames and events, on the event thread of the transport. */
  interface Receiver {
    /**
     * Returns the destination of a frame's payload.
     *
     * @throws CommException if the frame is refused
     */
    Target target(int from, Frame header, int payloadBytes);

    /** Handles a complete frame, whose payload is in {@code target}. */
    void received(int from, Frame header, int payloadBytes, Target target);

    /**
     * Handles a complete frame, whose payload may be read until this returns.
     *
     * @throws CommException if the frame is refused
     */
    default void receivedShared(int from, Frame header, ByteBuffer payload) {
      var target = target(from, header, payload.remaining());
      target.buffer().duplicate().put(payload.duplicate());
      received(from, header, payload.remaining(), target);
    }

    /** Handles a connection that broke, or whose peer violated a rule. */
    void lost(int peer, CommException cause);

    /** Handles a peer that accepts more bytes again. */
    void writable(int peer);

    /** Checks deadlines; called at the interval that {@link #start} was given. */
    void tick();
  }
}
