package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.transport.Transport;
import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A reduction whose result goes to the memory of its own partial, which the network still has to
 * read when the peer's values come.
 */
class InPlaceReductionTest {
  private static final int VALUES = 16;
  private static final GroupOptions OPTIONS =
      new GroupOptions(0, 1 << 20, 1 << 20, 4 << 20, 10_000, 10_000, 10_000, 60_000);

  @ParameterizedTest
  @EnumSource(
      value = ReduceKind.class,
      names = {"SUM", "MEAN"})
  void whatIsOnItsWayIsNotOverwritten(ReduceKind kind) {
    var network = new SlowNetwork();
    var group = Group.start(network, OPTIONS);
    var data = filled(1);
    var work =
        group.allReduce(2, List.of(new TreePartial(0, 1, data)), data, ElementType.FLOAT32, kind);
    network.run();
    assertThat(network.writes).hasSize(1);
    var mine = network.writes.get(0);
    assertThat(mine.header.getAlgorithm()).isEqualTo(Frame.Algorithm.DOUBLING);

    network.comes(mine.header.clone().setFirstLeaf(1).setEndLeaf(2), filled(2));
    assertThat(mine.payload).isEqualTo(filled(1));
    assertThat(work.isDone()).isFalse();

    mine.sent.run();
    network.run();
    assertThat(work.isDone()).isTrue();
    assertThat(data).isEqualTo(filled(kind == ReduceKind.SUM ? 3 : 1.5f));
  }

  private static ByteBuffer filled(float value) {
    var buffer = ByteBuffer.allocateDirect(VALUES * Float.BYTES).order(ByteOrder.nativeOrder());
    for (var i = 0; i < VALUES; i++) {
      buffer.putFloat(i * Float.BYTES, value);
    }
    return buffer;
  }

  /** Rank 0 of 2, whose frames are sent when the test says so. The test is the event thread. */
  private static final class SlowNetwork implements Transport {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Write> writes = new ArrayList<>();
    private Receiver receiver;

    private record Write(Frame.Builder header, ByteBuffer payload, Runnable sent) {}

    void run() {
      while (!tasks.isEmpty()) {
        tasks.poll().run();
      }
    }

    /** A frame of rank 1. */
    void comes(Frame.Builder header, ByteBuffer payload) {
      var frame = header.setFrom(1).build();
      var bytes = payload.remaining();
      var target = receiver.target(1, frame, bytes);
      target.buffer().duplicate().put(payload);
      receiver.received(1, frame, bytes, target);
      run();
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public int worldSize() {
      return 2;
    }

    @Override
    public String describe(int peer) {
      return "rank " + peer;
    }

    @Override
    public void start(Receiver receiver, long tickMs) {
      this.receiver = receiver;
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public boolean inLoop() {
      return true;
    }

    @Override
    public boolean writable(int peer) {
      return true;
    }

    @Override
    public void write(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent) {
      writes.add(new Write(header, payload, sent));
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
    public void discardInput() {}

    @Override
    public void closePeer(int peer) {}

    @Override
    public void finish(long graceMs, Runnable then) {
      then.run();
    }

    @Override
    public void terminate() {}
  }
}
