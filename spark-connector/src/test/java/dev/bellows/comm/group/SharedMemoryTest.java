package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.Work;
import dev.bellows.comm.shared.SharedFile;
import dev.bellows.comm.wire.FrameCodec;
import dev.bellows.proto.comm.Frame;
import dev.bellows.proto.comm.SharedOffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Payloads in shared memory: that they go there, and what happens where they cannot or must not.
 */
@Timeout(120)
class SharedMemoryTest {
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final int SEGMENT = 4 << 10;
  private static final int RING = 16 << 10;

  @TempDir Path directory;

  private final List<Wire> wires = new ArrayList<>();
  private final List<SharedFile.Made> files = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    wires.forEach(Wire::end);
    files.forEach(SharedFile.Made::close);
    assertThat(directory).isEmptyDirectory();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bellows-comm-r"));
  }

  private static CommConfig.Builder config(int rank) {
    return CommConfig.builder("job", 3, rank, 2)
        .segmentBytes(SEGMENT)
        .windowBytes(64 << 10)
        .doublingBytes(0)
        .sharedBytes(RING);
  }

  private Wire wire(int rank, UnaryOperator<CommConfig.Builder> options, Path sharedDirectory) {
    var wire = new Wire(options.apply(config(rank)).build(), sharedDirectory).start();
    wires.add(wire);
    return wire;
  }

  /** Carries what both say until neither says more; how many bytes. */
  private static long talk(Wire near, Wire far) {
    var said = 0L;
    while (true) {
      near.runPendingTasks();
      far.runPendingTasks();
      var out = near.sent();
      var back = far.sent();
      if (out.length == 0 && back.length == 0) {
        return said;
      }
      said += out.length + back.length;
      far.receive(out);
      near.receive(back);
    }
  }

  private static List<Frame> frames(byte[] said) throws InvalidProtocolBufferException {
    var frames = new ArrayList<Frame>();
    for (var one : Conversation.split(ByteBuffer.wrap(said))) {
      frames.add(Frame.parseFrom(one));
    }
    return frames;
  }

  private static void receive(Wire wire, Frame.Builder frame) {
    frame.setJob(FrameCodec.jobNumber("job")).setGeneration(3).setFrom(1);
    var payload = Frame.newBuilder().setPayload(frame.getPayload()).build();
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(frame.clearPayload().build().toByteArray());
    bytes.writeBytes(payload.toByteArray()); // Last on the wire.
    wire.receive(Mutator.framed(bytes.toByteArray()));
  }

  private static Work sum(Wire wire, ByteBuffer data) {
    var rank = wire.group().rank();
    var partials = List.of(new TreePartial(rank, rank + 1, data));
    var work = wire.group().allReduce(2, partials, data, ElementType.FLOAT32);
    wire.runPendingTasks();
    return work;
  }

  private static ByteBuffer floats(int bytes, float value) {
    var data = Ranks.direct(bytes);
    for (var at = 0; at < bytes; at += 4) {
      data.putFloat(at, value * at);
    }
    return data;
  }

  private void sumsUp(Wire near, Wire far, int bytes) {
    var data = List.of(floats(bytes, 1), floats(bytes, 2));
    var works = List.of(sum(near, data.get(0)), sum(far, data.get(1)));
    talk(near, far);
    works.forEach(work -> work.await(WAIT));
    var expected = Ranks.bytes(floats(bytes, 3));
    assertThat(data).allSatisfy(one -> assertThat(Ranks.bytes(one)).isEqualTo(expected));
  }

  @Test
  void payloadsStayOffTheSocket() {
    var near = wire(0, o -> o, directory);
    var far = wire(1, o -> o, directory);
    talk(near, far);
    assertThat(directory).isEmptyDirectory();
    var bytes = 1 << 20;
    var data = List.of(floats(bytes, 1), floats(bytes, 2));
    var works = List.of(sum(near, data.get(0)), sum(far, data.get(1)));
    assertThat(talk(near, far)).isLessThan(bytes / 4);
    works.forEach(work -> work.await(WAIT));
    for (var wire : List.of(near, far)) {
      var stats = wire.group().stats();
      assertThat(stats.bytesSent()).isEqualTo(bytes);
      assertThat(stats.sharedBytesSent()).isEqualTo(bytes);
      assertThat(stats.sharedBytesReceived()).isEqualTo(bytes);
    }
    assertThat(data.get(0).getFloat(bytes - 4)).isEqualTo(3f * (bytes - 4));
  }

  @Test
  void aFullRingHoldsPayloadsBack() {
    var near = wire(0, o -> o, directory);
    var far = wire(1, o -> o, directory);
    talk(near, far);
    var data = List.of(floats(1 << 20, 1), floats(1 << 20, 2));
    var works = List.of(sum(near, data.get(0)), sum(far, data.get(1)));
    // Neither has read anything.
    assertThat(near.group().stats().sharedBytesSent()).isEqualTo(RING);
    assertThat(near.group().stats().bytesSent()).isEqualTo(RING);
    talk(near, far);
    works.forEach(work -> work.await(WAIT));
    assertThat(near.group().stats().sharedBytesSent()).isEqualTo(1 << 20);
  }

  @Test
  void aSharedFrameIsAPlainProtobufMessage() throws Exception {
    var near = wire(0, o -> o, directory);
    var far = wire(1, o -> o, directory);
    var offer = frames(near.sent()).get(0);
    assertThat(offer.getKind()).isEqualTo(Frame.Kind.SHARED_OFFER);
    assertThat(offer.getSharedOffer().getRingBytes()).isEqualTo(RING);
    far.receive(Mutator.framed(offer.toByteArray()));
    near.receive(far.sent());
    near.sent();
    sum(near, floats(2 * SEGMENT, 1));
    assertThat(frames(near.sent()))
        .containsExactly(
            Frame.newBuilder()
                .setJob(FrameCodec.jobNumber("job"))
                .setGeneration(3)
                .setKind(Frame.Kind.PART)
                .setSequence(1)
                .setOp(Frame.Op.ALL_REDUCE)
                .setElement(Frame.Element.FLOAT32)
                .setLeaves(2)
                .setPartials(1)
                .setTotalBytes(2 * SEGMENT)
                .setEndLeaf(1)
                .setOffset(SEGMENT)
                .setSharedBytes(SEGMENT)
                .build());
  }

  @Test
  void refusedOrMissingMemoryMeansSockets() {
    var pairs =
        List.of(
            List.of(wire(0, o -> o, directory), wire(1, o -> o.sharedBytes(0), directory)),
            List.of(wire(0, o -> o, directory), wire(1, o -> o.sharedBytes(RING / 2 * 3), null)),
            List.of(wire(0, o -> o, directory.resolve("missing")), wire(1, o -> o, null)));
    for (var pair : pairs) {
      var near = pair.get(0);
      talk(near, pair.get(1));
      sumsUp(near, pair.get(1), 100_000);
    }
    assertThat(pairs.get(0).get(0).group().stats().sharedBytesSent()).isZero();
    assertThat(pairs.get(1).get(0).group().stats().sharedBytesSent()).isPositive();
    assertThat(pairs.get(1).get(0).group().stats().sharedBytesReceived()).isZero();
    assertThat(pairs.get(2).get(0).group().stats().sharedBytesSent()).isZero();
  }

  private SharedFile.Made file() throws IOException {
    var file = SharedFile.make(directory, RING);
    files.add(file);
    return file;
  }

  private static void offer(Wire wire, SharedOffer.Builder offer) {
    receive(wire, Frame.newBuilder().setKind(Frame.Kind.SHARED_OFFER).setSharedOffer(offer));
  }

  /** An offer that is not what it should be costs nothing but the ring. */
  @Test
  void wrongOffersAreAnsweredWithTheRule() throws Exception {
    var file = file();
    var wrong =
        List.<UnaryOperator<SharedOffer.Builder>>of(
            o -> o.setToken(ByteString.copyFrom(new byte[16])),
            SharedOffer.Builder::clearToken,
            o -> o.setRingBytes(RING / 2 * 2 - 64),
            o -> o.setRingBytes(RING + 64),
            o -> o.setRingBytes(-1),
            SharedOffer.Builder::clear,
            o -> o.setProcess(-1),
            o -> o.setFile(Integer.MAX_VALUE));
    for (var change : wrong) {
      var wire = wire(0, o -> o.sharedBytes(RING), null);
      offer(wire, change.apply(Conversation.offer(file)));
      var answer = frames(wire.sent()).get(0);
      assertThat(answer.getKind()).isEqualTo(Frame.Kind.SHARED_ANSWER);
      assertThat(answer.getSharedRefusal())
          .matches("the shared file must .*|a ring must have 16384..16384 bytes here; got .*");
      sum(wire, floats(64, 1));
      receive(wire, part().setPayload(ByteString.copyFrom(new byte[64])));
      assertThat(wire.group().stats().operations()).isEqualTo(1);
    }
  }

  /** The only segment of a sum of 16 FLOAT32 over two leaves. */
  private static Frame.Builder part() {
    return Frame.newBuilder()
        .setKind(Frame.Kind.PART)
        .setSequence(1)
        .setOp(Frame.Op.ALL_REDUCE)
        .setElement(Frame.Element.FLOAT32)
        .setLeaves(2)
        .setPartials(1)
        .setTotalBytes(64)
        .setFirstLeaf(1)
        .setEndLeaf(2);
  }

  private static void assertRefused(Work work, String rule) {
    assertThatThrownBy(() -> work.await(WAIT))
        .isInstanceOf(CommException.class)
        .hasMessageContaining("rank 0 of 2 refused rank 1: ")
        .hasMessageContaining(rule)
        .extracting(e -> ((CommException) e).category())
        .isEqualTo(CommException.Category.FATAL);
  }

  @Test
  void payloadsOutsideTheRingAreRefused() throws Exception {
    var file = file();
    file.ring().putFloat(60, 5);
    var behind =
        "frame: a shared payload must lie behind the one before, from 0 in a ring of 16384";
    for (var position : new long[] {64, -64, RING, RING - 64, Long.MAX_VALUE, Long.MIN_VALUE}) {
      refused(file, part().setSharedPosition(position).setSharedBytes(64), behind);
    }
    for (var bytes : new int[] {-1, -64, RING + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      refused(file, part().setSharedBytes(bytes), behind);
    }
    refused(file, part().setSharedBytes(SEGMENT + 64), "payload of PART must be at most 4096");
    refused(file, part().setSharedBytes(128), "each frame is one segment of its owner's chunk");
    refused(
        file,
        part().setSharedBytes(64).setPayload(ByteString.copyFrom(new byte[64])),
        "frame: a payload must be in one place; got 64 bytes, and 64 of shared memory");
    for (var kind : List.of(Frame.Kind.START, Frame.Kind.HEARTBEAT, Frame.Kind.ABORT)) {
      refused(
          file,
          part().setKind(kind).setSharedBytes(64),
          "frame: a shared payload must be one of a ring that was taken; got " + kind);
    }
    refused(
        null,
        part().setSharedBytes(64),
        "frame: a shared payload must be one of a ring that was taken; got PART");
    refused(file, part().setSharedRead(1), "frame: there is no shared ring that could be read");
    refused(
        file,
        Frame.newBuilder()
            .setKind(Frame.Kind.SHARED_OFFER)
            .setSharedOffer(Conversation.offer(file)),
        "frame: a ring must be offered once; got another offer");
    refused(
        null,
        Frame.newBuilder().setKind(Frame.Kind.SHARED_ANSWER),
        "frame: a ring must be offered before it is taken; got an answer");

    var wire = wire(0, o -> o, null);
    offer(wire, Conversation.offer(file));
    var data = floats(64, 0);
    sum(wire, data);
    receive(wire, part().setSharedBytes(64));
    assertThat(data.getFloat(60)).isEqualTo(5f);
  }

  private void refused(SharedFile.Made file, Frame.Builder bad, String rule) {
    var wire = wire(0, o -> o, null);
    if (file != null) {
      offer(wire, Conversation.offer(file));
    }
    var work = sum(wire, floats(64, 1));
    receive(wire, bad);
    assertRefused(work, rule);
  }

  @Test
  void whatAPeerHasReadIsChecked() {
    for (var read : new long[] {65, -1, Long.MAX_VALUE}) {
      var wire = wire(0, o -> o, directory);
      receive(wire, Frame.newBuilder().setKind(Frame.Kind.SHARED_ANSWER));
      var work = sum(wire, floats(128, 1)); // 64 of them are rank 1's.
      assertThat(wire.group().stats().sharedBytesSent()).isEqualTo(64);
      receive(wire, Frame.newBuilder().setKind(Frame.Kind.HEARTBEAT).setSharedRead(read));
      assertRefused(work, "frame: what is read of the shared ring must be 0..64; got " + read);
    }
  }

  @Test
  void theBitsAreThoseOfTheSocketsAlsoWithTls() throws Exception {
    var random = Ranks.random();
    var tls = Certificates.make(Files.createTempDirectory("keys"), "ranks").tls();
    for (var worldSize : new int[] {2, 3, 4}) {
      var sums = TreeSums.random(random, ElementType.FLOAT32, 5, 70_001);
      var expected = Ranks.bytes(sums.result());
      var shared = reduce(Ranks.netty(worldSize, o -> o), sums, expected);
      var small = reduce(Ranks.netty(worldSize, o -> small(o).sharedBytes(RING)), sums, expected);
      var encrypted = reduce(Ranks.netty(worldSize, o -> o.tls(tls)), sums, expected);
      var sockets = reduce(Ranks.netty(worldSize, o -> o.sharedBytes(0)), sums, expected);
      assertThat(List.of(shared, small, encrypted)).noneMatch(bytes -> bytes == 0);
      assertThat(sockets).isZero();
    }
  }

  private static CommConfig.Builder small(CommConfig.Builder options) {
    return options.segmentBytes(SEGMENT).windowBytes(64 << 10);
  }

  /** Sums up on all ranks and compares; the bytes that rank 0 sent through shared memory. */
  private static long reduce(List<ProcessGroup> groups, TreeSums sums, byte[] expected) {
    try {
      Ranks.run(
          groups,
          (rank, group) -> {
            for (var round = 0; round < 3; round++) { // At first the rings may not be there.
              group.barrier().await(WAIT);
              var out = Ranks.direct(expected.length);
              var partials = sums.partialsOf(group.worldSize(), rank);
              group.allReduce(5, partials, out, ElementType.FLOAT32).await(WAIT);
              assertThat(Ranks.bytes(out)).isEqualTo(expected);
            }
          });
      return groups.get(0).stats().sharedBytesSent();
    } finally {
      Ranks.close(groups);
    }
  }

  @Test
  void aPropertyTurnsItOff() {
    assertThat(CommConfig.builder("job", 1, 0, 2).build().sharedBytes()).isEqualTo(4 << 20);
    System.setProperty("bellows.comm.sharedBytes", "0");
    try {
      assertThat(CommConfig.builder("job", 1, 0, 2).build().sharedBytes()).isZero();
    } finally {
      System.clearProperty("bellows.comm.sharedBytes");
    }
  }
}
