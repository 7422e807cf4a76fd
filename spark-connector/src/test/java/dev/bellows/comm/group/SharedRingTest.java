package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.comm.CommException;
import dev.bellows.comm.shared.SharedReader;
import dev.bellows.comm.shared.SharedWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/** Both ends of one ring. */
class SharedRingTest {
  private static final int RING = 1 << 10;
  private static final int LARGEST = 256;

  private final ByteBuffer memory = Ranks.direct(RING);
  private final SharedWriter writer = new SharedWriter(memory, LARGEST);
  private final SharedReader reader = new SharedReader(memory.asReadOnlyBuffer());

  /** One payload in the ring. */
  private record Sent(long position, byte[] bytes) {}

  private static ByteBuffer payload(int bytes, int value) {
    var payload = ByteBuffer.allocate(bytes);
    for (var i = 0; i < bytes; i++) {
      payload.put(i, (byte) (value + i));
    }
    return payload;
  }

  @Test
  void payloadsGoRoundInOrderAndNoneIsOverwritten() {
    var random = Ranks.random();
    var sent = new ArrayDeque<Sent>();
    var full = 0;
    for (var i = 0; i < 10_000; i++) {
      var payload = payload(1 + random.nextInt(LARGEST), i);
      var hadRoom = writer.hasRoom();
      var position = writer.put(payload);
      if (position >= 0) {
        assertThat(position % 64).isZero();
        assertThat(position % RING + payload.capacity()).isLessThanOrEqualTo(RING);
        sent.add(new Sent(position, payload.array()));
      } else {
        assertThat(hadRoom).isFalse();
        full++;
      }
      for (var n = random.nextInt(4); n > 0 && !sent.isEmpty(); n--) {
        read(sent.poll());
      }
      if (reader.owes() || random.nextInt(8) == 0) {
        writer.read(reader.tell());
      }
    }
    assertThat(full).isPositive();
  }

  private void read(Sent one) {
    var there = reader.next(one.position, one.bytes.length);
    assertThat(Ranks.bytes(there)).isEqualTo(one.bytes);
    reader.release(one.position, one.bytes.length);
  }

  @Test
  void aFullRingHasRoomAgainOnceTheReaderOwesNothing() {
    for (var bytes : new int[] {1, 64, 65, 192, LARGEST}) {
      var memory = Ranks.direct(RING);
      var writer = new SharedWriter(memory, LARGEST);
      var reader = new SharedReader(memory);
      for (var round = 0; round < 100; round++) {
        while (writer.hasRoom()) {
          var position = writer.put(payload(bytes, round));
          assertThat(position).isNotNegative();
          reader.next(position, bytes);
          reader.release(position, bytes);
          if (reader.owes()) {
            writer.read(reader.tell());
            break;
          }
        }
        assertThat(writer.hasRoom()).isTrue();
      }
    }
  }

  @Test
  void onlyTheNextPayloadIsRead() {
    read(new Sent(writer.put(payload(100, 7)), payload(100, 7).array()));
    var wrong =
        new long[][] {
          {0, 100},
          {64, 100},
          {128, 0},
          {128, -1},
          {128, Integer.MIN_VALUE},
          {128, RING + 1},
          {128, Integer.MAX_VALUE},
          {192, 64},
          {-128, 64},
          {Long.MIN_VALUE, 64},
          {Long.MAX_VALUE, 64},
          {RING + 128, 64},
          {128, RING}, // It would have to start at the beginning of the ring.
        };
    for (var one : wrong) {
      assertThatThrownBy(() -> reader.next(one[0], (int) one[1]))
          .isInstanceOf(CommException.class)
          .hasMessageMatching(
              "frame: a shared payload must lie behind the one before, from \\d+ in a ring of 1024"
                  + " bytes; got "
                  + (int) one[1]
                  + " bytes from "
                  + one[0]);
    }
    assertThat(reader.next(128, 64).remaining()).isEqualTo(64);
  }

  @Test
  void whatIsReadIsWhatWasWrittenAndNeverLess() {
    writer.put(payload(100, 1));
    writer.put(payload(100, 1));
    writer.read(100);
    writer.read(100);
    for (var wrong : new long[] {99, 0, -1, 229, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> writer.read(wrong))
          .isInstanceOf(CommException.class)
          .hasMessage("frame: what is read of the shared ring must be 100..228; got " + wrong);
    }
    writer.read(228);
  }
}
