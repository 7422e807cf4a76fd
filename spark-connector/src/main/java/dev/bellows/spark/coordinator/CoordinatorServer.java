package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.TlsConfig;
import dev.bellows.comm.admission.Admission;
import dev.bellows.comm.admission.Hellos;
import dev.bellows.comm.admission.Party;
import dev.bellows.comm.admission.Proof;
import dev.bellows.comm.wire.MessageDecoder;
import dev.bellows.comm.wire.MessageEncoder;
import dev.bellows.proto.comm.Hello;
import dev.bellows.proto.coordinator.Admitted;
import dev.bellows.proto.coordinator.Refusal;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.BellowsException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for the workers of one job and hands their messages to its current {@link Generation}.
 * Refuses connections that do not know the job's secret.
 */
public final class CoordinatorServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorServer.class);
  private static final long MOST_TICK_MS = 250;
  private static final long REGISTER_TIMEOUT_MS = 10_000;
  private static final int MAX_STRANGERS = 1024;

  /** The purpose of the keys. */
  static final String PURPOSE = "coordinator";

  /** The longest message between a worker and the driver. */
  static final int MAX_BYTES = 16 << 20;

  private final CoordinatorLoop loop = new CoordinatorLoop("bellows-coordinator");
  private final Channel listener;
  private final CoordinatorAddress address;
  private volatile Generation current;

  /**
   * Starts to listen.
   *
   * @param bindHost address to listen on; empty: all
   * @param advertisedHost what workers connect to
   * @param port 0: any free one
   * @param secret of the job, known to its workers
   * @param tls encryption of the connections; null for none
   * @throws BellowsException ({@code USER}) if the address cannot be bound
   */
  public CoordinatorServer(
      String bindHost, String advertisedHost, int port, byte[] secret, TlsConfig tls) {
    var proof = new Proof(Objects.requireNonNull(secret, "secret"), PURPOSE);
    var admission =
        new Admission(
            "coordinator", proof, tls, REGISTER_TIMEOUT_MS, MAX_STRANGERS, new SecureRandom());
    var bind =
        bindHost.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(bindHost, port);
    var bootstrap =
        new ServerBootstrap()
            .group(loop.group())
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    admission.accept(channel, new Worker());
                  }
                });
    var bound = bootstrap.bind(bind).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdown();
      throw new BellowsException(
          BellowsException.Category.USER,
          message("coordinator: cannot listen on %s: %s", bind, bound.cause().getMessage()),
          bound.cause());
    }
    this.listener = bound.channel();
    this.address =
        new CoordinatorAddress(
            advertisedHost, ((InetSocketAddress) listener.localAddress()).getPort());
    tickAfter(MOST_TICK_MS);
  }

  /** Returns the address that workers connect to. */
  public CoordinatorAddress address() {
    return address;
  }

  /** Admits workers of this generation, and no others, from now on. */
  public void serve(Generation generation) {
    current = generation;
  }

  private void tickAfter(long millis) {
    if (!loop.group().isShuttingDown()) {
      loop.group().schedule(this::tick, millis, TimeUnit.MILLISECONDS);
    }
  }

  private void tick() {
    var generation = current;
    var next = MOST_TICK_MS;
    if (generation != null) {
      try {
        generation.tick();
      } catch (RuntimeException e) {
        LOG.error("coordinator: cannot look at the deadlines", e);
      }
      next = Math.min(next, generation.tickMs());
    }
    tickAfter(next);
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    loop.shutdown();
  }

  /** Handles the connection of one worker. */
  private final class Worker extends SimpleChannelInboundHandler<ToDriver>
      implements Party, Connection {
    private Generation generation;
    private int rank;
    private boolean registered;
    private volatile Channel channel;
    private volatile ChannelFuture lastWrite;
    private String broken = "connection closed";

    @Override
    public Hello.Builder hello() {
      var serving = current;
      return serving == null
          ? Hello.newBuilder()
          : Hello.newBuilder().setJobId(serving.jobId()).setGeneration(serving.number());
    }

    @Override
    public String refusal(Hello mine, Hello peer) {
      generation = current;
      if (generation == null
          || !generation.jobId().equals(peer.getJobId())
          || generation.number() != peer.getGeneration()) {
        return message(
            "job %s, generation %s is not served",
            Hellos.printable(peer.getJobId()), peer.getGeneration());
      }
      return Party.super.refusal(mine, peer);
    }

    @Override
    public void admitted(Channel admitted, Hello peer) {
      channel = admitted;
      channel
          .pipeline()
          .addLast(new MessageDecoder(MAX_BYTES, ToDriver.parser()), new MessageEncoder(), this);
      rank = peer.getRank();
      channel
          .eventLoop()
          .schedule(this::closeUnregistered, REGISTER_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private void closeUnregistered() {
      if (!registered) {
        channel.close();
      }
    }

    @Override
    public void failed(Channel channel, Failure failure, String reason) {
      LOG.info("coordinator: refused {}: {}", channel.remoteAddress(), reason);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ToDriver message) {
      if (registered) {
        generation.received(this, message);
        return;
      }
      var refusal = message.hasRegister() ? register(message.getRegister()) : "register first";
      if (refusal != null) {
        failed(channel, Failure.REFUSED, refusal);
        send(ToWorker.newBuilder().setRefusal(Refusal.newBuilder().setReason(refusal)).build());
        close();
      }
    }

    private String register(Register register) {
      if (register.getRank() != rank) {
        return "register: rank must be that of the hello, " + rank + "; got " + register.getRank();
      }
      var refusal = generation.register(register, this);
      registered = refusal == null;
      if (registered) {
        var admitted = Admitted.newBuilder().setLate(generation.isLate(this));
        send(ToWorker.newBuilder().setAdmitted(admitted).build());
      }
      return refusal;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (registered) {
        generation.disconnected(this, broken);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken = String.valueOf(cause.getMessage());
      LOG.debug("coordinator: connection of {} broke", context.channel().remoteAddress(), cause);
      context.close();
    }

    /** Sends in the order of the calls, whichever threads they are on. */
    @Override
    public void send(ToWorker message) {
      var written = channel.newPromise();
      try {
        channel.eventLoop().execute(() -> channel.writeAndFlush(message, written));
      } catch (RejectedExecutionException e) {
        written.tryFailure(e); // the server was closed
      }
      lastWrite = written;
    }

    @Override
    public void close() {
      var last = lastWrite;
      if (last == null) {
        channel.close();
      } else {
        last.addListener(ChannelFutureListener.CLOSE);
      }
    }
  }
}
