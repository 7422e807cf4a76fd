package dev.bellows.comm.group;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.admission.Admission;
import dev.bellows.comm.admission.Party;
import dev.bellows.comm.admission.Proof;
import dev.bellows.comm.transport.NettyTransport;
import dev.bellows.comm.transport.Polling;
import dev.bellows.comm.transport.Threads;
import dev.bellows.comm.wire.ReadBuffers;
import dev.bellows.proto.comm.Hello;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects one rank to the others. It listens first; when the addresses of all ranks are known,
 * rank i connects to every j &lt; i. The listening socket stays open until the group is closed, so
 * that strangers and ranks of older generations receive the reason of their refusal.
 *
 * <p>One daemon thread, named {@code bellows-comm-…}, serves all connections, by epoll where it is
 * available, else by NIO.
 */
public final class NettyEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NettyEndpoint.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  static final int SPARE_STRANGERS = 64;
  private static final long RETRY_MS = 50;
  private static final long TERMINATE_MS = 5_000;
  private static final long LINGER_MS = 1_000;

  private final CommConfig config;
  private final MultiThreadIoEventLoopGroup threads;
  private final NettyTransport transport;
  private final AtomicBoolean terminating = new AtomicBoolean();
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private volatile Thread thread;
  private Channel server;

  // Confined to the event thread.
  private String lastFailure = "";
  private final Admission admission;

  private NettyEndpoint(CommConfig config) {
    this.config = config;
    var factory =
        new DefaultThreadFactory("bellows-comm-r" + config.rank(), true) {
          @Override
          protected Thread newThread(Runnable task, String name) {
            thread = super.newThread(task, name);
            return thread;
          }
        };
    var polling = new Polling();
    var handler =
        Epoll.isAvailable()
            ? EpollIoHandler.newFactory(0, () -> polling)
            : NioIoHandler.newFactory(SelectorProvider.provider(), () -> polling);
    this.threads = new MultiThreadIoEventLoopGroup(1, factory, handler);
    this.admission =
        new Admission(
            "rank " + config.rank(),
            new Proof(config.secret(), RankParty.PURPOSE),
            config.tls(),
            config.handshakeTimeoutMs(),
            config.worldSize() + SPARE_STRANGERS,
            new SecureRandom());
    this.transport = new NettyTransport(config, threads.next(), polling, this::terminate);
  }

  /**
   * Opens the listening socket of this rank.
   *
   * @throws CommException ({@code RETRYABLE}) if no port of the range is free
   */
  public static NettyEndpoint listen(CommConfig config) {
    if (config.secret() == null && WARNED.compareAndSet(false, true)) {
      LOG.warn(
          "no secret: whoever reaches {} may join the group of job {}",
          config.bindHost(),
          config.jobId());
    }
    var endpoint = new NettyEndpoint(config);
    try {
      endpoint.bind();
      return endpoint;
    } catch (RuntimeException e) {
      endpoint.terminate();
      throw e;
    }
  }

  private void bind() {
    var bootstrap =
        new ServerBootstrap()
            .group(threads)
            .channel(serverType())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childHandler(initializer(rank -> rank > config.rank(), null));
    bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
    bootstrap.childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    bootstrap.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, NettyTransport.waterMark());
    ChannelFuture last = null;
    for (var port = config.firstPort(); port <= config.lastPort(); port++) {
      last = bootstrap.bind(config.bindHost(), port).awaitUninterruptibly();
      if (last.isSuccess()) {
        server = last.channel();
        return;
      }
    }
    throw new CommException(
        CommException.Category.RETRYABLE,
        message(
            "listen: a port of %s:%s..%s must be free; got %s",
            config.bindHost(), config.firstPort(), config.lastPort(), last.cause()),
        last.cause());
  }

  private static Class<? extends ServerChannel> serverType() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** Returns the address that the other ranks connect to. */
  public InetSocketAddress address() {
    var port = ((InetSocketAddress) server.localAddress()).getPort();
    return InetSocketAddress.createUnresolved(config.advertisedHost(), port);
  }

  /**
   * Connects with all other ranks and gives their group, whose {@link ProcessGroup#close} closes
   * this endpoint, too. If it fails, the endpoint is closed.
   *
   * @param peers the addresses of all ranks, by rank; the own one is not used
   * @throws CommException ({@code RETRYABLE}) if not all ranks are there within the connect
   *     timeout, ({@code FATAL}) if a rank refuses this one, ({@code USER}) if the list is not one
   *     per rank
   */
  public ProcessGroup connect(List<InetSocketAddress> peers) {
    if (peers.size() != config.worldSize()) {
      throw CommException.user(
          message(
              "connect: needs one address per rank, %s; got %s", config.worldSize(), peers.size()));
    }
    transport.addresses(peers);
    transport.execute(() -> begin(peers));
    try {
      connected.get(config.connectTimeoutMs(), TimeUnit.MILLISECONDS);
      return Group.start(transport, GroupOptions.of(config));
    } catch (RejectedExecutionException e) {
      throw CommException.retryable("connect: the endpoint was closed");
    } catch (TimeoutException e) {
      var failure = new CompletableFuture<CommException>();
      transport.execute(() -> failure.complete(missing()));
      close();
      throw failure.join();
    } catch (ExecutionException e) {
      close();
      throw (CommException) e.getCause();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw CommException.retryable("connect: rank " + config.rank() + " was interrupted");
    }
  }

  private void begin(List<InetSocketAddress> peers) {
    for (var peer = 0; peer < config.rank(); peer++) {
      dial(peer, peers.get(peer));
    }
    check();
  }

  private void dial(int peer, InetSocketAddress address) {
    if (terminating.get() || connected.isDone()) {
      return;
    }
    var bootstrap =
        new Bootstrap()
            .group(threads)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, NettyTransport.waterMark())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) config.connectTimeoutMs())
            .handler(initializer(rank -> rank == peer, () -> redial(peer, address)));
    bootstrap
        .connect(address.getHostString(), address.getPort())
        .addListener(
            (ChannelFuture done) -> {
              if (!done.isSuccess()) {
                lastFailure = "; last: " + done.cause().getMessage();
                redial(peer, address);
              }
            });
  }

  private void redial(int peer, InetSocketAddress address) {
    transport.schedule(() -> dial(peer, address), RETRY_MS);
  }

  /**
   * @param retry opens the connection again; null if the other side has opened it
   */
  private ChannelInitializer<SocketChannel> initializer(IntPredicate expected, Runnable retry) {
    IntPredicate free =
        rank -> expected.test(rank) && rank < config.worldSize() && !transport.connected(rank);
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        if (config.tls() == null) {
          channel.config().setRecvByteBufAllocator(new ReadBuffers());
        }
        if (retry == null) {
          admission.accept(channel, party(free, null));
        } else {
          admission.connect(channel, party(free, retry));
        }
      }
    };
  }

  private Party party(IntPredicate free, Runnable retry) {
    return new RankParty(config, free) {
      @Override
      public void admitted(Channel channel, Hello peer) {
        transport.add(peer.getRank(), channel);
        check();
      }

      @Override
      public void failed(Channel channel, Failure failure, String reason) {
        var remote = channel.remoteAddress();
        if (retry == null) {
          LOG.warn("rank {} refused {}: {}", config.rank(), remote, reason);
        } else if (failure != Failure.BROKEN) {
          connected.completeExceptionally(
              CommException.fatal(
                  message("connect: rank %s and %s: %s", config.rank(), remote, reason)));
        } else {
          lastFailure = "; last: " + reason;
          retry.run();
        }
      }
    };
  }

  private void check() {
    for (var peer = 0; peer < config.worldSize(); peer++) {
      if (peer != config.rank() && !transport.connected(peer)) {
        return;
      }
    }
    connected.complete(null);
  }

  private CommException missing() {
    var missing = new ArrayList<String>();
    for (var peer = 0; peer < config.worldSize(); peer++) {
      if (peer != config.rank() && !transport.connected(peer)) {
        missing.add(transport.describe(peer));
      }
    }
    return CommException.retryable(
        message(
            "connect: generation %s: rank %s of %s waited %s ms for %s%s",
            config.generation(),
            config.rank(),
            config.worldSize(),
            config.connectTimeoutMs(),
            String.join(", ", missing),
            lastFailure));
  }

  /** Closes the endpoint; after {@link #connect} the group does it. */
  @Override
  public void close() {
    connected.completeExceptionally(CommException.retryable("connect: the endpoint was closed"));
    terminate();
  }

  /** Waits for the connections to end, within limits, and ends the thread. */
  private void terminate() {
    if (terminating.compareAndSet(false, true)) {
      threads.next().execute(this::end);
    }
    if (!transport.inLoop()) {
      // Not the termination future, which is done shortly before the thread is.
      Threads.awaitEnd(thread, TERMINATE_MS);
    }
  }

  private void end() {
    if (server != null) {
      server.close();
    }
    admission.close(); // The event loop may end without closing connections that it still has.
    transport.whenClosed(LINGER_MS, () -> threads.shutdownGracefully(0, 1, TimeUnit.SECONDS));
  }
}
