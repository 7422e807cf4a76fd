package dev.bellows.comm;

import dev.bellows.comm.transport.Transport;
import dev.bellows.comm.wire.FrameRules;
import dev.bellows.comm.wire.Target;
import dev.bellows.comm.wire.Target.Held;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The process group over any transport. Callers only number operations and hand them to the event
 * thread; all other state is confined to that thread.
 */
final class Group implements ProcessGroup, Transport.Receiver {
  private static final long ABORT_GRACE_MS = 250;
  private static final long CLOSE_GRACE_MS = 2_000;
  private static final int ABORT_TEXT_BYTES = 2_048;

  private final Transport transport;
  private final GroupOptions options;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Object startLock = new Object();
  private long numbered;
  private final Counters counters = new Counters();
  private volatile CommException failure;
  private volatile String stall;

  // Confined to the event thread.
  private final ScratchPool scratch;
  private final Sums sums;

  /** All that has begun and not ended, in the order of the beginnings. */
  private final Set<Operation> pending = new LinkedHashSet<>();

  /** Those that are numbered by the group. */
  private final Map<Long, Operation> active = new HashMap<>();

  private final Messages messages;
  private final EarlyFrames early;
  private final Outbox[] outboxes;

  /** The peers for which there may be frames that may go. */
  private final BitSet sendable = new BitSet();

  private final boolean[] departed;
  private long started;
  private long lastTick;
  private boolean busy;

  private Group(Transport transport, GroupOptions options, ScratchPool scratch, Sums sums) {
    this.transport = transport;
    this.options = options;
    this.scratch = scratch;
    this.sums = sums;
    this.lastTick = nanoTime();
    this.early = new EarlyFrames(worldSize(), options.windowBytes());
    this.messages = new Messages(worldSize());
    this.departed = new boolean[worldSize()];
    this.outboxes = new Outbox[worldSize()];
    for (var i = 0; i < outboxes.length; i++) {
      outboxes[i] = new Outbox(options.windowBytes());
    }
  }

  static Group start(Transport transport, GroupOptions options) {
    return start(transport, options, new ScratchPool(64L << 20), new Sums());
  }

  static Group start(Transport transport, GroupOptions options, ScratchPool scratch, Sums sums) {
    var group = new Group(transport, options, scratch, sums);
    transport.execute(() -> transport.start(group, options.tickMs()));
    return group;
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
  public String stall() {
    return stall;
  }

  @Override
  public CommStats stats() {
    return counters.snapshot(transport);
  }

  @Override
  public Work allReduce(
      int leaves, List<TreePartial> partials, ByteBuffer out, ElementType type, ReduceKind kind) {
    var checked =
        Arguments.partials("allReduce", leaves, partials, out.remaining(), out, type, kind);
    var result = Buffers.view(out);
    var reduction = new Reduction(leaves, type, kind, scratch, sums);
    var bytes = out.remaining();
    var segment = segmentBytes(type);
    if (Algorithm.choose(worldSize(), bytes, Math.min(segment, options.doublingBytes()))
        == Algorithm.DOUBLING) {
      return submit(work -> new DoublingAllReduce(this, work, reduction, checked, result));
    }
    var chunks = Chunks.even(bytes, worldSize(), segment);
    return submit(work -> new AllReduce(this, work, reduction, checked, result, chunks, false));
  }

  @Override
  public Work reduceScatter(
      int leaves,
      List<TreePartial> partials,
      ByteBuffer out,
      int[] bounds,
      ElementType type,
      ReduceKind kind) {
    var total = Arguments.bounds("reduceScatter", bounds, worldSize(), type);
    var checked = Arguments.partials("reduceScatter", leaves, partials, total, out, type, kind);
    var chunks = Chunks.of(bounds, type.bytes(), segmentBytes(type));
    Arguments.size("reduceScatter", "out", out, chunks.size(rank()));
    var result = Buffers.view(out);
    var reduction = new Reduction(leaves, type, kind, scratch, sums);
    return submit(work -> new AllReduce(this, work, reduction, checked, result, chunks, true));
  }

  @Override
  public Work allGather(ByteBuffer data, int[] bounds, ElementType type) {
    var total = Arguments.bounds("allGather", bounds, worldSize(), type);
    var checked = Buffers.checked("allGather", "data", data, type.bytes());
    Arguments.size("allGather", "data", checked, total);
    var chunks = Chunks.of(bounds, type.bytes(), segmentBytes());
    return submit(work -> new AllGather(this, work, checked, type, chunks));
  }

  @Override
  public Work broadcast(ByteBuffer data, int root) {
    if (root < 0 || root >= worldSize()) {
      throw CommException.user(
          "broadcast: root must be a rank of the group; got " + root + " of " + worldSize());
    }
    var checked = Buffers.checked("broadcast", "data", data, 1);
    return submit(work -> new Broadcast(this, work, checked, root));
  }

  @Override
  public Work barrier() {
    return submit(work -> new Barrier(this, work));
  }

  @Override
  public Work send(ByteBuffer data, int to, int tag) {
    return message("send", data, to, tag);
  }

  @Override
  public Work receive(ByteBuffer data, int from, int tag) {
    return message("receive", data, from, tag);
  }

  private Work message(String name, ByteBuffer data, int peer, int tag) {
    if (peer < 0 || peer >= worldSize() || peer == rank()) {
      throw CommException.user(
          name
              + ": needs another rank of the group; got rank "
              + peer
              + " of "
              + worldSize()
              + " at rank "
              + rank());
    }
    if (tag < 0) {
      throw CommException.user(name + ": tag must be at least 0; got " + tag);
    }
    var checked = Buffers.checked(name, "data", data, 1);
    return submit(work -> new Message(this, work, checked, peer, tag, name.equals("send")));
  }

  private Work submit(Function<PendingWork, Operation> create) {
    var expiring = new Operation[1];
    var work = new PendingWork(transport, counters.waitNanos, how -> expire(expiring[0], how));
    var operation = create.apply(work);
    expiring[0] = operation;
    operation.startNanos = nanoTime();
    synchronized (startLock) {
      if (!(operation instanceof Message)) {
        operation.sequence = ++numbered;
      }
      try {
        transport.execute(() -> guarded(operation, () -> begin(operation)));
      } catch (RejectedExecutionException e) {
        work.fail(CommException.aborted(failure()));
      }
    }
    return work;
  }

  private CommException failure() {
    var cause = failure;
    return cause != null ? cause : CommException.user("close: this group is closed");
  }

  private void begin(Operation operation) {
    if (failure != null) {
      operation.work.fail(CommException.aborted(failure));
      return;
    }
    if (operation instanceof Message message) {
      messages.number(message);
    } else {
      started = operation.sequence;
      active.put(started, operation);
    }
    pending.add(operation);
    busy = true; // Nothing may end before all of it has begun.
    try {
      operation.begin();
      pump();
      operation.startLocal();
    } finally {
      busy = false;
    }
    deliverEarly(operation);
    for (var peer = 0; peer < departed.length; peer++) {
      if (failure == null && departed[peer] && operation.needs(peer)) {
        lost(peer, CommException.retryable("it has left the group"));
      }
    }
    settle();
  }

  private void deliverEarly(Operation operation) {
    if (operation instanceof Message message) {
      var bytes = messages.takeReady(message);
      if (bytes != null) {
        ready(message, bytes);
      }
      return;
    }
    for (var frame : early.take(started)) {
      deliver(operation, frame.from(), frame.header(), frame.payloadBytes(), frame.target());
    }
  }

  private void ready(Message message, long bytes) {
    try {
      message.ready(bytes);
    } catch (CommException e) {
      broken(message, message.lane().peer(), e);
    }
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

  private void deliver(
      Operation operation, int from, Frame header, int payloadBytes, Target target) {
    if (failure != null) {
      return;
    }
    try {
      operation.received(from, header, payloadBytes, target);
    } catch (CommException e) {
      broken(operation, from, e);
    }
  }

  // What operations use.

  String describe(int peer) {
    return transport.describe(peer);
  }

  int generation() {
    return options.generation();
  }

  int segmentBytes() {
    return options.segmentBytes();
  }

  /** The bytes of a segment of the result: what widened leaves become must fit, too. */
  private int segmentBytes(ElementType type) {
    return type == ElementType.BFLOAT16 ? segmentBytes() / 2 : segmentBytes();
  }

  ScratchPool scratch() {
    return scratch;
  }

  Sums sums() {
    return sums;
  }

  long nanoTime() {
    return transport.nanoTime();
  }

  void countReduce(long nanos) {
    counters.reduceNanos.add(nanos);
  }

  void post(int peer, Outbox.Outgoing frame) {
    if (departed[peer]) {
      frame.sent().run(); // It left owing nothing and needing nothing.
    } else {
      outboxes[peer].add(frame);
      sendable.set(peer);
    }
  }

  /** Sends what may be sent and ends what is done. */
  void settle() {
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
    pump();
    for (var operation : new ArrayList<>(pending)) {
      if (failure == null && operation.done()) {
        operation.finish();
        forget(operation);
        counters.operations.increment();
        counters.doublings.add(operation instanceof DoublingAllReduce ? 1 : 0);
        operation.work.complete();
      }
    }
  }

  private void forget(Operation operation) {
    pending.remove(operation);
    if (operation instanceof Message message) {
      messages.end(message);
    } else {
      active.remove(operation.sequence);
    }
  }

  private void pump() {
    while (failure == null && !sendable.isEmpty()) {
      // From the next rank on: if all ranks began with the same one, it would be the bottleneck.
      var next = sendable.nextSetBit(rank());
      var peer = next >= 0 ? next : sendable.nextSetBit(0);
      sendable.clear(peer);
      var wrote = false;
      while (failure == null && transport.writable(peer)) {
        var frame = outboxes[peer].poll();
        if (frame == null) {
          break;
        }
        write(peer, frame.header(), frame.payload(), frame.sent());
        wrote = true;
      }
      if (wrote) {
        transport.flush(peer);
      }
    }
  }

  private void write(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent) {
    counters.framesSent.increment();
    counters.bytesSent.add(payload == null ? 0 : payload.remaining());
    transport.write(peer, header, payload, sent);
  }

  // Frames that come.

  @Override
  public Target target(int from, Frame header, int payloadBytes) {
    FrameRules.check(header, payloadBytes, options.segmentBytes());
    var sequence = header.getSequence();
    switch (header.getKind()) {
      case START -> {
        if (sequence > started) {
          early.admit(from, payloadBytes, sequence, started); // It is kept, too.
        }
        return Target.NONE;
      }
      case PART, RESULT -> {
        if (sequence > started) {
          early.admit(from, payloadBytes, sequence, started);
          return new Target(scratch.take(payloadBytes), Held.SCRATCH);
        }
        var operation = active.get(sequence);
        if (operation == null) {
          throw CommException.fatal(
              "frame: sequence " + sequence + " has ended here; got " + header.getKind());
        }
        try {
          return operation.target(from, header, payloadBytes);
        } catch (CommException e) {
          broken(operation, from, e);
          throw e;
        }
      }
      case MESSAGE -> {
        return messages.receiving(from, header).target(from, header, payloadBytes);
      }
      case ABORT -> {
        return new Target(ByteBuffer.allocateDirect(payloadBytes), Held.PLACE);
      }
      default -> {
        return Target.NONE;
      }
    }
  }

  @Override
  public void receivedShared(int from, Frame header, ByteBuffer payload) {
    var bytes = payload.remaining();
    if (header.getKind() != Frame.Kind.MESSAGE && active.containsKey(header.getSequence())) {
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
    if (failure != null) {
      return;
    }
    switch (header.getKind()) {
      case HEARTBEAT -> {}
      case GOODBYE -> goodbye(from);
      case ABORT -> aborted(from, header, target);
      case READY -> {
        try {
          var message = messages.ready(from, header);
          if (message != null) {
            ready(message, header.getTotalBytes());
          }
        } catch (CommException e) {
          broken(null, from, e);
        }
        settle();
      }
      case MESSAGE -> {
        deliver(messages.receiving(from, header), from, header, payloadBytes, target);
        settle();
      }
      default -> {
        var sequence = header.getSequence();
        outboxes[from].peerStarted(sequence);
        sendable.set(from);
        if (sequence > started) {
          early.add(new EarlyFrames.Early(from, header, payloadBytes, target));
        } else if (active.containsKey(sequence)) {
          deliver(active.get(sequence), from, header, payloadBytes, target);
        }
        settle();
      }
    }
  }

  private void goodbye(int from) {
    departed[from] = true;
    for (var operation : pending) {
      if (operation.needs(from)) {
        lost(from, CommException.retryable("it has left the group"));
        return;
      }
    }
    outboxes[from].clear(frame -> frame.sent().run());
    transport.closePeer(from);
    settle();
  }

  private void aborted(int from, Frame header, Target target) {
    var text = StandardCharsets.UTF_8.decode(target.buffer().duplicate()).toString();
    var category = CommException.Category.valueOf(header.getCategory().name());
    fail(null, CommException.aborted(new CommException(category, text)));
  }

  @Override
  public void writable(int peer) {
    sendable.set(peer);
    settle();
  }

  // Failures.

  @Override
  public void lost(int peer, CommException cause) {
    if (failure != null || closed.get()) {
      return;
    }
    // One that broke a rule is still told why.
    departed[peer] = cause.category() != CommException.Category.FATAL;
    var operation = pending.stream().filter(o -> o.needs(peer)).findFirst().orElse(null);
    if (operation == null && !pending.isEmpty()) {
      operation = pending.iterator().next();
    }
    broken(operation, peer, cause);
  }

  /** Fails an operation, or none if null, because of a peer. */
  private void broken(Operation operation, int peer, CommException cause) {
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

  private void expire(Operation operation, String how) {
    try {
      transport.execute(
          () -> {
            if (failure == null && !operation.work.isDone()) {
              fail(operation, CommException.retryable(waited(operation, how)));
            }
          });
    } catch (RejectedExecutionException e) {
      operation.work.fail(CommException.aborted(failure()));
    }
  }

  private String waited(Operation operation, String how) {
    return operation.where()
        + "rank "
        + rank()
        + " of "
        + worldSize()
        + " "
        + how
        + operation.waitsFor();
  }

  private String lastHeard(Operation operation) {
    var peer = operation.slowest();
    return peer < 0
        ? ""
        : ", last heard "
            + TimeUnit.NANOSECONDS.toMillis(transport.idleReadNanos(peer))
            + " ms ago";
  }

  @Override
  public void abort(Throwable cause) {
    var category =
        cause instanceof CommException c ? c.category() : CommException.Category.RETRYABLE;
    var message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    try {
      transport.execute(() -> fail(null, new CommException(category, message, cause)));
    } catch (RejectedExecutionException e) {
      // It has ended already.
    }
  }

  /** Ends the group in failure; {@code first} keeps the cause, what else is pending is aborted. */
  private void fail(Operation first, CommException cause) {
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
    for (var peer = 0; peer < outboxes.length; peer++) {
      outboxes[peer].clear(frame -> {});
      if (peer != rank() && !departed[peer]) {
        var header =
            Frame.newBuilder()
                .setKind(Frame.Kind.ABORT)
                .setCategory(Frame.Category.valueOf(cause.category().name()));
        write(peer, header, payload.duplicate(), () -> {});
        transport.flush(peer);
      }
    }
  }

  private void failAll(Operation first, CommException cause) {
    for (var operation : pending) {
      operation.work.fail(operation == first ? cause : CommException.aborted(cause));
    }
    pending.clear();
    active.clear();
    early.clear();
  }

  @Override
  public void tick() {
    guarded(null, this::look);
  }

  /** Looks for operations that take too long and peers that are silent. */
  private void look() {
    if (failure != null) {
      return;
    }
    var now = nanoTime();
    var stalled = now - lastTick > TimeUnit.MILLISECONDS.toNanos(options.heartbeatTimeoutMs()) / 2;
    lastTick = now;
    stall = null;
    for (var operation : pending) {
      var waitedMs = TimeUnit.NANOSECONDS.toMillis(now - operation.startNanos);
      if (waitedMs > options.stallMs() && stall == null) {
        stall = waited(operation, "has waited " + waitedMs + " ms") + lastHeard(operation);
      }
      if (waitedMs > options.operationTimeoutMs()) {
        fail(operation, CommException.retryable(waited(operation, "waited " + waitedMs + " ms")));
        return;
      }
    }
    for (var peer = 0; peer < outboxes.length && failure == null; peer++) {
      if (peer == rank() || departed[peer]) {
        continue;
      }
      var silentMs = TimeUnit.NANOSECONDS.toMillis(transport.idleReadNanos(peer));
      // After a stall of this thread the bytes may wait in the socket: look again next time.
      if (silentMs > options.heartbeatTimeoutMs() && !stalled) {
        lost(peer, CommException.retryable("nothing came for " + silentMs + " ms"));
      } else if (transport.idleWriteNanos(peer)
          > TimeUnit.MILLISECONDS.toNanos(options.heartbeatIntervalMs())) {
        write(peer, Frame.newBuilder().setKind(Frame.Kind.HEARTBEAT), null, () -> {});
        transport.flush(peer);
      }
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        transport.execute(this::leave);
      } catch (RejectedExecutionException e) {
        // It has ended already.
      }
    }
    transport.terminate();
  }

  private void leave() {
    if (failure != null) {
      return;
    }
    if (!pending.isEmpty()) {
      fail(
          null,
          CommException.retryable(
              "close: rank "
                  + rank()
                  + " of "
                  + worldSize()
                  + " closed its group with "
                  + pending.size()
                  + " operations pending"));
      return;
    }
    failure = CommException.user("close: this group is closed");
    transport.discardInput();
    for (var peer = 0; peer < outboxes.length; peer++) {
      if (peer != rank() && !departed[peer]) {
        write(peer, Frame.newBuilder().setKind(Frame.Kind.GOODBYE), null, () -> {});
        transport.flush(peer);
      }
    }
    transport.finish(CLOSE_GRACE_MS, () -> {});
  }
}
