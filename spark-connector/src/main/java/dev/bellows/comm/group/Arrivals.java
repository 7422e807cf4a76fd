package dev.bellows.comm.group;

import dev.bellows.comm.CommException;
import dev.bellows.comm.transport.Transport;
import dev.bellows.comm.wire.FrameRules;
import dev.bellows.comm.wire.Target;
import dev.bellows.comm.wire.Target.Held;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Dispatches arriving frames by their kind. Confined to the event thread. */
final class Arrivals implements Transport.Receiver {
  private final GroupLoop loop;
  private final GroupOptions options;
  private final Counters counters;
  private final Collectives collectives;
  private final PointToPoint messages;
  private final Outboxes outboxes;

  Arrivals(
      GroupLoop loop,
      GroupOptions options,
      Counters counters,
      Collectives collectives,
      PointToPoint messages,
      Outboxes outboxes) {
    this.loop = loop;
    this.options = options;
    this.counters = counters;
    this.collectives = collectives;
    this.messages = messages;
    this.outboxes = outboxes;
  }

  @Override
  public Target target(int from, Frame header, int payloadBytes) {
    FrameRules.check(header, payloadBytes, options.segmentBytes());
    return switch (header.getKind()) {
      case START, PART, RESULT -> collectives.target(from, header, payloadBytes);
      case MESSAGE -> messages.target(from, header, payloadBytes);
      case ABORT -> new Target(ByteBuffer.allocateDirect(payloadBytes), Held.PLACE);
      default -> Target.NONE;
    };
  }

  @Override
  public void receivedShared(int from, Frame header, ByteBuffer payload) {
    var bytes = payload.remaining();
    if (header.getKind() != Frame.Kind.MESSAGE && collectives.isActive(header.getSequence())) {
      FrameRules.check(header, bytes, options.segmentBytes());
      received(from, header, bytes, new Target(payload, Held.LENT));
    } else {
      Transport.Receiver.super.receivedShared(from, header, payload);
    }
  }

  @Override
  public void received(int from, Frame header, int payloadBytes, Target target) {
    counters.framesReceived.increment();
    counters.bytesReceived.add(payloadBytes);
    if (loop.isFailed()) {
      return;
    }
    switch (header.getKind()) {
      case HEARTBEAT -> {}
      case GOODBYE -> loop.goodbye(from);
      case ABORT -> aborted(header, target);
      case READY -> {
        try {
          messages.ready(from, header);
        } catch (CommException e) {
          loop.broken(null, from, e);
        }
        loop.settle();
      }
      case MESSAGE -> {
        messages.received(from, header, payloadBytes, target);
        loop.settle();
      }
      default -> {
        outboxes.peerStarted(from, header.getSequence());
        collectives.received(from, header, payloadBytes, target);
        loop.settle();
      }
    }
  }

  private void aborted(Frame header, Target target) {
    var text = StandardCharsets.UTF_8.decode(target.buffer().duplicate()).toString();
    var category = CommException.Category.valueOf(header.getCategory().name());
    loop.fail(null, CommException.aborted(new CommException(category, text)));
  }

  @Override
  public void lost(int peer, CommException cause) {
    loop.lost(peer, cause);
  }

  @Override
  public void writable(int peer) {
    outboxes.writable(peer);
    loop.settle();
  }

  @Override
  public void tick() {
    loop.tick();
  }
}
