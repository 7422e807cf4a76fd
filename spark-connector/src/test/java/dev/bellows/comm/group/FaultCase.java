package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TlsConfig;
import dev.bellows.proto.comm.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * One group that runs a random script of collectives while one connection breaks once. Everything
 * but the moment at which things happen follows from the seed.
 *
 * <p>What is asserted of the end:
 *
 * <ul>
 *   <li>Every wait returns. A sum that a rank was told is done is right. The one exception: a
 *       corrupted header without TLS may turn one frame into a valid frame of a later operation or
 *       of another node of the tree. Then results from that operation on count only if no rank
 *       fails.
 *   <li>All failures of one rank name one cause.
 *   <li>Mostly all ranks name the same cause. Where they do not, the fault was found at several
 *       places at once: each cause is a loss or refusal of the broken connection, by either end, or
 *       the end of a deadline. No other connection is ever called lost or refused.
 * </ul>
 *
 * @param line the two ranks of the broken connection; the higher one dials
 * @param wave how many collectives are in flight; the last one, a barrier, is alone
 */
record FaultCase(
    long seed,
    int worldSize,
    int[] line,
    FaultyLine.Framing framing,
    FaultyLine.Plan plan,
    List<Collective> script,
    int wave) {
  /** Far beyond all deadlines: what takes so long hangs. */
  private static final long HANG_MS = 60_000;

  /** The messages of a handshake in one direction. */
  static final int HANDSHAKE_MESSAGES = 2;

  private static final int TEXT = 500;
  private static final Pattern CAUSE =
      Pattern.compile(
          "\\w+: generation \\d+(?:, sequence \\d+)?: rank (\\d) of \\d"
              + " (lost|refused|waited \\d+ ms for) rank (\\d)\\b.*",
          Pattern.DOTALL);

  /** How one rank ended. */
  private record RankEnd(CommException connect, List<CommException> failures, List<Wrong> wrong) {
    boolean failed() {
      return connect != null || !failures.isEmpty();
    }
  }

  /** A wrong result of a sequence number. */
  private record Wrong(int sequence, AssertionError error) {}

  /** What became of it. */
  record Outcome(FaultyLine.Fault fault, boolean struck, boolean failed, int causes) {}

  static FaultCase random(
      long seed, FaultyLine.Fault fault, FaultyLine.Framing framing, int firstMessage, int span) {
    var random = new Random(seed);
    var worldSize = 2 + random.nextInt(3);
    var high = 1 + random.nextInt(worldSize - 1);
    var line = new int[] {random.nextInt(high), high};
    var plan =
        new FaultyLine.Plan(
            fault,
            random.nextBoolean(),
            firstMessage + random.nextInt(span),
            random.nextInt(Integer.MAX_VALUE));
    var script = new ArrayList<Collective>();
    for (var n = 4 + random.nextInt(8); n > 0; n--) {
      script.add(Collective.random(random, worldSize, random.nextInt(6_000)));
    }
    // It begins when all else has ended, so that what is under way by then is still looked at.
    script.add(
        new Collective(
            Collective.What.BARRIER,
            ElementType.FLOAT32,
            ReduceKind.SUM,
            1,
            new int[worldSize + 1],
            0,
            0));
    return new FaultCase(seed, worldSize, line, framing, plan, script, 1 + random.nextInt(4));
  }

  /**
   * Runs it to its end.
   *
   * @param tls for all connections, or null
   */
  Outcome play(TlsConfig tls, Executor threads) throws Exception {
    var endpoints = new ArrayList<NettyEndpoint>();
    for (var rank = 0; rank < worldSize; rank++) {
      endpoints.add(
          NettyEndpoint.listen(
              CommConfig.builder("faults", 3, rank, worldSize)
                  .tls(tls)
                  .segmentBytes(4 << 10)
                  .windowBytes(64 << 10)
                  .sharedBytes(sharedBytes())
                  .connectTimeoutMs(4_000)
                  .handshakeTimeoutMs(1_000)
                  .operationTimeoutMs(2_500)
                  .heartbeatMs(200, 1_200)
                  .build()));
    }
    try (var proxy = new FaultyLine(endpoints.get(line[0]).address(), framing, plan)) {
      var running = new ArrayList<CompletableFuture<RankEnd>>();
      for (var rank = 0; rank < worldSize; rank++) {
        var me = rank;
        running.add(CompletableFuture.supplyAsync(() -> run(me, endpoints, proxy), threads));
      }
      var ends = new ArrayList<RankEnd>();
      for (var rank = 0; rank < worldSize; rank++) {
        ends.add(end(rank, running.get(rank)));
      }
      return judge(proxy, ends);
    }
  }

  /**
   * Half of the cases use shared memory. Its ring is full again and again, but for corrupted
   * headers: one that claims to have read more than is true may have what is there overwritten.
   */
  private int sharedBytes() {
    var ring = plan.fault() == FaultyLine.Fault.CORRUPT ? 4 << 20 : 16 << 10;
    return seed % 2 == 0 ? ring : 0;
  }

  private RankEnd end(int rank, CompletableFuture<RankEnd> running) throws Exception {
    try {
      return running.get(HANG_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(this + ": rank " + rank + " hangs", e);
    }
  }

  private RankEnd run(int rank, List<NettyEndpoint> endpoints, FaultyLine proxy) {
    var addresses = new ArrayList<>(endpoints.stream().map(NettyEndpoint::address).toList());
    if (rank == line[1]) {
      addresses.set(line[0], proxy.address());
    }
    try (var group = endpoints.get(rank).connect(addresses)) {
      return run(group);
    } catch (CommException e) {
      return new RankEnd(e, List.of(), List.of());
    }
  }

  private RankEnd run(ProcessGroup group) {
    var failures = new ArrayList<CommException>();
    var wrong = new ArrayList<Wrong>();
    var last = script.size() - 1;
    for (var first = 0; first <= last && failures.isEmpty(); ) {
      var end = first == last ? script.size() : Math.min(last, first + wave);
      var started = new ArrayList<Collective.Running>();
      for (var one : script.subList(first, end)) {
        started.add(one.start(group, Ranks::direct));
      }
      for (var i = 0; i < started.size(); i++) {
        try {
          started.get(i).work().await(Duration.ofMillis(HANG_MS / 2));
          started.get(i).check();
        } catch (CommException e) {
          failures.add(e);
        } catch (AssertionError e) {
          wrong.add(new Wrong(first + i + 1, e));
        }
      }
      first = end;
    }
    return new RankEnd(null, failures, wrong);
  }

  private Outcome judge(FaultyLine proxy, List<RankEnd> ends) throws IOException {
    var failed = ends.stream().anyMatch(RankEnd::failed);
    var causes = ends.stream().flatMap(e -> e.failures.stream()).map(FaultCase::cause).toList();
    var about = this + ", causes " + causes;
    var trusted = failed ? trusted(proxy) : Integer.MAX_VALUE;
    for (var end : ends) {
      for (var wrong : end.wrong) {
        assertThat(wrong.sequence).as(about + ": " + wrong.error).isGreaterThanOrEqualTo(trusted);
      }
      assertThat(end.failures.stream().map(FaultCase::cause).distinct().count())
          .as(about)
          .isLessThanOrEqualTo(1);
    }
    assertThat(failed || !mustFail(proxy.struck())).as(about + ": must be found").isTrue();
    assertThat(failed && proxy.struck() == null).as(about + ": fails without a fault").isFalse();
    var connected = ends.stream().allMatch(e -> e.connect == null);
    if (connected && inFrames()) {
      judgeCauses(about, causes.stream().distinct().toList(), proxy.sentInstead() != null);
    }
    return new Outcome(
        plan.fault(), proxy.struck() != null, failed, (int) causes.stream().distinct().count());
  }

  private boolean inFrames() {
    return framing == FaultyLine.Framing.FRAMES && plan.message() >= HANDSHAKE_MESSAGES;
  }

  private void judgeCauses(String about, List<String> causes, boolean corrupted) {
    for (var cause : causes) {
      var parts = CAUSE.matcher(cause);
      if (!parts.matches()) {
        // One flipped bit makes a frame an abort, whose text is the payload: all ranks repeat it.
        assertThat(corrupted && causes.size() == 1).as(about).isTrue();
      } else if (!parts.group(2).startsWith("waited")) {
        var named = new int[] {Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(3))};
        Arrays.sort(named);
        assertThat(named).as(about).isEqualTo(line);
      }
    }
  }

  /** The first cause, as every rank should see it. */
  private static String cause(CommException failure) {
    assertThat(failure.category()).isNotEqualTo(CommException.Category.USER);
    var message = failure.getMessage();
    var first = message.startsWith("aborted: ") ? message.substring(9) : message;
    return first.substring(0, Math.min(TEXT, first.length()));
  }

  /** The results before this sequence number are right even though the group failed. */
  private int trusted(FaultyLine proxy) {
    if (framing == FaultyLine.Framing.TLS_RECORDS || proxy.sentInstead() == null) {
      return Integer.MAX_VALUE;
    }
    var before = frame(proxy.struck());
    var after = frame(proxy.sentInstead());
    var first = before == null ? 1 : before.getSequence();
    return (int) (after == null ? first : Math.min(first, Math.max(1, after.getSequence())));
  }

  /** Whether the script cannot end well without the message that the fault met. */
  private boolean mustFail(byte[] struck) {
    var frame = struck == null || !inFrames() ? null : frame(struck);
    if (frame == null) {
      return false;
    }
    var data = frame.getKind() == Frame.Kind.PART || frame.getKind() == Frame.Kind.RESULT;
    var start = frame.getKind() == Frame.Kind.START;
    return switch (plan.fault()) {
      case TRUNCATE, FREEZE -> data || start;
      case DROP -> data || (start && needsStart(frame.getOp()));
      case HALF_CLOSE -> (data || start) && frame.getSequence() < script.size();
      case DUPLICATE -> data; // Before the last barrier, as all data.
      case DELAY, REORDER, CORRUPT -> false;
    };
  }

  /** Not where the root alone has something to say, nor where a result of the peer says it, too. */
  private static boolean needsStart(Frame.Op op) {
    return op != Frame.Op.BROADCAST && op != Frame.Op.ALL_REDUCE;
  }

  private static Frame frame(byte[] message) {
    try {
      return Frame.parseFrom(Arrays.copyOfRange(message, 4, Math.max(4, message.length)));
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return "case "
        + seed
        + " of "
        + worldSize
        + " ranks, line "
        + Arrays.toString(line)
        + ", "
        + plan;
  }
}
