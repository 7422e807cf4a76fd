package dev.bellows.comm.group;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.algorithms.Operation;
import dev.bellows.comm.wire.Target;
import dev.bellows.comm.wire.Target.Held;
import dev.bellows.proto.comm.Frame;
import java.util.HashMap;
import java.util.Map;

/**
 * The collectives, which all ranks number in the order in which they start them. Frames of those
 * not yet started here are kept ({@link EarlyFrames}).
 */
final class Collectives implements Register<Operation> {
  private final GroupLoop loop;
  private final EarlyFrames early;
  private final Map<Long, Operation> active = new HashMap<>();
  private long started;

  Collectives(GroupLoop loop, EarlyFrames early) {
    this.loop = loop;
    this.early = early;
  }

  @Override
  public long enter(Operation operation) {
    active.put(++started, operation);
    return started;
  }

  @Override
  public void catchUp(Operation operation) {
    for (var frame : early.take(operation.sequence())) {
      loop.deliver(operation, frame.from(), frame.header(), frame.payloadBytes(), frame.target());
    }
  }

  @Override
  public void leave(Operation operation) {
    active.remove(operation.sequence());
  }

  boolean isActive(long sequence) {
    return active.containsKey(sequence);
  }

  /** Returns where the payload of a START, PART or RESULT goes. */
  Target target(int from, Frame header, int payloadBytes) {
    var sequence = header.getSequence();
    var start = header.getKind() == Frame.Kind.START;
    if (sequence > started) {
      early.admit(from, payloadBytes, sequence, started);
      return start ? Target.NONE : new Target(loop.scratch().take(payloadBytes), Held.SCRATCH);
    }
    if (start) {
      return Target.NONE;
    }
    var operation = active.get(sequence);
    if (operation == null) {
      throw CommException.fatal(
          message("frame: sequence %s has ended here; got %s", sequence, header.getKind()));
    }
    try {
      return operation.target(from, header, payloadBytes);
    } catch (CommException e) {
      loop.broken(operation, from, e);
      throw e;
    }
  }

  /** Takes a START, PART or RESULT whose payload has arrived. */
  void received(int from, Frame header, int payloadBytes, Target target) {
    var sequence = header.getSequence();
    var operation = active.get(sequence);
    if (sequence > started) {
      early.add(new EarlyFrames.Early(from, header, payloadBytes, target));
    } else if (operation != null) {
      loop.deliver(operation, from, header, payloadBytes, target);
    }
  }

  void clear() {
    active.clear();
    early.clear();
  }
}
