package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TlsConfig;
import dev.bellows.comm.group.FaultyLine.Fault;
import dev.bellows.comm.group.FaultyLine.Framing;
import dev.bellows.comm.group.FaultyLine.Plan;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Groups whose connections break in every way that a network, a proxy or a dying machine can bring
 * about; {@link FaultCase} says what must hold. {@code -Dfault.cases=1000} runs more.
 */
@Timeout(900)
class FaultTest {
  private static final int CASES = Integer.getInteger("fault.cases", 60);
  private static final int AT_ONCE = 8;
  private static final Duration WAIT = Duration.ofSeconds(30);

  @TempDir static Path directory;

  private static Leaks leaks;

  @BeforeAll
  static void paranoid() {
    leaks = new Leaks();
  }

  @AfterAll
  static void nothingLeaks() {
    var found = leaks.found();
    leaks.close();
    assertThat(found).isEmpty();
  }

  @AfterEach
  void noThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bellows-comm-r") || name.equals("faulty-line"));
  }

  private static void play(List<FaultCase> cases, TlsConfig tls) {
    ExecutorService players = Executors.newFixedThreadPool(AT_ONCE);
    ExecutorService ranks = Executors.newCachedThreadPool();
    try {
      var playing =
          cases.stream()
              .map(one -> CompletableFuture.supplyAsync(() -> play(one, tls, ranks), players))
              .toList();
      var outcomes = playing.stream().map(CompletableFuture::join).toList();
      for (var fault : Fault.values()) {
        var of = outcomes.stream().filter(o -> o.fault() == fault).toList();
        System.out.printf(
            "%s: %d cases, %d met, %d failed, %d with several causes%n",
            fault,
            of.size(),
            of.stream().filter(FaultCase.Outcome::struck).count(),
            of.stream().filter(FaultCase.Outcome::failed).count(),
            of.stream().filter(o -> o.causes() > 1).count());
      }
      assertThat(outcomes).as("faults that were met").anyMatch(FaultCase.Outcome::struck);
    } finally {
      players.shutdown();
      ranks.shutdown();
    }
  }

  private static FaultCase.Outcome play(FaultCase one, TlsConfig tls, ExecutorService ranks) {
    try {
      return one.play(tls, ranks);
    } catch (Exception e) {
      throw new CompletionException(one.toString(), e);
    }
  }

  private static List<FaultCase> cases(int count, Framing framing, int firstMessage, int span) {
    var random = Ranks.random();
    var cases = new ArrayList<FaultCase>();
    for (var i = 0; i < count; i++) {
      var fault = Fault.values()[i % Fault.values().length];
      cases.add(FaultCase.random(random.nextLong(), fault, framing, firstMessage, span));
    }
    return cases;
  }

  @Test
  void aFaultBetweenFramesOrInsideEndsInARightResultOrOneCause() {
    play(cases(CASES * 2 / 3, Framing.FRAMES, FaultCase.HANDSHAKE_MESSAGES, 16), null);
  }

  @Test
  void aFaultOfTheHandshakeIsOvercomeOrEndsConnecting() {
    play(cases(CASES / 6, Framing.FRAMES, 0, FaultCase.HANDSHAKE_MESSAGES), null);
  }

  @Test
  void aFaultBelowTlsEndsInARightResultOrAnError() throws Exception {
    play(cases(CASES / 6, Framing.TLS_RECORDS, 0, 16), tls());
  }

  private static TlsConfig tls() throws Exception {
    return Certificates.make(Files.createTempDirectory(directory, "keys"), "faults").tls();
  }

  /** A connected group of which the last rank reaches rank 0 through the line. */
  private static List<ProcessGroup> open(
      List<NettyEndpoint> endpoints, List<InetSocketAddress> addresses, FaultyLine line) {
    var dialed = new ArrayList<>(addresses);
    dialed.set(0, line.address());
    var last = endpoints.get(endpoints.size() - 1);
    return endpoints.stream()
        .map(
            endpoint ->
                CompletableFuture.supplyAsync(
                    () -> endpoint.connect(endpoint == last ? dialed : addresses)))
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }

  private static List<NettyEndpoint> listen(
      int worldSize, UnaryOperator<CommConfig.Builder> options) {
    var endpoints = new ArrayList<NettyEndpoint>();
    for (var rank = 0; rank < worldSize; rank++) {
      var config = options.apply(CommConfig.builder("faulty", 3, rank, worldSize));
      endpoints.add(NettyEndpoint.listen(config.build()));
    }
    return endpoints;
  }

  @Test
  void withTlsAChangedByteOfThePayloadIsAnError() throws Exception {
    var tls = tls();
    var random = Ranks.random();
    for (var round = 0; round < 8; round++) {
      var endpoints = listen(2, o -> o.tls(tls).sharedBytes(0).operationTimeoutMs(2_500));
      var addresses = endpoints.stream().map(NettyEndpoint::address).toList();
      // 1 MiB takes at least 64 records.
      var at = 16 + random.nextInt(40);
      var plan = new Plan(Fault.CORRUPT, false, at, random.nextInt(Integer.MAX_VALUE));
      try (var line = new FaultyLine(addresses.get(0), Framing.TLS_RECORDS, plan)) {
        var groups = open(endpoints, addresses, line);
        try {
          Ranks.run(groups, (rank, group) -> receiveMuch(group));
        } finally {
          Ranks.close(groups);
        }
        assertThat(line.struck()).isNotNull();
      }
    }
  }

  /** Rank 1 may find the changed byte even before it starts to wait. */
  private static void receiveMuch(ProcessGroup group) {
    var work = group.broadcast(Ranks.direct(1 << 20), 0);
    if (group.rank() == 1) {
      assertThatThrownBy(() -> work.await(WAIT))
          .isInstanceOf(CommException.class)
          .hasMessageMatching(
              "(?s)(broadcast: generation 3, sequence 1|aborted: connection: generation 3): rank 1"
                  + " of 2 (refused|lost|waited \\d+ ms for) rank 0 .*");
    }
  }

  @Test
  void aFrozenConnectionIsFoundByItsSilence() throws Exception {
    var endpoints = listen(3, o -> o.heartbeatMs(100, 600));
    var addresses = endpoints.stream().map(NettyEndpoint::address).toList();
    var plan = new Plan(Fault.FREEZE, false, FaultCase.HANDSHAKE_MESSAGES + 2, 0);
    try (var line = new FaultyLine(addresses.get(0), Framing.FRAMES, plan)) {
      var groups = open(endpoints, addresses, line);
      try {
        Ranks.run(groups, (rank, group) -> meetOften(group));
      } finally {
        Ranks.close(groups);
      }
    }
  }

  private static void meetOften(ProcessGroup group) {
    assertThatThrownBy(
            () -> {
              for (var i = 0; i < 20; i++) {
                group.barrier().await(WAIT);
              }
            })
        .isInstanceOf(CommException.class)
        .hasMessageMatching(
            "(aborted: )?barrier: generation 3, sequence \\d+: rank"
                + " (0 of 3 lost rank 2|2 of 3 lost rank 0)"
                + " \\(127.0.0.1:\\d+\\): nothing came for \\d+ ms")
        .extracting(e -> ((CommException) e).category())
        .isEqualTo(CommException.Category.RETRYABLE);
  }
}
