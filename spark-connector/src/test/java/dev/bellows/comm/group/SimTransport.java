package dev.bellows.comm.group;

import dev.bellows.comm.CommException;
import dev.bellows.comm.transport.Transport;
import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One rank of a {@link Simulation}. Its event thread is a queue of tasks that take virtual time:
 * what a task does happens at once for the host, and a task that comes in the meantime waits.
 */
final class SimTransport implements Transport {
  private final Simulation simulation;
  private final SimModel model;
  private final int rank;
  private final SimLink.Port card;
  private final SimLink.Port memory;

  // The event thread.
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private boolean awake;
  private boolean running;
  private long freeAt;
  private Receiver receiver;
  private boolean terminated;
  private boolean dead;

  // Connections, by peer.
  private final List<SimFrame> unflushed = new ArrayList<>();
  private final SimFrame[] last;
  private final int[] waiting;
  private final BitSet full = new BitSet();
  private final BitSet closed = new BitSet();
  private final long[] arrived;
  private final long[] lastRead;
  private final long[] lastWrite;
  private int underWay;
  private boolean discarding;
  private boolean hungUp;
  private Runnable finished;

  /** The payload being read, whose frame is not whole yet. */
  private final Target[] begun;

  SimTransport(
      Simulation simulation, SimModel model, int rank, SimLink.Port card, SimLink.Port memory) {
    this.simulation = simulation;
    this.model = model;
    this.rank = rank;
    this.card = card;
    this.memory = memory;
    var worldSize = simulation.worldSize();
    this.last = new SimFrame[worldSize];
    this.waiting = new int[worldSize];
    this.arrived = new long[worldSize];
    this.lastRead = new long[worldSize];
    this.lastWrite = new long[worldSize];
    this.begun = new Target[worldSize];
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int worldSize() {
    return simulation.worldSize();
  }

  @Override
  public String describe(int peer) {
    return "rank " + peer + " (virtual)";
  }

  /** The way to a peer. */
  SimLink.Port port(int peer) {
    return peer / model.ranksPerHost() == rank / model.ranksPerHost() ? memory : card;
  }

  // The event thread.

  @Override
  public void start(Receiver receiver, long tickMs) {
    this.receiver = receiver;
    tickIn(TimeUnit.MILLISECONDS.toNanos(tickMs));
  }

  private void tickIn(long nanos) {
    simulation.at(
        simulation.now() + nanos,
        () -> {
          if (!terminated && !dead) {
            arrive(receiver::tick);
            tickIn(nanos);
          }
        });
  }

  @Override
  public void execute(Runnable task) {
    if (terminated) {
      throw new RejectedExecutionException();
    }
    tasks.add(task);
    if (!awake) {
      awake = true;
      simulation.at(Math.max(simulation.now(), freeAt), this::work);
    }
  }

  /** A task of the outside world: now, if the thread is idle. */
  private void arrive(Runnable task) {
    tasks.add(task);
    if (!awake) {
      awake = true;
      work();
    }
  }

  private void work() {
    while (freeAt <= simulation.now() && !tasks.isEmpty()) {
      var task = tasks.poll();
      freeAt = simulation.now();
      if (!dead) {
        running = true;
        try {
          task.run();
        } finally {
          running = false;
        }
      }
    }
    awake = !tasks.isEmpty();
    if (awake) {
      simulation.at(freeAt, this::work);
    }
  }

  @Override
  public boolean inLoop() {
    return running;
  }

  @Override
  public long nanoTime() {
    return running ? freeAt : simulation.now();
  }

  /** The running task takes time. */
  void spend(long nanos) {
    freeAt += nanos;
  }

  private void spendOnFrame(int payloadBytes) {
    spend(model.overhead() + SimModel.nanos(payloadBytes, model.copyRate()));
  }

  // Frames that leave.

  @Override
  public boolean writable(int peer) {
    return !full.get(peer);
  }

  @Override
  public void write(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent) {
    var bytes = payload == null ? 0 : payload.remaining();
    spendOnFrame(bytes);
    lastWrite[peer] = freeAt;
    if (closed.get(peer)) {
      execute(sent);
      return;
    }
    var wireBytes = bytes + model.headerBytes();
    var data = simulation.realPayloads() && bytes > 0 ? payload : null;
    var frame =
        new SimFrame(this, peer, header.setFrom(rank).build(), data, bytes, wireBytes, sent);
    underWay++;
    waiting[peer] += wireBytes;
    if (waiting[peer] > model.highWater()) {
      full.set(peer);
    }
    unflushed.add(frame);
  }

  @Override
  public void flush(int peer) {
    unflushed.removeIf(
        frame -> {
          if (frame.peer != peer) {
            return false;
          }
          frame.ready = nanoTime();
          if (last[peer] == null) {
            last[peer] = frame;
            port(peer).add(frame);
          } else {
            last[peer].next = frame;
            last[peer] = frame;
          }
          return true;
        });
  }

  /** The card has sent a frame. */
  void left(SimFrame frame) {
    frame.copyPayload();
    frame.gone = !hungUp;
    var peer = frame.peer;
    if (last[peer] == frame) {
      last[peer] = null;
    }
    waiting[peer] -= frame.wireBytes;
    arrive(
        () -> {
          underWay--;
          frame.sent.run();
          if (full.get(peer) && waiting[peer] < model.lowWater()) {
            full.clear(peer);
            receiver.writable(peer);
          }
          if (underWay == 0 && finished != null) {
            end();
          }
        });
  }

  // Frames that come.

  /** A frame is on its way and will have come whole at {@code whole}, or later by chance. */
  void approach(SimFrame frame, long whole) {
    var from = frame.from.rank;
    var headAt = Math.max(whole + simulation.jitter(), arrived[from]);
    arrived[from] = headAt + simulation.jitter();
    if (arrived[from] == headAt) {
      simulation.at(
          headAt,
          () ->
              arrive(
                  () -> {
                    readHead(frame);
                    readRest(frame);
                  }));
    } else {
      simulation.at(headAt, () -> arrive(() -> readHead(frame)));
      simulation.at(arrived[from], () -> arrive(() -> readRest(frame)));
    }
  }

  private boolean deaf(SimFrame frame) {
    return discarding || closed.get(frame.from.rank) || !frame.gone;
  }

  private void readHead(SimFrame frame) {
    if (deaf(frame)) {
      return;
    }
    spendOnFrame(frame.payloadBytes);
    lastRead[frame.from.rank] = freeAt;
    guarded(
        frame,
        () -> {
          var target = receiver.target(frame.from.rank, frame.header, frame.payloadBytes);
          begun[frame.from.rank] = target;
          copy(frame, target, 0, frame.payloadBytes / 2);
        });
  }

  private void readRest(SimFrame frame) {
    var from = frame.from.rank;
    if (deaf(frame) || begun[from] == null) {
      return;
    }
    var target = begun[from];
    begun[from] = null;
    guarded(
        frame,
        () -> {
          var half = frame.payloadBytes / 2;
          copy(frame, target, half, frame.payloadBytes - half);
          receiver.received(from, frame.header, frame.payloadBytes, target);
        });
  }

  private static void copy(SimFrame frame, Target target, int offset, int bytes) {
    if (frame.payload != null) {
      target.buffer().put(offset, frame.payload, offset, bytes);
    }
  }

  private void guarded(SimFrame frame, Runnable read) {
    try {
      read.run();
    } catch (CommException e) {
      receiver.lost(frame.from.rank, e);
    }
  }

  @Override
  public long idleReadNanos(int peer) {
    return nanoTime() - lastRead[peer];
  }

  @Override
  public long idleWriteNanos(int peer) {
    return nanoTime() - lastWrite[peer];
  }

  // The end.

  @Override
  public void discardInput() {
    discarding = true;
  }

  @Override
  public void closePeer(int peer) {
    closed.set(peer);
  }

  @Override
  public void finish(long graceMs, Runnable then) {
    finished = then;
    if (underWay == 0) {
      end();
    } else {
      simulation.at(
          nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMs),
          () ->
              arrive(
                  () -> {
                    if (finished != null) {
                      hangUp();
                      end();
                    }
                  }));
    }
  }

  private void end() {
    var then = finished;
    finished = null;
    then.run();
  }

  @Override
  public void terminate() {
    if (!terminated) {
      execute(() -> {});
      terminated = true;
    }
  }

  /** The process is killed: what has left the card arrives, then its connections are gone. */
  void kill() {
    dead = true;
    hangUp();
  }

  boolean killed() {
    return dead;
  }

  private void hangUp() {
    hungUp = true;
    for (var peer = 0; peer < worldSize(); peer++) {
      if (peer != rank) {
        simulation.transport(peer).approachEnd(rank);
      }
    }
  }

  private void approachEnd(int from) {
    var at = Math.max(simulation.now() + model.latency(), arrived[from]);
    simulation.at(
        at,
        () ->
            arrive(
                () -> {
                  if (!discarding && !closed.get(from)) {
                    receiver.lost(from, CommException.retryable("connection closed by peer"));
                  }
                }));
  }
}
