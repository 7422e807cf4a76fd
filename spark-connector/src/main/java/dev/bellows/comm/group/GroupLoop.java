package dev.bellows.comm.group;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.CommStats;
import dev.bellows.comm.Work;
import dev.bellows.comm.algorithms.GroupContext;
import dev.bellows.comm.algorithms.Message;
import dev.bellows.comm.algorithms.Operation;
import dev.bellows.comm.algorithms.ScratchPool;
import dev.bellows.comm.algorithms.Sums;
import dev.bellows.comm.transport.Transport;
import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the operations of a group on the event thread of its transport, to which all state is
 * confined. The first failure ends it.
 */
final class GroupLoop implements GroupContext {
  private static final long ABORT_GRACE_MS = 250;
  private static final long CLOSE_GRACE_MS = 2_000;
  private static final int ABORT_TEXT_BYTES = 2_048;

  private final Transport transport;
  private final GroupOptions options;
  private final ScratchPool scratch;
  private final Sums sums;
  private final Counters counters = new Counters();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile CommException failure;

  /** The operations that have begun and not ended, in order. */
  private final Set<PendingWork<?>> pending = new LinkedHashSet<>();

  private final Collectives collectives;
  private final PointToPoint messages;
  private final Outboxes outboxes;
  private final Watch watch;
  private boolean busy;

  GroupLoop(Transport transport, GroupOptions options, ScratchPool scratch, Sums sums) {
    this.transport = transport;
    this.options = options;
    this.scratch = scratch;
    this.sums = sums;
    this.collectives = new Collectives(this, new EarlyFrames(worldSize(), options.windowBytes()));
    this.messages = new PointToPoint(this, worldSize());
    this.outboxes = new Outboxes(transport, counters, options.windowBytes());
    this.watch = new Watch(this, transport, options, outboxes);
  }

  // Any thread.

  void start() {
    var arrivals = new Arrivals(this, options, counters, collectives, messages, outboxes);
    transport.execute(() -> transport.start(arrivals, options.tickMs()));
  }

  @Override
  public int rank() {
    return transport.rank();
  }

  @Override
  public int worldSize() {
    return transport.worldSize();
  }

  @Override
  public int generation() {
    return options.generation();
  }

  @Override
  public int segmentBytes() {
    return options.segmentBytes();
  }

  @Override
  public int doublingBytes() {
    return options.doublingBytes();
  }

  @Override
  public ScratchPool scratch() {
    return scratch;
  }

  @Override
  public Sums sums() {
    return sums;
  }

  String stall() {
    return watch.stall();
  }

  CommStats stats() {
    return counters.snapshot(transport);
  }

  Work submit(Operation operation) {
    return submit(operation, collectives);
  }

  Work submit(Message message) {
    return submit(message, messages);
  }

  private <O extends Operation> Work submit(O operation, Register<O> register) {
    var work = new PendingWork<>(operation, register, transport, counters.waitNanos, this::expire);
    try {
      transport.execute(() -> guarded(operation, () -> begin(work)));
    } catch (RejectedExecutionException e) {
      work.fail(CommException.aborted(failure()));
    }
    return work;
  }

  private CommException failure() {
    var cause = failure;
    return cause != null ? cause : CommException.user("close: this group is closed");
  }

  private void expire(PendingWork<?> work, String how) {
    try {
      transport.execute(
          () -> {
            if (failure == null && !work.isDone()) {
              fail(work.operation(), CommException.retryable(waited(work.operation(), how)));
            }
          });
    } catch (RejectedExecutionException e) {
      work.fail(CommException.aborted(failure()));
    }
  }

  void abort(Throwable cause) {
    var category =
        cause instanceof CommException c ? c.category() : CommException.Category.RETRYABLE;
    var message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    try {
      transport.execute(() -> fail(null, new CommException(category, message, cause)));
    } catch (RejectedExecutionException e) {
      // It has ended already.
    }
  }

  void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        transport.execute(this::leave);
      } catch (RejectedExecutionException e) {
        // It has ended already.
      }
    }
    transport.terminate();
  }

  // The rest runs on the event thread.

  private void begin(PendingWork<?> work) {
    if (failure != null) {
      work.fail(CommException.aborted(failure));
      return;
    }
    pending.add(work);
    busy = true; // No operation may end before all of it has begun.
    try {
      work.enter();
      outboxes.pump();
      work.operation().startLocal();
    } finally {
      busy = false;
    }
    work.catchUp();
    for (var peer = 0; peer < worldSize(); peer++) {
      if (failure == null && outboxes.departed(peer) && work.operation().needs(peer)) {
        lost(peer, CommException.retryable("it has left the group"));
      }
    }
    settle();
  }

  /** Runs work of the event thread, where an exception would vanish: it ends the group. */
  private void guarded(Operation operation, Runnable body) {
    try {
      body.run();
    } catch (RuntimeException | Error e) {
      var where =
          operation == null ? "group: generation " + generation() + ": " : operation.where();
      var message = where + "rank " + rank() + " of " + worldSize() + " failed: " + e;
      fail(operation, new CommException(CommException.Category.FATAL, message, e));
    }
  }

  @Override
  public String describe(int peer) {
    return transport.describe(peer);
  }

  @Override
  public long nanoTime() {
    return transport.nanoTime();
  }

  @Override
  public void countReduce(long nanos) {
    counters.reduceNanos.add(nanos);
  }

  @Override
  public void post(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent) {
    outboxes.post(peer, new Outbox.Outgoing(header, payload, sent));
  }

  @Override
  public void settle() {
    if (busy) {
      return;
    }
    busy = true;
    try {
      guarded(null, this::advance);
    } finally {
      busy = false;
    }
  }

  private void advance() {
    outboxes.pump();
    for (var work : new ArrayList<>(pending)) {
      if (failure == null && work.operation().done()) {
        work.operation().finish();
        pending.remove(work);
        work.leave();
        counters.ended(work.operation().algorithm());
        work.complete();
      }
    }
  }

  /** Gives a frame to the operation that it belongs to. */
  void deliver(Operation operation, int from, Frame header, int payloadBytes, Target target) {
    if (failure != null) {
      return;
    }
    try {
      operation.received(from, header, payloadBytes, target);
    } catch (CommException e) {
      broken(operation, from, e);
    }
  }

  /** Handles the end of a peer that has closed with no operation pending. */
  void goodbye(int from) {
    outboxes.setDeparted(from, true);
    for (var work : pending) {
      if (work.operation().needs(from)) {
        lost(from, CommException.retryable("it has left the group"));
        return;
      }
    }
    outboxes.drop(from);
    transport.closePeer(from);
    settle();
  }

  /** Looks at the deadlines. */
  void tick() {
    guarded(
        null,
        () -> {
          if (failure == null) {
            watch.look(pending);
          }
        });
  }

  // Failures.

  boolean isFailed() {
    return failure != null;
  }

  /** Handles the loss of the connection to a peer, or a peer's violation of a rule. */
  void lost(int peer, CommException cause) {
    if (failure != null || closed.get()) {
      return;
    }
    // A peer that broke a rule still receives the reason.
    outboxes.setDeparted(peer, cause.category() != CommException.Category.FATAL);
    broken(blamed(peer), peer, cause);
  }

  /** Returns the first operation that needs the peer, else the first of all, or null. */
  private Operation blamed(int peer) {
    Operation first = null;
    for (var work : pending) {
      if (work.operation().needs(peer)) {
        return work.operation();
      }
      first = first == null ? work.operation() : first;
    }
    return first;
  }

  /** Fails an operation, or none if null, because of a peer. */
  void broken(Operation operation, int peer, CommException cause) {
    var message =
        (operation == null ? "connection: generation " + generation() + ": " : operation.where())
            + "rank "
            + rank()
            + " of "
            + worldSize()
            + (cause.category() == CommException.Category.FATAL ? " refused " : " lost ")
            + describe(peer)
            + ": "
            + cause.getMessage()
            + (operation == null ? "" : operation.progress(peer));
    fail(operation, new CommException(cause.category(), message, cause));
  }

  /** Describes a wait: "allReduce: …: rank 2 of 4 waited 30 ms for rank 1 …". */
  String waited(Operation operation, String how) {
    return operation.where()
        + "rank "
        + rank()
        + " of "
        + worldSize()
        + " "
        + how
        + operation.waitsFor();
  }

  /** Ends the group in failure: {@code first} gets the cause, all other operations are aborted. */
  void fail(Operation first, CommException cause) {
    if (failure != null) {
      return;
    }
    failure = cause;
    transport.discardInput();
    try {
      tellPeers(cause);
    } finally {
      transport.finish(ABORT_GRACE_MS, () -> failAll(first, cause));
    }
  }

  private void tellPeers(CommException cause) {
    var text = cause.getMessage().getBytes(StandardCharsets.UTF_8);
    var payload = ByteBuffer.allocateDirect(Math.min(text.length, ABORT_TEXT_BYTES));
    payload.put(text, 0, payload.capacity()).flip();
    var category = Frame.Category.valueOf(cause.category().name());
    var abort = Frame.newBuilder().setKind(Frame.Kind.ABORT).setCategory(category);
    outboxes.stop(abort.build(), payload);
  }

  private void failAll(Operation first, CommException cause) {
    for (var work : pending) {
      work.fail(work.operation() == first ? cause : CommException.aborted(cause));
    }
    pending.clear();
    collectives.clear();
  }

  private void leave() {
    if (failure != null) {
      return;
    }
    if (!pending.isEmpty()) {
      fail(
          null,
          CommException.retryable(
              message(
                  "close: rank %s of %s closed its group with %s operations pending",
                  rank(), worldSize(), pending.size())));
      return;
    }
    failure = CommException.user("close: this group is closed");
    transport.discardInput();
    outboxes.stop(Frame.newBuilder().setKind(Frame.Kind.GOODBYE).build(), null);
    transport.finish(CLOSE_GRACE_MS, () -> {});
  }
}
