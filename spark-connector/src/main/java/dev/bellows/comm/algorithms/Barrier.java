package dev.bellows.comm.algorithms;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;

/** Completes when every rank has notified every other that it has started. */
final class Barrier extends Operation {
  private int heardCount;

  Barrier(GroupContext group) {
    super(group, 0);
  }

  @Override
  String name() {
    return "barrier";
  }

  @Override
  Frame.Builder describe() {
    return Frame.newBuilder().setOp(Frame.Op.BARRIER);
  }

  @Override
  void start() {
    for (var i = 1; i < worldSize; i++) {
      post((me + i) % worldSize, header(Frame.Kind.START), null);
    }
  }

  @Override
  void admit(int from, Frame header, int payloadBytes) {
    throw refused(message("a barrier has no data; rank %s sent %s", from, header.getKind()));
  }

  @Override
  ByteBuffer place(Frame header, int payloadBytes) {
    return null;
  }

  @Override
  void take(int from, Frame header, Target got) {}

  @Override
  void hear(int from, Frame header) {
    heardCount++;
  }

  @Override
  boolean complete() {
    return heardCount == worldSize - 1;
  }

  @Override
  public boolean needs(int peer) {
    return !heard(peer);
  }

  @Override
  public String progress(int peer) {
    return "";
  }
}
