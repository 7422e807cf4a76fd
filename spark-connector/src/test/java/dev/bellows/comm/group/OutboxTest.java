package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.proto.comm.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class OutboxTest {
  private static final long WINDOW = 4_096;

  @Property(tries = 300)
  void neverSendsMoreAheadThanTheWindowAndHoldsNothingBackForGood(@ForAll long seed) {
    var random = new Random(seed);
    var outbox = new Outbox(WINDOW);
    var sent = new ArrayList<Long>();
    var started = 0L;
    var ahead = new long[21];
    for (var i = 0; i < 200; i++) {
      var payload = ByteBuffer.allocate(random.nextInt(1_000));
      var header = Frame.newBuilder().setSequence(1 + random.nextInt(20)).setOffset(i);
      outbox.add(new Outbox.Outgoing(header, payload, () -> {}));
      if (random.nextInt(20) == 0 && started < 20) {
        outbox.peerStarted(++started);
      }
      for (var frame = outbox.poll(); frame != null; frame = outbox.poll()) {
        var sequence = (int) frame.header().getSequence();
        sent.add(frame.header().getOffset());
        ahead[sequence] += Outbox.cost(frame.payload().remaining());
      }
      var total = 0L;
      for (var sequence = (int) started + 1; sequence <= 20; sequence++) {
        total += ahead[sequence];
      }
      assertThat(total).isLessThanOrEqualTo(WINDOW);
    }
    outbox.peerStarted(20);
    for (var frame = outbox.poll(); frame != null; frame = outbox.poll()) {
      sent.add(frame.header().getOffset());
    }
    assertThat(sent).hasSize(200).doesNotHaveDuplicates();
  }
}
