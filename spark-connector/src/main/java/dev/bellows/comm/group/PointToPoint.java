package dev.bellows.comm.group;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.algorithms.Message;
import dev.bellows.comm.algorithms.Message.Lane;
import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The messages between this rank and others. Those of one pair of ranks in one direction with one
 * tag form a lane, in which both sides number them in the order in which they start them.
 */
final class PointToPoint implements Register<Message> {
  /** How many messages a peer may wait for that this rank has not begun to send. */
  private static final int MOST_READY = 4_096;

  private final GroupLoop loop;
  private final Map<Lane, Traffic> lanes = new HashMap<>();
  private final int[] early;

  private static final class Traffic {
    private long started;
    private final TreeMap<Long, Message> open = new TreeMap<>();

    /** The sizes of messages that the receiver waits for and that have not begun. */
    private final TreeMap<Long, Long> ready = new TreeMap<>();
  }

  PointToPoint(GroupLoop loop, int worldSize) {
    this.loop = loop;
    this.early = new int[worldSize];
  }

  private Traffic traffic(Lane lane) {
    return lanes.computeIfAbsent(lane, l -> new Traffic());
  }

  @Override
  public long enter(Message message) {
    var traffic = traffic(message.lane());
    traffic.open.put(++traffic.started, message);
    return traffic.started;
  }

  @Override
  public void catchUp(Message message) {
    var bytes = traffic(message.lane()).ready.remove(message.sequence());
    if (bytes != null) {
      early[message.lane().peer()]--;
      ready(message, bytes);
    }
  }

  @Override
  public void leave(Message message) {
    traffic(message.lane()).open.remove(message.sequence());
  }

  private void ready(Message message, long bytes) {
    try {
      message.ready(bytes);
    } catch (CommException e) {
      loop.broken(message, message.lane().peer(), e);
    }
  }

  /** Records that a peer waits for a message. */
  void ready(int from, Frame header) {
    var traffic = traffic(new Lane(from, header.getTag(), true));
    var number = header.getSequence();
    var message = traffic.open.get(number);
    if (number > traffic.started) {
      keepReady(from, header, traffic);
    } else if (message == null || message.isReady()) {
      throw ended(header);
    } else {
      ready(message, header.getTotalBytes());
    }
  }

  private void keepReady(int from, Frame header, Traffic traffic) {
    var number = header.getSequence();
    if (early[from] == MOST_READY || traffic.ready.containsKey(number)) {
      throw CommException.fatal(
          message(
              "frame: a rank may wait for at most %s messages that have not begun, once for each;"
                  + " got READY %s of tag %s",
              MOST_READY, number, header.getTag()));
    }
    early[from]++;
    traffic.ready.put(number, header.getTotalBytes());
  }

  private Message receiving(int from, Frame header) {
    var traffic = lanes.get(new Lane(from, header.getTag(), false));
    var message = traffic == null ? null : traffic.open.get(header.getSequence());
    if (message == null) {
      throw ended(header);
    }
    return message;
  }

  /** Returns where the payload of a segment goes. */
  Target target(int from, Frame header, int payloadBytes) {
    return receiving(from, header).target(from, header, payloadBytes);
  }

  /** Takes a segment whose payload has arrived. */
  void received(int from, Frame header, int payloadBytes, Target target) {
    loop.deliver(receiving(from, header), from, header, payloadBytes, target);
  }

  private static CommException ended(Frame header) {
    return CommException.fatal(
        message(
            "frame: nobody waits for message %s of tag %s; got %s",
            header.getSequence(), header.getTag(), header.getKind()));
  }
}
