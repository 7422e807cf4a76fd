package dev.bellows.comm;

import dev.bellows.proto.comm.Frame;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The messages between this rank and others. Those of one pair of ranks in one direction with one
 * tag form a lane, in which both sides number them in the order in which they start them.
 */
final class Messages {
  /** How many messages a peer may wait for that this rank has not begun to send. */
  private static final int MOST_READY = 4_096;

  private final Map<Lane, Traffic> lanes = new HashMap<>();
  private final int[] early;

  /** Messages that this rank sends to a peer, or receives from it. */
  record Lane(int peer, int tag, boolean sends) {}

  private static final class Traffic {
    private long started;
    private final TreeMap<Long, Message> open = new TreeMap<>();
    private final TreeMap<Long, Long> ready = new TreeMap<>();
  }

  Messages(int worldSize) {
    this.early = new int[worldSize];
  }

  private Traffic traffic(Lane lane) {
    return lanes.computeIfAbsent(lane, l -> new Traffic());
  }

  /** Gives the message its number. */
  void number(Message message) {
    var traffic = traffic(message.lane());
    message.sequence = ++traffic.started;
    traffic.open.put(message.sequence, message);
  }

  /** The size that the receiver said it waits for before the message began, or null. */
  Long takeReady(Message message) {
    var bytes = traffic(message.lane()).ready.remove(message.sequence);
    if (bytes != null) {
      early[message.lane().peer()]--;
    }
    return bytes;
  }

  /** A peer is ready: the message, or null if it has not begun. */
  Message ready(int from, Frame header) {
    var traffic = traffic(new Lane(from, header.getTag(), true));
    var number = header.getSequence();
    var message = traffic.open.get(number);
    if (number > traffic.started) {
      if (early[from] == MOST_READY || traffic.ready.containsKey(number)) {
        throw CommException.fatal(
            "frame: a rank may wait for at most "
                + MOST_READY
                + " messages that have not begun, once for each; got READY "
                + number
                + " of tag "
                + header.getTag());
      }
      early[from]++;
      traffic.ready.put(number, header.getTotalBytes());
    } else if (message == null || message.complete()) {
      throw ended(header);
    }
    return message;
  }

  /** The message that a segment belongs to. */
  Message receiving(int from, Frame header) {
    var traffic = lanes.get(new Lane(from, header.getTag(), false));
    var message = traffic == null ? null : traffic.open.get(header.getSequence());
    if (message == null) {
      throw ended(header);
    }
    return message;
  }

  private static CommException ended(Frame header) {
    return CommException.fatal(
        "frame: nobody waits for message "
            + header.getSequence()
            + " of tag "
            + header.getTag()
            + "; got "
            + header.getKind());
  }

  void end(Message message) {
    traffic(message.lane()).open.remove(message.sequence);
  }
}
