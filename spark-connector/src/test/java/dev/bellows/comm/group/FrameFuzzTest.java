package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.Work;
import dev.bellows.comm.admission.Admission;
import dev.bellows.comm.admission.Proof;
import dev.bellows.comm.shared.SharedFile;
import dev.bellows.comm.wire.FrameCodec;
import dev.bellows.proto.comm.Frame;
import dev.bellows.proto.comm.Handshake;
import dev.bellows.proto.comm.Hello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Frames and handshakes that are almost right, from strangers and from ranks of the group. Only
 * {@link CommException} may come out, memory stays within limits, and others go on. {@code
 * -Dfuzz.frames=1000000} sends more: most of them to the handlers without a network, some through
 * sockets.
 */
@Timeout(1800)
class FrameFuzzTest {
  private static final int FRAMES = Integer.getInteger("fuzz.frames", 10_000);
  private static final int HANDSHAKES = FRAMES / 4;
  private static final int THROUGH_SOCKETS = FRAMES / 50;
  private static final int CONVERSATIONS = 200;
  private static final Duration WAIT = Duration.ofSeconds(20);

  /** What one connection may make a rank keep: its window, and segments of what is under way. */
  private static final long DIRECT_LIMIT = 64 << 10;

  /** Less than any lie about a length that counts; code that runs first allocates, too. */
  private static final long HEAP_LIMIT = 4 << 20;

  private static final com.sun.management.ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);
  private static final BufferPoolMXBean DIRECT =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .findFirst()
          .orElseThrow();

  /** Whose files may be opened again and again. */
  private final List<SharedFile.Made> rings = new ArrayList<>();

  @AfterEach
  void closeRings() {
    rings.forEach(SharedFile.Made::close);
  }

  @AfterEach
  void noThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bellows-comm-r"));
  }

  private List<Conversation> conversations(Random random) throws IOException {
    var all = new ArrayList<Conversation>();
    for (var i = 0; i < CONVERSATIONS; i++) {
      var one = Conversation.random(random);
      if (i % 2 == 0) {
        var ring = SharedFile.make(SharedFile.DIRECTORY, Conversation.SHARED_BYTES);
        rings.add(ring);
        one = one.through(ring);
      }
      all.add(one);
    }
    return all;
  }

  /** What a hostile rank 1 sends in place of one conversation; the first few may be right. */
  private static List<byte[]> attack(Random random, Mutator mutator, Conversation honest) {
    var wire = new ArrayList<byte[]>();
    var spared = random.nextInt(honest.frames().size() + 1);
    for (var i = 0; i < honest.frames().size(); i++) {
      var frame = honest.frames().get(i);
      switch (i < spared ? 9 : random.nextInt(10)) {
        case 0, 1, 2, 3, 4, 5 -> wire.add(mutator.mutate(frame));
        case 6 -> {
          wire.add(Mutator.framed(frame));
          wire.add(Mutator.framed(frame));
        }
        case 7 -> wire.add(0, Mutator.framed(frame));
        default -> wire.add(Mutator.framed(frame));
      }
    }
    return wire;
  }

  private static Mutator mutator(Random random, List<Conversation> conversations) {
    var corpus = conversations.stream().flatMap(c -> c.frames().stream()).toList();
    return new Mutator(random, Frame.getDefaultInstance(), corpus);
  }

  @Test
  void frames() throws Exception {
    var random = Ranks.random();
    var conversations = conversations(random);
    var mutator = mutator(random, conversations);
    var ended = new AtomicInteger();
    var sessions = 0;
    for (var sent = 0; sent < FRAMES - HANDSHAKES; sessions++) {
      var honest = conversations.get(random.nextInt(CONVERSATIONS));
      var wire = attack(random, mutator, honest);
      var late = random.nextInt(honest.script().size() + 1);
      sent += session(honest, wire, late, ended);
    }
    System.out.printf(
        "%d frames, %d groups, %d ended well%n", FRAMES - HANDSHAKES, sessions, ended.get());
    assertThat(ended.get()).isBetween(1, sessions - 1);
  }

  /** One group of which rank 0 is here; the number of frames until it failed. */
  private static int session(
      Conversation honest, List<byte[]> wire, int late, AtomicInteger endedWell) {
    var direct = DIRECT.getMemoryUsed();
    var rank = new Wire(Conversation.config(0)).start();
    var split = honest.script().size() - late;
    var own = honest.script().stream().mapToLong(c -> 10L * c.bytes()).sum();
    var works = new ArrayList<Work>();
    start(honest.script().subList(0, split), rank, works);
    var sent = 0;
    for (var bytes : wire) {
      if (sent == wire.size() / 2) {
        start(honest.script().subList(split, honest.script().size()), rank, works);
        split = honest.script().size();
      }
      var heap = THREADS.getCurrentThreadAllocatedBytes();
      rank.receive(bytes);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - heap).isLessThan(HEAP_LIMIT);
      sent++;
      if (!rank.isActive() || rank.isOutputShutdown()) {
        break;
      }
    }
    assertThat(DIRECT.getMemoryUsed() - direct).isLessThan(own + DIRECT_LIMIT);
    rank.end();
    rank.runPendingTasks();
    if (works.stream().map(FrameFuzzTest::end).filter(end -> end == null).count() == works.size()) {
      endedWell.incrementAndGet();
    }
    return sent;
  }

  private static void start(List<Collective> script, Wire rank, List<Work> works) {
    Conversation.start(script, rank).forEach(running -> works.add(running.work()));
  }

  /** The error of a work that has ended, or null; it is one that callers expect. */
  private static Throwable end(Work work) {
    assertThat(work.isDone()).as("must have ended").isTrue();
    var error = new Throwable[1];
    work.onComplete(e -> error[0] = e);
    assertThat(error[0] == null || expected(error[0])).as("%s", error[0]).isTrue();
    return error[0];
  }

  private static boolean expected(Throwable error) {
    assertThat(error).isInstanceOf(CommException.class);
    assertThat(((CommException) error).category()).isNotNull();
    var text = error.getMessage();
    for (var cause = error; cause != null; cause = cause.getCause()) {
      if (!(cause instanceof CommException) && !(cause instanceof IOException)) {
        throw new AssertionError("only expected errors may be behind: " + text, error);
      }
    }
    // A frame that became an abort brings any text.
    return text.startsWith("aborted: ") || text.contains(": generation 3");
  }

  @Test
  void handshakes() throws Exception {
    var random = Ranks.random();
    var corpus = new ArrayList<byte[]>();
    var mutator = new Mutator(random, Handshake.getDefaultInstance(), corpus);
    var connected = 0;
    var plain = configs(null);
    var secret = configs(new byte[] {1, 2, 3});
    for (var sent = 0; sent < HANDSHAKES; sent++) {
      var configs = random.nextBoolean() ? plain : secret;
      var changed = sent % 8 == 0 ? 4 : random.nextInt(4);
      var ends = handshake(configs, configs == secret, mutator, corpus, changed);
      connected += ends[0] + ends[1];
    }
    System.out.printf("%d handshakes, %d ends connected%n", HANDSHAKES, connected);
    assertThat(connected).isGreaterThanOrEqualTo(HANDSHAKES / 8 * 2);
  }

  /** One end of a handshake; counts how often it ended. */
  private static final class End extends RankParty {
    private final EmbeddedChannel channel;
    private int connected;
    private int failed;

    private End(CommConfig config) {
      super(config, rank -> rank == 1 - config.rank());
      var proof = new Proof(config.secret(), RankParty.PURPOSE);
      var admission =
          new Admission("rank " + config.rank(), proof, null, 1_000, 1, new SecureRandom());
      channel =
          new EmbeddedChannel(
              new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                  if (config.rank() == 0) {
                    admission.accept(channel, End.this);
                  } else {
                    admission.connect(channel, End.this);
                  }
                }
              });
    }

    @Override
    public void admitted(Channel channel, Hello peer) {
      connected++;
    }

    @Override
    public void failed(Channel channel, Failure failure, String reason) {
      assertThat(reason).doesNotContain("java.");
      failed++;
    }

    private byte[] sent() {
      ByteBuf buffer = channel.readOutbound();
      while (buffer != null && !buffer.isReadable()) {
        buffer.release();
        buffer = channel.readOutbound();
      }
      if (buffer == null) {
        return null;
      }
      var message = new byte[buffer.skipBytes(4).readableBytes()];
      buffer.readBytes(message).release();
      return message;
    }

    private void receive(byte[] bytes) {
      var heap = THREADS.getCurrentThreadAllocatedBytes();
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - heap).isLessThan(HEAP_LIMIT);
    }

    private int end() {
      channel.finishAndReleaseAll();
      assertThat(connected + failed).as("ends once").isEqualTo(1);
      return connected;
    }
  }

  /** A handshake of which one step, if there are so many, is changed; who got connected. */
  private static int[] handshake(
      List<CommConfig> configs, boolean secret, Mutator mutator, List<byte[]> corpus, int changed) {
    var acceptor = new End(configs.get(0));
    var connector = new End(configs.get(1));
    End deceived = null;
    for (var step = 0; step < 4; step++) {
      var from = step % 2 == 0 ? connector : acceptor;
      var to = step % 2 == 0 ? acceptor : connector;
      var message = from.sent();
      if (message == null || !to.channel.isOpen()) {
        break; // It may have refused what came before, after it had answered.
      }
      corpus.add(message);
      if (corpus.size() > CONVERSATIONS) {
        corpus.remove(0);
      }
      var sent = step == changed ? mutator.mutate(message) : Mutator.framed(message);
      if (step == changed && step < 3 && differs(message, sent)) {
        deceived = to;
      }
      to.receive(sent);
    }
    if (secret && deceived != null) {
      assertThat(deceived.connected).as("with a forged message").isZero();
    }
    return new int[] {acceptor.end(), connector.end()};
  }

  /** Whether the first message means something else than it did. */
  private static boolean differs(byte[] message, byte[] sent) {
    try {
      var length = ByteBuffer.wrap(Arrays.copyOf(sent, 4)).getInt();
      if (length < 0 || length > sent.length - 4) {
        return true;
      }
      var before = Handshake.parseFrom(message);
      var after = Handshake.parseFrom(Arrays.copyOfRange(sent, 4, 4 + length));
      return before.getStepCase() != after.getStepCase()
          || !before.getHello().equals(after.getHello())
          || !before.getChallenge().getHello().equals(after.getChallenge().getHello())
          || !before.getChallenge().getProof().equals(after.getChallenge().getProof())
          || !before.getProof().equals(after.getProof());
    } catch (InvalidProtocolBufferException e) {
      return true;
    }
  }

  private static List<CommConfig> configs(byte[] secret) {
    return List.of(config(0, secret), config(1, secret));
  }

  private static CommConfig config(int rank, byte[] secret) {
    return CommConfig.builder("fuzz", 3, rank, 2).secret(secret).build();
  }

  @Test
  void strangersDoNotDisturbAGroupAtWork() throws Exception {
    var random = Ranks.random();
    var before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    var secret = new byte[] {1, 2, 3};
    var endpoints =
        List.of(NettyEndpoint.listen(config(0, secret)), NettyEndpoint.listen(config(1, secret)));
    var groups = Ranks.connect(endpoints);
    var stop = new AtomicBoolean();
    var rounds = new AtomicInteger();
    var script = new ArrayList<Collective>();
    for (var i = 0; i < 50; i++) {
      script.add(Collective.random(random, 2, random.nextInt(20_000)));
    }
    var work =
        CompletableFuture.runAsync(
            () -> Ranks.run(groups, (rank, group) -> workOn(group, script, stop, rounds)));
    try {
      for (var i = 0; i < THROUGH_SOCKETS && !work.isDone(); i++) {
        harass(random, endpoints.get(i % 2).address());
      }
    } finally {
      stop.set(true);
      work.join();
      Ranks.close(groups);
    }
    System.out.printf("%d strangers, %d right results meanwhile%n", THROUGH_SOCKETS, rounds.get());
    assertThat(rounds.get()).isPositive();
    // Chunks of an arena are kept; what 64 strangers may leave there is far less than one each.
    var grown = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before;
    assertThat(grown).isLessThanOrEqualTo(64L << 20);
  }

  private static void workOn(
      ProcessGroup group, List<Collective> script, AtomicBoolean stop, AtomicInteger rounds) {
    var last = Ranks.direct(1);
    for (var i = 0; last.get(0) == 0; i++) {
      var running = script.get(i % script.size()).start(group, Ranks::direct);
      running.work().await(WAIT);
      running.check();
      last.put(0, (byte) (group.rank() == 0 && stop.get() ? 1 : 0));
      group.broadcast(last, 0).await(WAIT);
      rounds.incrementAndGet();
    }
  }

  /** One connection of a stranger, who knows everything but the secret. */
  private static void harass(Random random, InetSocketAddress address) throws IOException {
    var config = config(random.nextInt(3) == 0 ? 0 : 1, new byte[] {4});
    var hello = Handshake.newBuilder().setHello(RawPeer.hello(config)).build();
    var frame = Frame.newBuilder().setJob(FrameCodec.jobNumber("fuzz")).setGeneration(3).build();
    var corpus = List.of(hello.toByteArray(), frame.toByteArray());
    var mutator = new Mutator(random, Handshake.getDefaultInstance(), corpus);
    try (var stranger = new RawPeer(config, address)) {
      var polite = random.nextInt(3);
      if (polite == 0) {
        stranger.shakeHands();
      } else if (polite == 1) {
        stranger.sendHello(hello.getHello());
      }
      for (var n = random.nextInt(4); n > 0; n--) {
        stranger.out.write(mutator.mutate(corpus.get(random.nextInt(2))));
      }
      leave(stranger);
    } catch (IOException e) {
      assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  /** Says no more, and waits until the other side has closed. */
  private static void leave(RawPeer peer) throws IOException {
    peer.out.flush();
    peer.socket.shutdownOutput();
    peer.in.transferTo(OutputStream.nullOutputStream());
  }

  @Test
  void aRankThatLiesEndsItsGroup() throws Exception {
    var random = Ranks.random();
    var conversations = conversations(random);
    var mutator = mutator(random, conversations);
    var groups = 0;
    for (var sent = 0; sent < THROUGH_SOCKETS; groups++) {
      var honest = conversations.get(random.nextInt(CONVERSATIONS));
      sent += lie(honest.script(), attack(random, mutator, honest));
    }
    System.out.printf("%d frames of liars in %d groups%n", THROUGH_SOCKETS, groups);
  }

  private static int lie(List<Collective> script, List<byte[]> wire) throws Exception {
    var works = new ArrayList<Work>();
    var sent = 0;
    try (var endpoint = NettyEndpoint.listen(Conversation.config(0));
        var peer = new RawPeer(Conversation.config(1), endpoint.address())) {
      assertThat(peer.shakeHands().getWelcome()).isTrue();
      var addresses = List.of(endpoint.address(), new InetSocketAddress("127.0.0.1", 40112));
      try (var group = endpoint.connect(addresses)) {
        script.forEach(one -> works.add(one.start(group, Ranks::direct).work()));
        try {
          for (var bytes : wire) {
            peer.out.write(bytes);
            sent++;
          }
          leave(peer);
        } catch (IOException e) {
          assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
        }
        for (var work : works) {
          try {
            work.await(WAIT);
          } catch (CommException e) {
            assertThat(expected(e)).as("%s", e).isTrue();
          }
        }
        peer.socket.close();
      }
    }
    return sent;
  }

  @Test
  void whatAFrameAnnouncesIsNotAllocated() {
    var lengths = new int[] {Integer.MAX_VALUE, 1 << 30, 16 << 20, 5 << 20};
    for (var length : lengths) {
      for (var inside : new boolean[] {false, true}) {
        var rank = new Wire(Conversation.config(0)).start();
        var works = new ArrayList<Work>();
        var random = new Random(length);
        start(List.of(Collective.random(random, 2, 100)), rank, works);
        var direct = DIRECT.getMemoryUsed();
        var heap = THREADS.getCurrentThreadAllocatedBytes();
        rank.receive(announcing(length, inside));
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - heap).isLessThan(HEAP_LIMIT);
        assertThat(DIRECT.getMemoryUsed() - direct).isLessThan(DIRECT_LIMIT);
        assertThat(end(works.get(0)))
            .hasMessageContaining(inside ? "payload" : "frame: length must be 1..416 bytes");
        rank.end();
      }
    }
  }

  /** A frame that says it is so long, or a short one that says so of its payload. */
  private static byte[] announcing(int length, boolean inside) {
    var header =
        Frame.newBuilder()
            .setJob(FrameCodec.jobNumber("fuzz"))
            .setGeneration(3)
            .setFrom(1)
            .setKind(Frame.Kind.PART)
            .setSequence(1)
            .build()
            .toByteArray();
    if (!inside) {
      return ByteBuffer.allocate(4 + header.length).putInt(length).put(header).array();
    }
    var message = ByteBuffer.allocate(header.length + 7);
    message.put(header).put((byte) 0x82).put((byte) 1);
    for (var left = length; ; left >>>= 7) {
      if (left < 128) {
        return Mutator.framed(message.put((byte) left).array());
      }
      message.put((byte) (left & 127 | 128));
    }
  }
}
