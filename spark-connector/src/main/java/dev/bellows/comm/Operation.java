package dev.bellows.comm;

import dev.bellows.comm.wire.Target;
import dev.bellows.comm.wire.Target.Held;
import dev.bellows.proto.comm.Frame;
import dev.bellows.proto.comm.FrameOrBuilder;
import java.nio.ByteBuffer;

/** One collective at one rank, confined to the event thread. */
abstract class Operation {
  final Group group;
  final PendingWork work;
  final int me;
  final int worldSize;
  final long totalBytes;
  long sequence;
  long startNanos;

  /** The fields that are the same in all frames of this rank. */
  private Frame.Builder base;

  private final boolean[] heard;
  private final int[] unsent;
  private int allUnsent;

  Operation(Group group, PendingWork work, long totalBytes) {
    this.group = group;
    this.work = work;
    this.me = group.rank();
    this.worldSize = group.worldSize();
    this.totalBytes = totalBytes;
    this.heard = new boolean[worldSize];
    this.unsent = new int[worldSize];
  }

  /** "allReduce". */
  abstract String name();

  /** What all ranks must agree on. */
  abstract Frame.Builder describe();

  /** Queues the first frames; at least one for every peer that may send data to this rank. */
  abstract void start();

  /** Local work after the first frames are on their way. */
  void startLocal() {}

  /** Refuses a PART or RESULT that is not one of those this rank still waits for. */
  abstract void admit(int from, Frame header, int payloadBytes);

  /** Where an admitted payload goes at once, or null if it has to be added first. */
  abstract ByteBuffer place(Frame header, int payloadBytes);

  /** Takes an admitted payload, which is in its place if it has one; else it is to be added. */
  abstract void take(int from, Frame header, Target got);

  /** Called with the first frame of a peer. */
  void hear(int from, Frame header) {}

  /** Whether everything has come. */
  abstract boolean complete();

  /** Called once everything has come and been sent, before the caller hears of it. */
  void finish() {}

  /** Whether this rank needs more from the peer. */
  abstract boolean needs(int peer);

  /** How far the peer has come: ", 3 of 4 bytes read". */
  abstract String progress(int peer);

  final void begin() {
    this.base = describe().setSequence(sequence).setTotalBytes(totalBytes);
    start();
  }

  final boolean done() {
    return allSent() && complete();
  }

  final boolean heard(int peer) {
    return heard[peer];
  }

  static Frame.Element element(ElementType type) {
    return Frame.Element.forNumber(type.ordinal() + 1);
  }

  static Frame.Builder describe(Reduction reduction) {
    return Frame.newBuilder()
        .setReduce(Frame.Reduce.forNumber(reduction.kind().ordinal()))
        .setElement(element(reduction.type()))
        .setLeaves(reduction.leaves());
  }

  /** A header of this operation. */
  final Frame.Builder header(Frame.Kind kind) {
    return base.clone().setKind(kind);
  }

  final void post(int peer, Frame.Builder header, ByteBuffer payload) {
    unsent[peer]++;
    allUnsent++;
    group.post(
        peer,
        new Outbox.Outgoing(
            header,
            payload,
            () -> {
              unsent[peer]--;
              allUnsent--;
              group.settle();
            }));
  }

  /** The bytes of the segment at an offset, of a buffer that is cut from its start. */
  final int segmentLength(long offset) {
    return (int) Math.min(group.segmentBytes(), totalBytes - offset);
  }

  /** Queues a whole buffer, segment by segment. */
  final void postSegments(int peer, Frame.Kind kind, ByteBuffer data) {
    for (long offset = 0; offset < totalBytes; offset += group.segmentBytes()) {
      var segment = Buffers.slice(data, (int) offset, segmentLength(offset));
      post(peer, header(kind).setOffset(offset), segment);
    }
  }

  final boolean allSent() {
    return allUnsent == 0;
  }

  final boolean unsent(int peer) {
    return unsent[peer] > 0;
  }

  /** Checks that a peer's frame belongs to the same operation as ours. */
  final void check(int from, Frame header) {
    if (header.getOp() != base.getOp()
        || header.getElement() != base.getElement()
        || header.getLeaves() != base.getLeaves()
        || header.getTotalBytes() != totalBytes
        || header.getRoot() != base.getRoot()
        || header.getReduce() != base.getReduce()
        || header.getAlgorithm() != base.getAlgorithm()
        || header.getLayout() != base.getLayout()) {
      throw refused(
          "every rank must start the same operation; rank "
              + me
              + " started "
              + text(base)
              + ", rank "
              + from
              + " started "
              + text(header));
    }
  }

  final Target target(int from, Frame header, int payloadBytes) {
    check(from, header);
    admit(from, header, payloadBytes);
    var place = place(header, payloadBytes);
    return place != null
        ? new Target(place, Held.PLACE)
        : new Target(group.scratch().take(payloadBytes), Held.SCRATCH);
  }

  final void received(int from, Frame header, int payloadBytes, Target target) {
    check(from, header);
    if (header.getKind() != Frame.Kind.START) {
      admit(from, header, payloadBytes); // Again: an early frame could not be checked before.
    }
    if (!heard[from]) {
      heard[from] = true;
      hear(from, header);
    }
    if (header.getKind() == Frame.Kind.START) {
      return;
    }
    if (target.held() != Held.PLACE) {
      var place = place(header, payloadBytes);
      if (place != null) {
        place.put(target.buffer().duplicate());
      }
      if (place != null && target.held() == Held.SCRATCH) {
        group.scratch().give(target.buffer());
      }
    }
    take(from, header, target);
  }

  static CommException refused(String rule) {
    return CommException.fatal(rule);
  }

  /** "allReduce: generation 3, sequence 12: ". */
  final String where() {
    return name() + ": generation " + group.generation() + ", sequence " + sequence + ": ";
  }

  /** Whom this rank waits for: " for rank 1 (10.0.0.7:40112), 3 of 4 bytes read". */
  final String waitsFor() {
    var slowest = slowest();
    if (slowest >= 0) {
      return " for "
          + group.describe(slowest)
          + (heard[slowest] ? "" : " to start it")
          + progress(slowest);
    }
    for (var peer = 0; peer < worldSize; peer++) {
      if (unsent[peer] > 0) {
        return " for " + group.describe(peer) + " to read " + unsent[peer] + " frames";
      }
    }
    return "";
  }

  /** The peer that this rank waits for, or -1. */
  final int slowest() {
    var slowest = -1;
    for (var peer = 0; peer < worldSize; peer++) {
      // A peer that has not even started is the cause; those that have may wait for it themselves.
      if (peer != me && needs(peer) && (slowest < 0 || heard[slowest] && !heard[peer])) {
        slowest = peer;
      }
    }
    return slowest;
  }

  private static String text(FrameOrBuilder header) {
    return header.getOp()
        + " of "
        + header.getTotalBytes()
        + " bytes "
        + header.getElement()
        + " over "
        + header.getLeaves()
        + " leaves, root "
        + header.getRoot()
        + ", "
        + header.getReduce()
        + ", "
        + header.getAlgorithm()
        + ", chunks "
        + Integer.toHexString(header.getLayout());
  }
}
