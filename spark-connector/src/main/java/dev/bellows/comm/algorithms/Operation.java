package dev.bellows.comm.algorithms;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.wire.Target;
import dev.bellows.comm.wire.Target.Held;
import dev.bellows.proto.comm.Frame;
import dev.bellows.proto.comm.FrameOrBuilder;
import java.nio.ByteBuffer;

/**
 * One operation at one rank, confined to the event thread. Whoever runs it calls {@link #begin}
 * with its number, then {@link #startLocal}; then {@link #target} and {@link #received} for each
 * frame; and {@link #finish} once it is {@link #done}.
 */
public abstract class Operation {
  final GroupContext group;
  final int me;
  final int worldSize;
  final long totalBytes;
  private long sequence;

  /** The fields that are the same in all frames of this rank. */
  private Frame.Builder base;

  private final boolean[] heard;
  private final int[] unsent;
  private int allUnsent;

  Operation(GroupContext group, long totalBytes) {
    this.group = group;
    this.me = group.rank();
    this.worldSize = group.worldSize();
    this.totalBytes = totalBytes;
    this.heard = new boolean[worldSize];
    this.unsent = new int[worldSize];
  }

  /** Returns the operation's name, as "allReduce". */
  abstract String name();

  /** Returns a frame with the fields that all ranks must agree on. */
  abstract Frame.Builder describe();

  /** Queues the first frames; at least one for every peer that may send data to this rank. */
  abstract void start();

  /** Does local work, after the first frames are on their way. */
  public void startLocal() {}

  /** Refuses a PART or RESULT that is not one of those this rank still waits for. */
  abstract void admit(int from, Frame header, int payloadBytes);

  /** Returns the place of an admitted payload, or null if it has to be added first. */
  abstract ByteBuffer place(Frame header, int payloadBytes);

  /** Takes an admitted payload, which is in its place if it has one; else it is to be added. */
  abstract void take(int from, Frame header, Target got);

  /** Handles the first frame of a peer. */
  void hear(int from, Frame header) {}

  /** Returns whether everything has arrived. */
  abstract boolean complete();

  /**
   * Completes the result once everything has arrived and been sent, before the caller is notified.
   */
  public void finish() {}

  /** Returns whether this rank needs more from the peer. */
  public abstract boolean needs(int peer);

  /** Describes the peer's progress: ", 3 of 4 bytes read". */
  public abstract String progress(int peer);

  /** Returns the algorithm that it runs. */
  public Algorithm algorithm() {
    return Algorithm.DIRECT;
  }

  /**
   * Begins to send.
   *
   * @param sequence its number, by which frames of peers find it
   */
  public final void begin(long sequence) {
    this.sequence = sequence;
    this.base =
        describe()
            .setSequence(sequence)
            .setTotalBytes(totalBytes)
            .setAlgorithm(algorithm().onWire());
    start();
  }

  /** Returns its number; 0 before the beginning. */
  public final long sequence() {
    return sequence;
  }

  /** Returns whether everything has arrived and been sent. */
  public final boolean done() {
    return allSent() && complete();
  }

  final boolean heard(int peer) {
    return heard[peer];
  }

  static Frame.Element element(ElementType type) {
    return switch (type) {
      case FLOAT32 -> Frame.Element.FLOAT32;
      case FLOAT64 -> Frame.Element.FLOAT64;
      case INT64 -> Frame.Element.INT64;
      case BFLOAT16 -> Frame.Element.BFLOAT16;
    };
  }

  private static Frame.Reduce reduce(ReduceKind kind) {
    return switch (kind) {
      case SUM -> Frame.Reduce.SUM;
      case MEAN -> Frame.Reduce.MEAN;
      case MAX -> Frame.Reduce.MAX;
    };
  }

  static Frame.Builder describe(Reduction reduction) {
    return Frame.newBuilder()
        .setReduce(reduce(reduction.kind()))
        .setElement(element(reduction.type()))
        .setLeaves(reduction.leaves());
  }

  /** Returns a header of this operation. */
  final Frame.Builder header(Frame.Kind kind) {
    return base.clone().setKind(kind);
  }

  final void post(int peer, Frame.Builder header, ByteBuffer payload) {
    unsent[peer]++;
    allUnsent++;
    group.post(
        peer,
        header,
        payload,
        () -> {
          unsent[peer]--;
          allUnsent--;
          group.settle();
        });
  }

  /** Returns the bytes of the segment at an offset, of a buffer that is cut from its start. */
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
          message(
              "every rank must start the same operation; rank %s started %s, rank %s started %s",
              me, text(base), from, text(header)));
    }
  }

  /**
   * Returns where the payload of a PART, RESULT or MESSAGE goes.
   *
   * @throws CommException ({@code FATAL}) if the frame does not belong to this operation
   */
  public final Target target(int from, Frame header, int payloadBytes) {
    check(from, header);
    admit(from, header, payloadBytes);
    var place = place(header, payloadBytes);
    return place != null
        ? new Target(place, Held.PLACE)
        : new Target(group.scratch().take(payloadBytes), Held.SCRATCH);
  }

  /**
   * Takes a frame whose payload has arrived.
   *
   * @throws CommException ({@code FATAL}) if the frame does not belong to this operation
   */
  public final void received(int from, Frame header, int payloadBytes, Target target) {
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

  /** Refuses a segment that breaks a rule. */
  final CommException refused(String rule, int from, Frame header, int payloadBytes) {
    return refused(
        message(
            "%s; got %s of rank %s, offset %s, %s bytes of %s",
            rule, header.getKind(), from, header.getOffset(), payloadBytes, totalBytes));
  }

  /** Describes the operation: "allReduce: generation 3, sequence 12: ". */
  public final String where() {
    return name() + ": generation " + group.generation() + ", sequence " + sequence + ": ";
  }

  /**
   * Describes the peer that this rank waits for: " for rank 1 (10.0.0.7:40112), 3 of 4 bytes read".
   */
  public final String waitsFor() {
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

  /** Returns the peer that this rank waits for, or -1. */
  public final int slowest() {
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
    return message(
        "%s of %s bytes %s over %s leaves, root %s, %s, %s, chunks %s",
        header.getOp(),
        header.getTotalBytes(),
        header.getElement(),
        header.getLeaves(),
        header.getRoot(),
        header.getReduce(),
        header.getAlgorithm(),
        Integer.toHexString(header.getLayout()));
  }
}
