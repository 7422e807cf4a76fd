package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TlsConfig;
import dev.bellows.comm.TreePartial;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may join, and what strangers can read. */
@Timeout(120)
class SecurityTest {
  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir static Path directory;
  private static Certificates ours;
  private static Certificates others;

  @BeforeAll
  static void makeCertificates() throws Exception {
    ours = Certificates.make(directory, "ours");
    others = Certificates.make(directory, "others");
  }

  @AfterEach
  void noThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bellows-comm-r"));
  }

  private static void sumsUp(List<ProcessGroup> groups) {
    try {
      Ranks.run(
          groups,
          (rank, group) -> {
            var data = Ranks.direct(300_000);
            for (var i = 0; i < 75_000; i++) {
              data.putFloat(4 * i, rank + i);
            }
            var partial = new TreePartial(rank, rank + 1, data);
            group.allReduce(groups.size(), List.of(partial), data, ElementType.FLOAT32).await(WAIT);
            assertThat(data.getFloat(4 * 1000)).isEqualTo(3 + 3 * 1000);
          });
    } finally {
      Ranks.close(groups);
    }
  }

  @Test
  void ranksTalkThroughTls() {
    var pem = ours.tls(ours);
    sumsUp(Ranks.netty(3, o -> o.tls(pem).secret(new byte[] {1})));
    var password = Certificates.PASSWORD;
    var store = TlsConfig.keyStore(ours.store(), password, null, ours.store(), password);
    sumsUp(Ranks.netty(3, o -> o.tls(store)));
  }

  @Test
  void strangersReadNothing() throws Exception {
    var plain = seen(o -> o);
    assertThat(indexOf(plain, MARK)).as("the tap works").isGreaterThanOrEqualTo(0);
    var pem = ours.tls(ours);
    var encrypted = seen(o -> o.tls(pem));
    assertThat(encrypted.length).isGreaterThan(MARK.length);
    assertThat(indexOf(encrypted, MARK)).isNegative();
  }

  private static final byte[] MARK = "what only the ranks may know".getBytes();

  private static byte[] seen(UnaryOperator<CommConfig.Builder> options) throws IOException {
    var endpoints = new ArrayList<NettyEndpoint>();
    for (var rank = 0; rank < 2; rank++) {
      endpoints.add(
          NettyEndpoint.listen(
              options.apply(CommConfig.builder("tapped", 0, rank, 2).sharedBytes(0)).build()));
    }
    try (var tap = new TappedLine(endpoints.get(0).address())) {
      var addresses = List.of(tap.address(), endpoints.get(1).address());
      var first = CompletableFuture.supplyAsync(() -> endpoints.get(0).connect(addresses));
      var groups = List.of(endpoints.get(1).connect(addresses), first.join());
      try {
        Ranks.run(
            groups,
            (rank, group) -> {
              var data = Ranks.direct(MARK.length);
              if (group.rank() == 0) {
                data.duplicate().put(MARK);
              }
              group.broadcast(data, 0).await(WAIT);
              assertThat(Ranks.bytes(data)).isEqualTo(MARK);
            });
      } finally {
        Ranks.close(groups);
      }
      return tap.seen();
    }
  }

  private static int indexOf(byte[] in, byte[] what) {
    for (var at = 0; at + what.length <= in.length; at++) {
      if (java.util.Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }

  /** Two ranks that cannot come together; what the connecting one says. */
  private static void refuses(TlsConfig accepting, TlsConfig connecting, String message) {
    var options = CommConfig.builder("refused", 0, 0, 2).tls(accepting).connectTimeoutMs(3_000);
    var second = CommConfig.builder("refused", 0, 1, 2).tls(connecting).connectTimeoutMs(3_000);
    try (var acceptor = NettyEndpoint.listen(options.build());
        var connector = NettyEndpoint.listen(second.build())) {
      assertThatThrownBy(() -> connector.connect(List.of(acceptor.address(), connector.address())))
          .isInstanceOf(CommException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void certificatesMustBeTrustedOnBothSides() {
    var trusting = ours.tls(others);
    refuses(ours.tls(ours), others.tls(ours), "handshake: ");
    refuses(others.tls(others), ours.tls(ours), "TLS must be set up on all ranks or none");
    refuses(trusting, ours.tls(ours), "handshake: ");
  }

  @Test
  void plainAndEncryptedRanksDoNotMix() {
    refuses(ours.tls(ours), null, "connect: ");
    refuses(null, ours.tls(ours), "TLS must be set up on all ranks or none");
  }

  @Test
  void badFilesAreNamed() throws Exception {
    var missing = directory.resolve("missing.pem");
    assertThatThrownBy(() -> TlsConfig.pem(missing, ours.key(), null, ours.certificate(), null))
        .hasMessage("tls: file must be there and readable; got " + missing);
    var broken = Files.writeString(directory.resolve("broken.pem"), "nothing");
    assertThatThrownBy(() -> TlsConfig.pem(broken, ours.key(), null, ours.certificate(), null))
        .isInstanceOf(CommException.class)
        .hasMessageStartingWith("tls: keys and certificates must be whole")
        .hasMessageContaining("broken.pem");
    assertThatThrownBy(() -> TlsConfig.keyStore(ours.store(), "wrong", null, ours.store(), "wrong"))
        .hasMessageContaining("ours.p12");
  }

  @Test
  void withoutASecretARankListensOnOneAddressOnly() {
    for (var host : List.of("0.0.0.0", "::", "")) {
      assertThatThrownBy(() -> CommConfig.builder("open", 0, 0, 2).bindHost(host).build())
          .hasMessage(
              "commConfig: needs a secret, or a bindHost that is one address of this machine; got"
                  + " no secret and bindHost "
                  + host);
    }
    CommConfig.builder("open", 0, 0, 2).bindHost("0.0.0.0").secret(new byte[] {1}).build();
  }

  @Test
  void tooManyStrangersAreClosedAtOnce() throws Exception {
    var sockets = new ArrayList<Socket>();
    try (var endpoint = NettyEndpoint.listen(CommConfig.builder("busy", 0, 0, 2).build())) {
      var address = endpoint.address();
      for (var i = 0; i < 2 + NettyEndpoint.SPARE_STRANGERS; i++) {
        sockets.add(new Socket(address.getHostString(), address.getPort()));
      }
      var late = new Socket(address.getHostString(), address.getPort());
      sockets.add(late);
      late.setSoTimeout(10_000);
      assertThat(late.getInputStream().read()).as("closed").isEqualTo(-1);
      sockets.get(0).close();
      awaitAdmission(address.getHostString(), address.getPort());
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void strangersAreClosedWithTheEndpoint() throws Exception {
    for (var tls : new TlsConfig[] {null, ours.tls(ours)}) {
      var config = CommConfig.builder("closing", 0, 0, 2).tls(tls).build();
      var endpoint = NettyEndpoint.listen(config);
      try (var silent = new RawPeer(config, endpoint.address());
          var refused = new RawPeer(config, endpoint.address())) {
        // This one is answered, so the one before it has been let in.
        refused.send(new byte[100]);
        refused.in.read();
        endpoint.close();
        assertThat(silent.in.read()).as("closed").isEqualTo(-1);
      } finally {
        endpoint.close();
      }
    }
  }

  /** After one has left there is a place again. */
  private static void awaitAdmission(String host, int port) throws IOException {
    for (var attempt = 0; attempt < 100; attempt++) {
      try (var socket = new Socket(host, port)) {
        socket.setSoTimeout(200);
        if (socket.getInputStream().read() == -1) {
          continue;
        }
      } catch (java.net.SocketTimeoutException e) {
        return; // open, and nothing said
      }
    }
    throw new AssertionError("no connection was let in");
  }
}
