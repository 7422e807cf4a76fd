package dev.bellows.comm.group;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** Frames of operations not yet started here, bounded for each peer; see {@link Outbox}. */
final class EarlyFrames {
  private final long windowBytes;
  private final long[] cost;
  private final Map<Long, Queue<Early>> bySequence = new HashMap<>();

  /** One frame, whole. */
  record Early(int from, Frame header, int payloadBytes, Target target) {}

  EarlyFrames(int worldSize, long windowBytes) {
    this.windowBytes = windowBytes;
    this.cost = new long[worldSize];
  }

  /** Refuses what would exceed the window, before its payload is kept. */
  void admit(int from, int payloadBytes, long sequence, long started) {
    if (cost[from] > 0 && cost[from] + Outbox.cost(payloadBytes) > windowBytes) {
      throw CommException.fatal(
          message(
              "frame: at most %s bytes may come ahead of time; got more, up to sequence %s, started"
                  + " here is %s",
              windowBytes, sequence, started));
    }
  }

  void add(Early frame) {
    cost[frame.from] += Outbox.cost(frame.payloadBytes);
    bySequence.computeIfAbsent(frame.header.getSequence(), s -> new ArrayDeque<>()).add(frame);
  }

  /** Takes out the frames of one operation, in the order in which they came. */
  Queue<Early> take(long sequence) {
    var frames = bySequence.remove(sequence);
    if (frames == null) {
      return new ArrayDeque<>(0);
    }
    for (var frame : frames) {
      cost[frame.from] -= Outbox.cost(frame.payloadBytes);
    }
    return frames;
  }

  void clear() {
    bySequence.clear();
  }
}
