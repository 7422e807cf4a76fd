package dev.bellows.comm.transport;

import dev.bellows.comm.CommException;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ranks of one JVM: a thread for each; frames are copied from one to the other. */
public final class LocalTransport implements Transport {
  private static final long TERMINATE_MS = 5_000;

  private final int rank;
  private final List<LocalTransport> ranks;
  private final ScheduledThreadPoolExecutor executor;
  private volatile Thread thread;
  private Receiver receiver;
  private boolean discarding;

  /** Returns the transports of all ranks, by rank. */
  public static List<LocalTransport> ofAll(int worldSize) {
    var ranks = new ArrayList<LocalTransport>();
    for (var rank = 0; rank < worldSize; rank++) {
      ranks.add(new LocalTransport(rank, ranks));
    }
    return ranks;
  }

  private LocalTransport(int rank, List<LocalTransport> ranks) {
    this.rank = rank;
    this.ranks = ranks;
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              thread = new Thread(task, "bellows-comm-local-" + rank);
              thread.setDaemon(true);
              return thread;
            });
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int worldSize() {
    return ranks.size();
  }

  @Override
  public String describe(int peer) {
    return "rank " + peer + " (this JVM)";
  }

  @Override
  public void start(Receiver receiver, long tickMs) {
    this.receiver = receiver;
    executor.scheduleAtFixedRate(receiver::tick, tickMs, tickMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  @Override
  public boolean writable(int peer) {
    return true;
  }

  @Override
  public void write(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent) {
    var bytes = payload == null ? 0 : payload.remaining();
    var copy = ByteBuffer.allocate(bytes);
    if (bytes > 0) {
      copy.put(payload.duplicate()).flip();
    }
    var frame = header.setFrom(rank).build();
    try {
      ranks.get(peer).execute(() -> ranks.get(peer).deliver(rank, frame, copy));
    } catch (RejectedExecutionException e) {
      // The peer has ended, and has reported that.
    }
    sent.run();
  }

  private void deliver(int from, Frame frame, ByteBuffer payload) {
    if (discarding) {
      return;
    }
    try {
      var bytes = payload.remaining();
      var target = receiver.target(from, frame, bytes);
      target.buffer().duplicate().put(payload);
      receiver.received(from, frame, bytes, target);
    } catch (CommException e) {
      receiver.lost(from, e);
    } catch (RuntimeException | Error e) {
      receiver.lost(from, new CommException(CommException.Category.FATAL, e.toString(), e));
    }
  }

  @Override
  public void flush(int peer) {}

  @Override
  public long idleReadNanos(int peer) {
    return 0;
  }

  @Override
  public long idleWriteNanos(int peer) {
    return 0;
  }

  @Override
  public void discardInput() {
    discarding = true;
  }

  @Override
  public void closePeer(int peer) {}

  @Override
  public void finish(long graceMs, Runnable then) {
    then.run();
  }

  @Override
  public void terminate() {
    executor.shutdown();
    if (!inLoop() && thread != null) {
      Threads.awaitEnd(thread, TERMINATE_MS);
    }
  }
}
