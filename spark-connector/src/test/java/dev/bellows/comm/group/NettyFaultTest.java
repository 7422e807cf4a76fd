package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.Work;
import dev.bellows.comm.wire.FrameCodec;
import dev.bellows.proto.comm.Frame;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that die, stall, lie or do not belong. */
class NettyFaultTest {
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final byte[] SIXTEEN_FLOATS = new byte[64];

  @BeforeAll
  static void paranoid() {
    System.setProperty("io.netty.leakDetection.level", "paranoid");
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @AfterEach
  void noThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bellows-comm-r"));
  }

  /** What is done with rank 0, an honest group of two, and its raw peer. */
  private interface Scene {
    void play(ProcessGroup group, RawPeer peer) throws Exception;
  }

  /** Sums go through owners of chunks, of whatever size they are, and all bytes through sockets. */
  private static CommConfig config(int rank, UnaryOperator<CommConfig.Builder> options) {
    var builder = CommConfig.builder("job", 3, rank, 2).doublingBytes(0).sharedBytes(0);
    return options.apply(builder).build();
  }

  private static void play(UnaryOperator<CommConfig.Builder> options, Scene scene)
      throws Exception {
    try (var endpoint = NettyEndpoint.listen(config(0, options));
        var peer = new RawPeer(config(1, options), endpoint.address())) {
      assertThat(peer.shakeHands().getWelcome()).isTrue();
      var addresses = List.of(endpoint.address(), new InetSocketAddress("127.0.0.1", 40112));
      try (var group = endpoint.connect(addresses)) {
        scene.play(group, peer);
        peer.socket.close(); // Else the group waits a second for it to read to the end.
      }
    }
  }

  private static Work sum(ProcessGroup group, ByteBuffer data) {
    return group.allReduce(2, List.of(new TreePartial(0, 1, data)), data, ElementType.FLOAT32);
  }

  private static void assertFails(
      ThrowingCallable call, CommException.Category category, String text) {
    var begin = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOf(CommException.class)
        .hasMessageContaining(text)
        .extracting(e -> ((CommException) e).category())
        .isEqualTo(category);
    assertThat(System.nanoTime() - begin).isLessThan(2_000_000_000L);
  }

  @Test
  @Timeout(30)
  void aFrameIsAPlainProtobufMessageWithItsPayloadLast() throws Exception {
    play(
        options -> options,
        (group, peer) -> {
          var data = Ranks.direct(64 + 20_000);
          for (var i = 0; i < data.capacity(); i++) {
            data.put(i, (byte) (i * 31));
          }
          var chunk = (data.capacity() / 2 + 63) / 64 * 64;
          var expected = new byte[data.capacity() - chunk];
          data.get(chunk, expected);
          var work = sum(group, data);
          var wire = peer.receive();
          var frame = Frame.parseFrom(wire);
          assertThat(frame.getPayload().toByteArray()).isEqualTo(expected);
          assertThat(frame.toBuilder().clearPayload().build())
              .isEqualTo(
                  Frame.newBuilder()
                      .setJob(FrameCodec.jobNumber("job"))
                      .setGeneration(3)
                      .setKind(Frame.Kind.PART)
                      .setSequence(1)
                      .setOp(Frame.Op.ALL_REDUCE)
                      .setElement(Frame.Element.FLOAT32)
                      .setLeaves(2)
                      .setPartials(1)
                      .setTotalBytes(data.capacity())
                      .setEndLeaf(1)
                      .setOffset(chunk)
                      .build());
          assertThat(frame.toByteArray()).isEqualTo(wire);
          peer.socket.close();
          assertFails(
              () -> work.await(WAIT),
              CommException.Category.RETRYABLE,
              "allReduce: generation 3, sequence 1: rank 0 of 2 lost rank 1 (127.0.0.1:40112): ");
        });
  }

  @Test
  @Timeout(30)
  void aFrameMayComeInAnyPieces() throws Exception {
    play(
        options -> options,
        (group, peer) -> {
          var data = Ranks.direct(64);
          var payload = Ranks.direct(64);
          for (var i = 0; i < 16; i++) {
            data.putFloat(4 * i, i);
            payload.putFloat(4 * i, 100 * i);
          }
          var work = sum(group, data);
          var frame = peer.part(Ranks.bytes(payload)).build().toByteArray();
          peer.out.writeInt(frame.length);
          for (var piece : frame) {
            peer.out.write(piece);
            peer.out.flush();
          }
          work.await(WAIT);
          assertThat(data.getFloat(60)).isEqualTo(1515f);
          // START first, since rank 1 owns no chunk of 64 bytes; then the result.
          assertThat(Frame.parseFrom(peer.receive()).getKind()).isEqualTo(Frame.Kind.START);
          var result = Frame.parseFrom(peer.receive());
          assertThat(result.getPayload().toByteArray()).isEqualTo(Ranks.bytes(data));
        });
  }

  @Test
  @Timeout(30)
  void aPeerThatDiesInTheMiddleOfAFrame() throws Exception {
    play(
        options -> options,
        (group, peer) -> {
          var work = sum(group, Ranks.direct(64));
          var later = group.barrier();
          var frame = peer.part(SIXTEEN_FLOATS).build().toByteArray();
          peer.out.writeInt(frame.length);
          peer.out.write(frame, 0, frame.length - 10);
          peer.out.flush();
          peer.socket.close();
          assertFails(() -> work.await(WAIT), CommException.Category.RETRYABLE, " lost rank 1 ");
          assertFails(
              () -> later.await(WAIT), CommException.Category.RETRYABLE, "aborted: allReduce: ");
          assertFails(
              () -> group.barrier().await(WAIT),
              CommException.Category.RETRYABLE,
              "aborted: allReduce: ");
        });
  }

  @Test
  @Timeout(30)
  void anOperationEndsAtItsDeadline() throws Exception {
    play(
        options -> options.operationTimeoutMs(200),
        (group, peer) -> {
          var work = sum(group, Ranks.direct(4096));
          peer.send(peer.part(new byte[2048]).setTotalBytes(4096).build().toByteArray());
          assertThatThrownBy(() -> work.await(WAIT))
              .hasMessageMatching(
                  "allReduce: generation 3, sequence 1: rank 0 of 2 waited 2\\d\\d ms for rank 1"
                      + " \\(127.0.0.1:40112\\), 2048 of 4096 bytes read");
          Frame frame;
          do {
            frame = Frame.parseFrom(peer.receive());
          } while (frame.getKind() != Frame.Kind.ABORT);
          assertThat(frame.getPayload().toStringUtf8()).contains("waited 2");
        });
  }

  @Test
  @Timeout(60)
  void aLongWaitIsToldOf() throws Exception {
    play(
        options -> options.stallMs(100),
        (group, peer) -> {
          assertThat(group.stall()).isNull();
          var work = sum(group, Ranks.direct(64));
          while (group.stall() == null) {
            Thread.sleep(10);
          }
          assertThat(group.stall())
              .matches(
                  "allReduce: generation 3, sequence 1: rank 0 of 2 has waited \\d+ ms for rank 1"
                      + " \\(127.0.0.1:40112\\) to start it, 0 of .* read, last heard \\d+ ms ago");
          group.abort(new IllegalStateException("enough"));
          assertThatThrownBy(() -> work.await(Duration.ofSeconds(10)));
        });
  }

  @Test
  @Timeout(30)
  void aSilentPeerIsLost() throws Exception {
    play(
        options -> options.heartbeatMs(30, 200),
        (group, peer) -> {
          var work = group.barrier();
          assertThat(Frame.parseFrom(peer.receive()).getKind()).isEqualTo(Frame.Kind.START);
          assertThat(Frame.parseFrom(peer.receive()).getKind()).isEqualTo(Frame.Kind.HEARTBEAT);
          assertFails(
              () -> work.await(WAIT), CommException.Category.RETRYABLE, ": nothing came for ");
        });
  }

  @Test
  @Timeout(30)
  void framesThatBreakARuleAreRefused() throws Exception {
    var huge = ByteBuffer.allocate(4).putInt(1 << 30).array();
    var cases = new ArrayList<byte[]>();
    cases.add(huge);
    cases.add(new byte[4]);
    cases.addAll(badFrames());
    for (var bad : cases) {
      play(
          options -> options,
          (group, peer) -> {
            var work = sum(group, Ranks.direct(64));
            peer.out.write(bad);
            peer.out.flush();
            assertFails(() -> work.await(WAIT), CommException.Category.FATAL, " refused rank 1 (");
          });
    }
  }

  /** Frames that each break one rule, with their length before them. */
  private static List<byte[]> badFrames() {
    var job = FrameCodec.jobNumber("job");
    var good =
        Frame.newBuilder()
            .setJob(job)
            .setGeneration(3)
            .setFrom(1)
            .setKind(Frame.Kind.PART)
            .setSequence(1)
            .setOp(Frame.Op.ALL_REDUCE)
            .setElement(Frame.Element.FLOAT32)
            .setLeaves(2)
            .setPartials(1)
            .setTotalBytes(64)
            .setFirstLeaf(1)
            .setEndLeaf(2)
            .setPayload(ByteString.copyFrom(SIXTEEN_FLOATS))
            .build();
    return Stream.of(
            good.toBuilder().setJob(job + 1),
            good.toBuilder().setGeneration(2),
            good.toBuilder().setFrom(0),
            good.toBuilder().setKindValue(99),
            good.toBuilder().setKind(Frame.Kind.HEARTBEAT),
            good.toBuilder().setSequence(0),
            good.toBuilder().setSequence(-5),
            good.toBuilder().setOp(Frame.Op.BROADCAST),
            good.toBuilder().setElement(Frame.Element.INT64),
            good.toBuilder().setLeaves(4),
            good.toBuilder().setTotalBytes(128),
            good.toBuilder().setOffset(64),
            good.toBuilder().setOffset(-64),
            good.toBuilder().setFirstLeaf(0),
            good.toBuilder().setEndLeaf(3),
            good.toBuilder().setFirstLeaf(-1),
            good.toBuilder().setPartials(-1),
            good.toBuilder().setKind(Frame.Kind.RESULT),
            good.toBuilder().setKind(Frame.Kind.ABORT).setCategoryValue(3),
            good.toBuilder().clearPayload())
        .map(
            frame -> {
              var message = frame.build().toByteArray();
              return ByteBuffer.allocate(4 + message.length)
                  .putInt(message.length)
                  .put(message)
                  .array();
            })
        .toList();
  }

  @Test
  @Timeout(60)
  void damagedFramesNeverHangOrLeak() throws Exception {
    var random = Ranks.random();
    for (var round = 0; round < 60; round++) {
      play(
          options -> options.operationTimeoutMs(150),
          (group, peer) -> {
            var work = sum(group, Ranks.direct(64));
            var frame = peer.part(SIXTEEN_FLOATS).build().toByteArray();
            var wire = ByteBuffer.allocate(4 + frame.length).putInt(frame.length).put(frame);
            for (var flips = 1 + random.nextInt(3); flips > 0; flips--) {
              var at = random.nextInt(wire.capacity() - 60);
              wire.put(at, (byte) (wire.get(at) ^ 1 << random.nextInt(8)));
            }
            peer.out.write(wire.array());
            peer.out.flush();
            try {
              work.await(Duration.ofSeconds(2));
            } catch (CommException e) {
              // One flipped bit may make the frame a peer's abort, whose text is the payload.
              if (!e.getMessage().startsWith("aborted: ")) {
                assertThat(e.getMessage()).contains("generation 3").contains("rank 0 of 2");
              }
            }
          });
    }
  }

  @Test
  @Timeout(30)
  void tooMuchAheadOfTimeIsRefused() throws Exception {
    play(
        options -> options.segmentBytes(64).windowBytes(1024),
        (group, peer) -> {
          for (var i = 0; i < 10; i++) {
            peer.send(peer.part(SIXTEEN_FLOATS).setSequence(2).build().toByteArray());
          }
          assertThat(Frame.parseFrom(peer.receive()).getPayload().toStringUtf8())
              .contains("may come ahead of time");
          assertFails(
              () -> group.barrier().await(WAIT),
              CommException.Category.FATAL,
              "aborted: connection: generation 3: rank 0 of 2 refused rank 1 ");
        });
  }

  @Test
  @Timeout(30)
  void tooManyStartsAheadOfTimeAreRefused() throws Exception {
    play(
        options -> options.segmentBytes(64).windowBytes(1024),
        (group, peer) -> {
          for (var sequence = 2; sequence < 8; sequence++) {
            peer.send(peer.frame(Frame.Kind.START).setSequence(sequence).build().toByteArray());
          }
          assertThat(Frame.parseFrom(peer.receive()).getPayload().toStringUtf8())
              .contains("may come ahead of time; got more, up to sequence 6, started here is 0");
        });
  }

  /** Rank 0 of a group that starts when all of this has come and the connection has ended. */
  private static Wire late(Frame... frames) {
    var wire = new Wire(config(0, o -> o));
    for (var frame : frames) {
      wire.receive(Mutator.framed(frame.toByteArray()));
    }
    wire.close();
    return wire.start();
  }

  private static Frame.Builder ofRankOne(Frame.Kind kind) {
    return Frame.newBuilder()
        .setJob(FrameCodec.jobNumber("job"))
        .setGeneration(3)
        .setFrom(1)
        .setKind(kind);
  }

  @Test
  @Timeout(30)
  void whatAPeerSaidBeforeTheStartCountsThoughItHasGone() {
    var wire =
        late(
            ofRankOne(Frame.Kind.RESULT)
                .setSequence(1)
                .setOp(Frame.Op.BROADCAST)
                .setTotalBytes(3)
                .setRoot(1)
                .setPayload(ByteString.copyFromUtf8("all"))
                .build(),
            ofRankOne(Frame.Kind.GOODBYE).build());
    var data = Ranks.direct(3);
    var work = wire.group().broadcast(data, 1);
    wire.runPendingTasks();
    work.await(WAIT);
    assertThat(Ranks.bytes(data)).isEqualTo("all".getBytes(StandardCharsets.UTF_8));
    wire.end();
  }

  @Test
  @Timeout(30)
  void whyAPeerEndedBeforeTheStartIsHeard() {
    var text = ByteString.copyFromUtf8("loss is NaN");
    var wire = late(ofRankOne(Frame.Kind.ABORT).setPayload(text).build());
    var work = wire.group().barrier();
    wire.runPendingTasks();
    assertThatThrownBy(() -> work.await(WAIT)).hasMessage("aborted: loss is NaN");
    wire.end();
  }

  @Test
  @Timeout(30)
  void strangersAreRefusedWhileTheGroupGoesOn() throws Exception {
    var honest = config(1, o -> o);
    try (var endpoint = NettyEndpoint.listen(config(0, o -> o));
        var second = NettyEndpoint.listen(honest)) {
      var before = new ArrayList<RawPeer>();
      refuseStrangers(endpoint);
      before.add(garbage(endpoint));
      var addresses = List.of(endpoint.address(), second.address());
      var other = CompletableFuture.supplyAsync(() -> second.connect(addresses));
      var group = endpoint.connect(addresses);
      var peer = other.join();
      refuseStrangers(endpoint);
      before.add(garbage(endpoint));
      try (var again = new RawPeer(honest, endpoint.address())) {
        assertThat(again.sendHello(again.hello()).getRefusal())
            .isEqualTo("hello: rank must be one that rank 0 of 2 waits for here; got 1");
      }
      Ranks.run(List.of(group, peer), (rank, g) -> g.barrier().await(WAIT));
      Ranks.close(List.of(group, peer));
      for (var stranger : before) {
        stranger.close();
      }
    }
  }

  private static RawPeer garbage(NettyEndpoint endpoint) throws IOException {
    var stranger = new RawPeer(config(1, o -> o), endpoint.address());
    stranger.out.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    stranger.out.flush();
    return stranger;
  }

  private static void refuseStrangers(NettyEndpoint endpoint) throws IOException {
    var hello = RawPeer.hello(config(1, o -> o));
    var lies =
        List.of(
            hello.toBuilder().setJobId("other"),
            hello.toBuilder().setJobId("a\nWARN b"),
            hello.toBuilder().setGeneration(2),
            hello.toBuilder().setWorldSize(4),
            hello.toBuilder().setProtocol(9),
            hello.toBuilder().setSegmentBytes(64),
            hello.toBuilder().setRank(0),
            hello.toBuilder().setRank(2),
            hello.toBuilder().setRank(-1),
            hello.toBuilder().clearNonce());
    var refusals =
        List.of(
            "hello: job id must be that of this group; got 'other'",
            "hello: job id must be that of this group; got 'a?WARN b'",
            "hello: generation must be 3; got 2",
            "hello: worldSize must be 2; got 4",
            "hello: protocol must be 2; got 9",
            "hello: segmentBytes must be 262144; got 64",
            "hello: rank must be one that rank 0 of 2 waits for here; got 0",
            "hello: rank must be one that rank 0 of 2 waits for here; got 2",
            "hello: rank must be one that rank 0 of 2 waits for here; got -1",
            "hello: nonce bytes must be 16; got 0");
    for (var i = 0; i < lies.size(); i++) {
      try (var stranger = new RawPeer(config(1, o -> o), endpoint.address())) {
        assertThat(stranger.sendHello(lies.get(i).build()).getRefusal()).isEqualTo(refusals.get(i));
        assertThat(stranger.in.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  @Timeout(30)
  void aSecretMustBeShared() throws Exception {
    UnaryOperator<CommConfig.Builder> secret = o -> o.secret(new byte[] {1, 2, 3});
    var groups = Ranks.netty(3, secret);
    Ranks.run(groups, (rank, group) -> group.barrier().await(WAIT));
    Ranks.close(groups);
    for (var wrong : new byte[][] {null, {1, 2, 4}}) {
      try (var endpoint = NettyEndpoint.listen(config(0, secret));
          var peer = new RawPeer(config(1, o -> o.secret(wrong)), endpoint.address())) {
        assertThat(peer.shakeHands().getRefusal())
            .isEqualTo("handshake: rank 1 must know the job's secret");
      }
      try (var endpoint = NettyEndpoint.listen(config(0, o -> o.secret(wrong)));
          var second = NettyEndpoint.listen(config(1, secret))) {
        var addresses = List.of(endpoint.address(), second.address());
        assertFails(
            () -> second.connect(addresses),
            CommException.Category.FATAL,
            "handshake: rank 0 must know the job's secret");
      }
    }
  }

  @Test
  @Timeout(30)
  void aHandshakeHasADeadline() throws Exception {
    try (var endpoint = NettyEndpoint.listen(config(0, o -> o.handshakeTimeoutMs(100)));
        var peer = new RawPeer(config(1, o -> o), endpoint.address())) {
      assertThat(peer.in.read()).isEqualTo(-1);
    }
  }

  @Test
  @Timeout(30)
  void connectingEndsAtItsDeadline() {
    var endpoint = NettyEndpoint.listen(config(0, o -> o.connectTimeoutMs(200)));
    var addresses = List.of(endpoint.address(), new InetSocketAddress("127.0.0.1", 40112));
    assertFails(
        () -> endpoint.connect(addresses),
        CommException.Category.RETRYABLE,
        "connect: generation 3: rank 0 of 2 waited 200 ms for rank 1 (127.0.0.1:40112)");
    assertFails(
        () -> NettyEndpoint.listen(config(0, o -> o.bindHost("192.0.2.1"))),
        CommException.Category.RETRYABLE,
        "listen: a port of 192.0.2.1:0..0 must be free; got ");
  }

  @Test
  @Timeout(60)
  void aKilledProcessReleasesAllOthers() throws Exception {
    var endpoints = new ArrayList<NettyEndpoint>();
    for (var rank = 0; rank < 2; rank++) {
      endpoints.add(NettyEndpoint.listen(CommConfig.builder("job", 3, rank, 3).build()));
    }
    var java = System.getProperty("java.home") + "/bin/java";
    var command =
        new ArrayList<>(
            List.of(
                java, "-cp", System.getProperty("java.class.path"), KilledRank.class.getName()));
    endpoints.forEach(e -> command.add(String.valueOf(e.address().getPort())));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines = process.inputReader()) {
      var addresses = new ArrayList<>(endpoints.stream().map(NettyEndpoint::address).toList());
      addresses.add(
          InetSocketAddress.createUnresolved("127.0.0.1", Integer.parseInt(lines.readLine())));
      var first = CompletableFuture.supplyAsync(() -> endpoints.get(0).connect(addresses));
      var groups = List.of(endpoints.get(1).connect(addresses), first.join());
      var killer = new CompletableFuture<Long>();
      Ranks.run(
          groups,
          (rank, group) -> {
            group.barrier().await(WAIT);
            var data = Ranks.direct(64 << 20);
            var partial = new TreePartial(rank, rank + 1, data);
            var work = group.allReduce(3, List.of(partial), data, ElementType.FLOAT32);
            if (rank == 0) {
              process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
              killer.complete(System.nanoTime());
            }
            killer.join();
            assertFails(
                () -> work.await(WAIT), CommException.Category.RETRYABLE, " lost rank 2 (127");
          });
      Ranks.close(groups);
    } finally {
      process.destroyForcibly();
    }
  }
}
