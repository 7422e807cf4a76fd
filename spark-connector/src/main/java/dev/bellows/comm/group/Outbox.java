package dev.bellows.comm.group;

import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The queue of frames for one peer, as headers and slices, without copying payloads.
 *
 * <p>A peer has to keep the frames of operations that it has not started itself. So at most a
 * window of such bytes is sent ahead; further frames are held back until a frame of the peer shows
 * that it has started the operation. Frames of started operations pass those held back, so no two
 * ranks can hold each other up. The receiver counts with the same {@link #cost} and refuses what
 * exceeds the window.
 */
final class Outbox {
  private static final int FRAME_COST = 256;

  private final long windowBytes;
  private final ArrayDeque<Outgoing> ready = new ArrayDeque<>();
  private final ArrayDeque<Outgoing> held = new ArrayDeque<>();
  private final TreeMap<Long, Long> aheadBySequence = new TreeMap<>();
  private long ahead;
  private long peerStarted;

  /** One frame to be written. */
  record Outgoing(Frame.Builder header, ByteBuffer payload, Runnable sent) {}

  Outbox(long windowBytes) {
    this.windowBytes = windowBytes;
  }

  /**
   * Returns the cost of a frame against the window: its payload, rounded up, and its bookkeeping.
   */
  static long cost(int payloadBytes) {
    return FRAME_COST + 2L * payloadBytes;
  }

  void add(Outgoing frame) {
    if (!isCollective(frame)) {
      ready.addLast(frame);
    } else if (held.isEmpty() && mayGo(frame)) {
      ready.addLast(frame);
    } else if (frame.header.getSequence() <= peerStarted) {
      ready.addLast(frame);
    } else {
      held.addLast(frame);
    }
  }

  /**
   * Returns whether a frame belongs to a collective; messages never arrive early, as their receiver
   * has reported that it is ready.
   */
  private static boolean isCollective(Outgoing frame) {
    var kind = frame.header.getKind();
    return kind != Frame.Kind.READY && kind != Frame.Kind.MESSAGE;
  }

  private boolean mayGo(Outgoing frame) {
    var sequence = frame.header.getSequence();
    if (sequence <= peerStarted) {
      return true;
    }
    var cost = cost(frame.payload == null ? 0 : frame.payload.remaining());
    if (ahead > 0 && ahead + cost > windowBytes) {
      return false;
    }
    ahead += cost;
    aheadBySequence.merge(sequence, cost, Long::sum);
    return true;
  }

  /** Records that the peer has started all operations up to {@code sequence}. */
  void peerStarted(long sequence) {
    if (sequence <= peerStarted) {
      return;
    }
    peerStarted = sequence;
    while (!aheadBySequence.isEmpty() && aheadBySequence.firstKey() <= sequence) {
      ahead -= aheadBySequence.pollFirstEntry().getValue();
    }
    var open = true;
    for (var frames = held.iterator(); frames.hasNext(); ) {
      var frame = frames.next();
      if (frame.header.getSequence() <= sequence || (open && mayGo(frame))) {
        ready.addLast(frame);
        frames.remove();
      } else {
        open = false;
      }
    }
  }

  Outgoing poll() {
    return ready.pollFirst();
  }

  /** Takes out all frames and gives them to {@code each}. */
  void clear(Consumer<Outgoing> each) {
    var frames = new ArrayList<>(ready);
    frames.addAll(held);
    ready.clear();
    held.clear();
    frames.forEach(each);
  }
}
